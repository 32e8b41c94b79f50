import assert from 'node:assert/strict';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts';

async function read(...chunks: (string | Uint8Array)[]): Promise<ServerSentEvent[]> {
  async function* stream() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  }
  const events: ServerSentEvent[] = [];
  for await (const event of readServerSentEvents(stream())) events.push(event);
  return events;
}

describe('server-sent events', () => {
  it('are read with their type, their id, and all lines of their data', async () => {
    assert.deepEqual(await read('id: 7\nevent: run.started\ndata: {"a":\ndata: 1}\n\n'), [
      { id: '7', type: 'run.started', data: '{"a":\n1}' },
    ]);
  });

  it('are the same however they are cut, within a line, its end or a character', async () => {
    const bytes = Buffer.from('id: 1\r\ndata: schön\r\n\r\nid: 2\r\ndata: 2\r\n\r\n');
    const expected = await read(bytes);
    assert.deepEqual(
      expected.map(({ data }) => data),
      ['schön', '2'],
    );
    for (let at = 1; at < bytes.length; at++) {
      assert.deepEqual(await read(bytes.subarray(0, at), bytes.subarray(at)), expected, `cut at ${at}`);
    }
  });

  it('keep the last id, and are messages where nothing else is said', async () => {
    assert.deepEqual(await read('id: 1\ndata: a\n\ndata: b\n\n'), [
      { id: '1', type: 'message', data: 'a' },
      { id: '1', type: 'message', data: 'b' },
    ]);
  });

  it('are neither comments, nor retry times, nor what has no data, nor what broke off', async () => {
    assert.deepEqual(await read(': still here\n\nretry: 1000\n\nevent: a\n\ndata: half\n'), []);
  });
});
