import assert from 'node:assert/strict';
import sinon from 'sinon';
import { eventStream } from './event-stream.ts';
import type { End, EventSource, StreamedEvent } from './follow-events.ts';

describe('a stream of server-sent events', () => {
  function bench(options: { heartbeatMs?: number; longestMs?: number } = {}) {
    const stopper = new AbortController();
    const stop = sinon.stub();
    let send: (events: readonly StreamedEvent[]) => void = () => {};
    let end: (why: End) => void = () => {};
    const source: EventSource = {
      start(given, ends) {
        send = given;
        end = ends;
        return stop;
      },
    };
    const stream = eventStream(source, { stopping: stopper.signal, ...options });
    const reader = stream.getReader();
    const next = async () => {
      const { value, done } = await reader.read();
      return done ? undefined : Buffer.from(value).toString('utf8');
    };
    return { stopper, stop, reader, next, send: (...events: StreamedEvent[]) => send(events), end: () => end('told') };
  }

  it('opens before there is an event, with how soon to come again', async () => {
    const { next, end } = bench();
    assert.equal(await next(), 'retry: 1000\n\n');
    end();
  });

  it('has the events in their form, on a line each, and ends with the source', async () => {
    const { next, send, end, stop } = bench();
    await next();
    send({ id: '1', type: 'a', data: { text: 'two\nlines' } }, { id: '2', type: 'b', data: 2 });
    end();
    assert.equal(await next(), 'id: 1\nevent: a\ndata: {"text":"two\\nlines"}\n\nid: 2\nevent: b\ndata: 2\n\n');
    assert.equal(await next(), undefined);
    assert.equal(stop.callCount, 1);
  });

  it('says something where there is nothing to say', async () => {
    const { next, end } = bench({ heartbeatMs: 1 });
    await next();
    assert.match(String(await next()), /^:/);
    end();
  });

  it('ends when its time is over, and when the instance is to stop', async () => {
    const short = bench({ longestMs: 1 });
    await short.next();
    assert.equal(await short.next(), undefined);
    const stopped = bench();
    await stopped.next();
    stopped.stopper.abort();
    assert.equal(await stopped.next(), undefined);
    assert.deepEqual([short.stop.callCount, stopped.stop.callCount], [1, 1]);
  });

  it('stops its source when nobody listens any more, and takes nothing more of it', async () => {
    const { reader, next, send, end, stop } = bench();
    await next();
    await reader.cancel();
    assert.equal(stop.callCount, 1);
    send({ id: '1', type: 'a', data: 1 });
    end();
  });

  it('stops a source that ends as it starts', async () => {
    const stop = sinon.stub();
    const source: EventSource = {
      start(_send, end) {
        end('told');
        return stop;
      },
    };
    await new Response(eventStream(source, { stopping: new AbortController().signal })).text();
    assert.equal(stop.callCount, 1);
  });
});
