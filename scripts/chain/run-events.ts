import assert from 'node:assert/strict';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { assertDocumented } from './documented.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';

interface Told {
  readonly seq: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** The events of a run, for those who come early, late, or twice. */
export function runEvents(suite: () => SuiteCloud): void {
  let pages: PageServer;
  let letGo: () => void;
  before(async () => {
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    pages = await startPages({
      '/held': (_visit, response) => {
        void held.then(() => response.setHeader('content-type', 'text/html').end(pageOf('<p>Ready</p>')));
        return undefined;
      },
      '/quick': () => pageOf('<p>Ready</p>'),
    });
  });
  after(async () => {
    letGo();
    await pages?.close();
  });

  const open = async (id: string, after?: string) => {
    const { cloud } = suite();
    const path = `/v1/runs/${id}/events`;
    const headers = { 'x-api-key': cloud.apiKey, ...(after === undefined ? {} : { 'last-event-id': after }) };
    const answer = await fetch(cloud.origin + path, { headers });
    const body = answer.ok ? '' : await answer.clone().json();
    assertDocumented('GET', path, { status: answer.status, headers: answer.headers, body });
    return answer;
  };
  /** Reads until it ends, or until an event fits. */
  const read = async (answer: Response, fits: (told: Told) => boolean = () => false): Promise<Told[]> => {
    const all: Told[] = [];
    for await (const { id, type, data } of readServerSentEvents(answer.body ?? new ReadableStream())) {
      all.push({ seq: id, type, data: JSON.parse(data) as Record<string, unknown> });
      if (fits(all.at(-1) as Told)) break;
    }
    return all;
  };

  it('are the same for who came before the start, who was cut and came again, and who came late', async () => {
    const { upload, start, cloud, google } = suite();
    const source = (page: string) => `
test: At ${page}
do:
  - nav: /${page}
  - ch: Ready
  - note: Seen
`;
    const tests = await Promise.all(['held', 'quick'].map((page) => upload(`events-${page}.yaml`, source(page))));
    const { id } = await start(tests, { baseUrl: pages.origin });
    const early = await open(id);
    assert.equal(early.headers.get('content-type'), 'text/event-stream');
    const fromStart = read(early);
    const beforeCut = await read(await open(id), ({ type }) => type === 'session.started');
    letGo();
    const afterCut = await read(await open(id, beforeCut.at(-1)?.seq));
    const whole = await fromStart;
    assert.deepEqual([...beforeCut, ...afterCut], whole);
    assert.deepEqual(await read(await open(id)), whole);
    await cloud.settle();
    assert.deepEqual(await read(await open(id)), whole);

    const types = whole.map(({ type }) => type);
    const count = (type: string) => types.filter((one) => one === type).length;
    assert.deepEqual(
      ['run.created', 'run.started', 'session.started', 'session.completed', 'run.completed', 'report.ready'].map(
        count,
      ),
      [1, 1, 2, 2, 1, 1],
    );
    assert.equal(types.at(-1), 'report.ready');
    assert.ok(count('command.executed') > 0 && count('checkpoint.completed') > 0);
    assert.equal(new Set(whole.map(({ data }) => data.id)).size, whole.length, 'each once');
    const seqs = whole.map(({ seq }) => seq);
    assert.deepEqual(seqs, [...seqs].sort());
    assert.ok(whole.every(({ data }) => !JSON.stringify(data).includes('user_id')));

    const log = await google.firestore.collection(`runs/${id}/log`).get();
    assert.ok(log.size < whole.length, 'several events a document');
    assert.equal((await open(id, seqs.at(-1))).status, 204, 'there is no more to come for');
  });

  it('begin at once for a run that was cancelled, and tell of its end', async () => {
    const { call, upload, start } = suite();
    const { id } = await start([await upload('events-never.yaml', 'test: Never\ndo:\n  - wait: 60000\n')]);
    const told = read(await open(id));
    await call('POST', `/v1/runs/${id}/cancel`);
    const types = (await told).map(({ type }) => type);
    assert.deepEqual(types.slice(-1), ['report.ready']);
    assert.ok(types.includes('run.cancelled'));
  });

  it('are refused to others, and from a place that is none', async () => {
    const { start, upload, ended } = suite();
    assert.equal((await open('run_0')).status, 404);
    const { id } = await start([await upload('events-note.yaml', 'test: Note\ndo:\n  - note: done\n')]);
    assert.equal((await open(id, 'yesterday')).status, 400);
    await ended(id);
  });
}
