import assert from 'node:assert/strict';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { assertDocumented } from './documented.ts';
import { type Frame, openSocket } from './event-sockets.ts';
import { liveClient } from './live-client.ts';
import type { SuiteCloud } from './suite-cloud.ts';

interface Told {
  readonly seq: string;
  readonly type: string;
  readonly n?: number;
}

const shown = ({ id, event, data: { n } }: Frame): Told => ({
  seq: id,
  type: event,
  ...(n === undefined ? {} : { n: n as number }),
});

/** What happens in a live session, for those who come early, are cut, or come late. */
export function liveEvents(suite: () => SuiteCloud): void {
  const { open, passes, send, close } = liveClient(suite, () => 'http://127.0.0.1:9');

  const follow = async (id: string, after?: string) => {
    const { cloud } = suite();
    const path = `/v1/sessions/${id}/events`;
    const headers = { 'x-api-key': cloud.apiKey, ...(after === undefined ? {} : { 'last-event-id': after }) };
    const answer = await fetch(cloud.origin + path, { headers });
    assertDocumented('GET', path, { status: answer.status, headers: answer.headers, body: '' });
    return answer;
  };
  /** Reads until it ends, or until an event is of a command. */
  const read = async (answer: Response, until = Number.POSITIVE_INFINITY): Promise<Told[]> => {
    const all: Told[] = [];
    for await (const { id, type, data } of readServerSentEvents(answer.body ?? new ReadableStream())) {
      const told = shown({ id, event: type, data: JSON.parse(data) as Frame['data'] });
      all.push(told);
      if (told.n === until) break;
    }
    return all;
  };

  it('are told from before the first command to the end, to each in the same order and once', async () => {
    const id = await open();
    const { cloud } = suite();
    const url = `${cloud.origin}/v1/sessions/${id}/events`;
    const key = { headers: { 'x-api-key': cloud.apiKey } };
    const early = read(await follow(id));
    const earlyBySocket = await openSocket(url, key);
    await passes(id, { command: 'misc.comment', text: 'One' });
    const cut = await read(await follow(id), 1);
    const cutSocket = await (await openSocket(url, key, ({ data }) => data.n === 1)).heard;
    await send(id, { command: 'control.fail', message: 'No' });
    await passes(id, { command: 'misc.comment', text: 'Three' });
    const rest = read(await follow(id, cut.at(-1)?.seq));
    const restBySocket = await openSocket(`${url}?lastEventId=${cutSocket.frames.at(-1)?.id}`, key);
    await close(id);
    const whole = await early;
    assert.deepEqual(
      whole.map(({ type, n }) => [type, n]),
      [
        ['session.opened', undefined],
        ['command.executed', 1],
        ['command.failed', 2],
        ['command.executed', 3],
        ['session.closed', undefined],
      ],
    );
    assert.deepEqual([...cut, ...(await rest)], whole);
    assert.deepEqual(await read(await follow(id)), whole);
    assert.equal((await follow(id, whole.at(-1)?.seq)).status, 204);

    const bySocket = await earlyBySocket.heard;
    assert.deepEqual([bySocket.frames.map(shown), bySocket.code], [whole, 1000]);
    const after = await restBySocket.heard;
    assert.deepEqual([[...cutSocket.frames, ...after.frames], after.code], [bySocket.frames, 1000]);
  });
}
