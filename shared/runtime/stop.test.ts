import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { testPlatform } from '../platform/testing.ts';
import { type Stoppable, stopInOrder } from './stop.ts';

describe('an instance that is told to stop', () => {
  function hostOf() {
    const { promise: exited, resolve: exit } = Promise.withResolvers<number>();
    return Object.assign(new EventEmitter(), { exit, exited });
  }
  function bench() {
    const host = hostOf();
    const platform = testPlatform();
    const order: string[] = [];
    platform.stopping.addEventListener('abort', () => order.push('told'));
    platform.onStop(async () => void order.push('flushed'));
    return { host, platform, order, stopping: stopInOrder(platform, host as unknown as Stoppable) };
  }

  it('tells what is under way, waits for it, flushes and only then exits', async () => {
    const { host, platform, order, stopping } = bench();
    const listen = stopping(async (_request: string) => {
      await new Promise((resolve) => platform.stopping.addEventListener('abort', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      order.push('handed on');
    });
    const answered = listen('request');
    host.emit('SIGTERM');
    assert.equal(await host.exited, 0);
    assert.deepEqual(order, ['told', 'handed on', 'flushed']);
    await answered;
  });

  it('waits no longer for what is under way when it is told again, but flushes', async () => {
    const { host, order, stopping } = bench();
    const listen = stopping(() => new Promise<void>(() => {}));
    void listen();
    host.emit('SIGTERM');
    host.emit('SIGTERM');
    host.emit('SIGTERM');
    assert.equal(await host.exited, 0);
    assert.deepEqual(order, ['told', 'flushed']);
  });

  it('exits although work under way fails', async () => {
    const { host, platform, order, stopping } = bench();
    const listen = stopping(async () => {
      await new Promise((resolve) => platform.stopping.addEventListener('abort', resolve));
      throw new Error('given up');
    });
    const answered = listen();
    host.emit('SIGTERM');
    await assert.rejects(answered, /given up/);
    assert.equal(await host.exited, 0);
    assert.deepEqual(order, ['told', 'flushed']);
  });

  it('does so from its first request on; until then the framework ends it', async () => {
    const { host, stopping } = bench();
    let framework = 0;
    host.on('SIGTERM', () => framework++);
    const listen = stopping((value: number) => value + 1);
    host.emit('SIGTERM');
    assert.equal(framework, 1);
    assert.equal(listen(1), 2);
    assert.equal(listen(2), 3);
    host.emit('SIGTERM');
    assert.equal(framework, 1);
    await host.exited;
  });
});
