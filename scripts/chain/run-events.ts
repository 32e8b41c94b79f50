import assert from 'node:assert/strict';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { until } from '../local/plumbing/receiver.ts';
import { assertDocumented } from './documented.ts';
import { openSocket, refusedSocket } from './event-sockets.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

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
    const url = `${cloud.origin}/v1/runs/${id}/events`;
    const key = { headers: { 'x-api-key': cloud.apiKey } };
    const early = await open(id);
    const fromStartBySocket = await openSocket(url, { protocols: ['bearer', cloud.apiKey] });
    assert.equal(early.headers.get('content-type'), 'text/event-stream');
    const fromStart = read(early);
    const beforeCut = await read(await open(id), ({ type }) => type === 'session.started');
    const cutSocket = await (await openSocket(url, key, ({ event }) => event === 'session.started')).heard;
    letGo();
    const afterCut = await read(await open(id, beforeCut.at(-1)?.seq));
    const after = cutSocket.frames.at(-1)?.id;
    const againByQuery = await openSocket(`${url}?lastEventId=${after}`, key);
    const againByHeader = await openSocket(url, { headers: { ...key.headers, 'last-event-id': after ?? '' } });
    const whole = await fromStart;
    assert.deepEqual([...beforeCut, ...afterCut], whole);

    const frames = whole.map(({ seq, type, data }) => ({ id: seq, event: type, data }));
    assert.deepEqual(await fromStartBySocket.heard, { frames, code: 1000 });
    for (const again of [againByQuery, againByHeader]) {
      const rest = await again.heard;
      assert.deepEqual([[...cutSocket.frames, ...rest.frames], rest.code], [frames, 1000]);
    }
    assert.deepEqual(await (await openSocket(url, key)).heard, { frames, code: 1000 }, 'late');
    const nothing = await openSocket(`${url}?lastEventId=${frames.at(-1)?.id}`, key);
    assert.deepEqual(await nothing.heard, { frames: [], code: 1000 });
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

  it('begin at once for a run that was cancelled, and tell of its end; a WebSocket goes on at another instance', async () => {
    const { call, upload, start, cloud } = suite();
    const { id } = await start([await upload('events-never.yaml', 'test: Never\ndo:\n  - wait: 60000\n')]);
    const url = `${cloud.origin}/v1/runs/${id}/events`;
    const key = { headers: { 'x-api-key': cloud.apiKey } };
    const bySocket = await openSocket(url, key);
    const serving = () => cloud.instances().filter((one) => one.function === 'runs' && one.active > 0);
    const { pid } = only(serving());
    assert.ok(cloud.killInstance('runs', 'SIGTERM'));
    const cut = await bySocket.heard;
    assert.equal(cut.code, 1012, 'come again');
    await until(() => cloud.instances().every((one) => one.pid !== pid));
    const again = await openSocket(`${url}?lastEventId=${cut.frames.at(-1)?.id ?? ''}`, key);
    const told = read(await open(id));
    await call('POST', `/v1/runs/${id}/cancel`);
    const whole = await told;
    const types = whole.map(({ type }) => type);
    assert.deepEqual(types.slice(-1), ['report.ready']);
    assert.ok(types.includes('run.cancelled'));
    const rest = await again.heard;
    assert.equal(rest.code, 1000);
    assert.deepEqual(
      [...cut.frames, ...rest.frames].map((frame) => frame.id),
      whole.map(({ seq }) => seq),
    );
  });

  it('are refused to others, and from a place that is none, through a WebSocket as well', async () => {
    const { start, upload, ended, cloud, call } = suite();
    assert.equal((await open('run_0')).status, 404);
    const { id } = await start([await upload('events-note.yaml', 'test: Note\ndo:\n  - note: done\n')]);
    assert.equal((await open(id, 'yesterday')).status, 400);

    const url = `${cloud.origin}/v1/runs/${id}/events`;
    const refused = async (at: string, headers: Record<string, string>) =>
      (await refusedSocket(at, { headers })).status;
    const key = { 'x-api-key': cloud.apiKey };
    const { body } = await call('POST', '/v1/api-keys', { name: 'no events', scopes: ['tests:read'] });
    assert.equal(await refused(url, {}), 401);
    assert.equal(await refused(url, { 'x-api-key': (body as { key: string }).key }), 403);
    assert.equal(await refused(url, { ...key, origin: 'https://elsewhere.example' }), 403);
    assert.equal(await refused(`${cloud.origin}/v1/runs/run_0/events`, key), 404);
    assert.equal(await refused(`${url}?lastEventId=yesterday`, key), 400);
    assert.equal((await refusedSocket(url, { protocols: ['bearer', 'vrt_nobody'] })).status, 401);
    await ended(id);
  });
}
