import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import sinon from 'sinon';
import { type EventSocket, sendEvents } from './event-socket.ts';
import type { End, StreamedEvent } from './follow-events.ts';

describe('events through a WebSocket', () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers();
  });
  afterEach(() => clock.restore());

  function bench() {
    const stopper = new AbortController();
    const stop = sinon.stub();
    let send: (events: readonly StreamedEvent[]) => void = () => {};
    let end: (why: End) => void = () => {};
    const emitter = new EventEmitter();
    const socket = Object.assign(emitter, {
      bufferedAmount: 0,
      send: sinon.stub(),
      ping: sinon.stub(),
      close: sinon.stub(),
      terminate: sinon.stub(),
    });
    const source = {
      start(given: typeof send, ends: typeof end) {
        [send, end] = [given, ends];
        return stop;
      },
    };
    sendEvents(socket as unknown as EventSocket, source, { stopping: stopper.signal });
    return { socket, stop, stopper, send: (...events: StreamedEvent[]) => send(events), end: (why: End) => end(why) };
  }
  const codesOf = ({ close }: ReturnType<typeof bench>['socket']) => close.args.map(([code]) => code);

  it('are a text of JSON each, and a normal end after the last', () => {
    const { socket, send, end, stop } = bench();
    send({ id: '1', type: 'a', data: { text: 'two\nlines' } }, { id: '2', type: 'b', data: 2 });
    end('told');
    assert.deepEqual(
      socket.send.args.map(([text]) => JSON.parse(text)),
      [
        { id: '1', event: 'a', data: { text: 'two\nlines' } },
        { id: '2', event: 'b', data: 2 },
      ],
    );
    assert.deepEqual([codesOf(socket), stop.callCount], [[1000], 1]);
  });

  it('end otherwise when the client is to come again: the source is lost, the time is over, the instance stops', () => {
    const [lost, long, stopped] = [bench(), bench(), bench()];
    lost.end('later');
    stopped.stopper.abort();
    clock.tick(100_000);
    for (const { socket, stop } of [lost, long, stopped]) {
      assert.deepEqual([codesOf(socket), stop.callCount], [[1012], 1]);
    }
  });

  it('are accompanied by pings; who does not answer one is gone', () => {
    const { socket } = bench();
    clock.tick(15_000);
    socket.emit('pong');
    clock.tick(15_000);
    assert.deepEqual([socket.ping.callCount, socket.terminate.callCount], [2, 0]);
    clock.tick(15_000);
    assert.deepEqual([socket.ping.callCount, socket.terminate.callCount], [2, 1]);
  });

  it('are given up for one who takes less than there is', () => {
    const { socket, send, stop } = bench();
    socket.bufferedAmount = 5_000_000;
    send({ id: '1', type: 'a', data: 1 });
    send({ id: '2', type: 'a', data: 1 });
    assert.deepEqual([socket.send.callCount, codesOf(socket), stop.callCount], [1, [1013], 1]);
  });

  it('are for nobody once the connection has ended, also by an error', () => {
    const { socket, send, stop } = bench();
    socket.emit('error', new Error('reset'));
    socket.emit('close');
    send({ id: '1', type: 'a', data: 1 });
    clock.tick(200_000);
    assert.deepEqual([stop.callCount, socket.send.callCount, socket.ping.callCount, codesOf(socket)], [1, 0, 0, []]);
  });
});
