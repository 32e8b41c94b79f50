import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { at, type Clients, ms } from './clients.ts';

/** What takes time: rates, backoffs, deadlines. Needs a clock that can be advanced. */
export function limits(clients: Clients, { clock }: World): readonly Behaviour[] {
  const { tasks, queue, pausedQueue, create, receiver, gone, attempted } = clients;
  const { method, all } = collector();
  if (!clock) return all;
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  const fill = async (parent: string, url: string, count: number) => {
    for (let index = 0; index < count; index++) await create(parent, { httpRequest: { url } });
  };
  method('rate limits', {
    'let a burst out at once, and then as many a second as the rate says': async () => {
      const to = await receiver();
      const parent = await pausedQueue({ rateLimits: { maxDispatchesPerSecond: 1 } });
      await fill(parent, to.url, 13);
      await tasks.resumeQueue({ name: parent });
      await to.wait(10);
      await settle();
      assert.equal(to.received.length, 10);
      clock.advance(1000);
      await to.wait(11);
      await settle();
      assert.equal(to.received.length, 11);
    },
    'hold at the rate that the queue was updated to': async () => {
      const to = await receiver();
      const parent = await pausedQueue({ rateLimits: { maxDispatchesPerSecond: 0.01 } });
      await fill(parent, to.url, 14);
      await tasks.resumeQueue({ name: parent });
      await to.wait(10);
      await tasks.updateQueue({ queue: { name: parent, rateLimits: { maxDispatchesPerSecond: 4 } } });
      clock.advance(1100);
      await to.wait(14);
    },
    'let only so many attempts be under way': async () => {
      const open: ServerResponse[] = [];
      const to = await receiver((_request, _index, response) => void open.push(response));
      const parent = await queue({ rateLimits: { maxConcurrentDispatches: 2 } });
      await fill(parent, to.url, 4);
      await to.wait(2);
      await settle();
      assert.equal(to.received.length, 2);
      open[0]?.writeHead(200).end();
      await to.wait(3);
      for (const response of open) response.writableEnded || response.writeHead(200).end();
      await until(() => open.length === 4);
      open[3]?.writeHead(200).end();
    },
    'let more attempts be under way when the queue is updated': async () => {
      const open: ServerResponse[] = [];
      const to = await receiver((_request, _index, response) => void open.push(response));
      const parent = await queue({ rateLimits: { maxConcurrentDispatches: 1 } });
      await fill(parent, to.url, 3);
      await to.wait(1);
      await tasks.updateQueue({ queue: { name: parent, rateLimits: { maxConcurrentDispatches: 3 } } });
      await to.wait(3);
      for (const response of open) response.writeHead(200).end();
    },
    'slow a queue down whose worker answers 429': async () => {
      const to = await receiver(() => 429);
      const retryConfig = { minBackoff: { seconds: 3600 }, maxBackoff: { seconds: 3600 } };
      const parent = await queue({ rateLimits: { maxDispatchesPerSecond: 0.1 }, retryConfig });
      const { name } = await create(parent, { httpRequest: { url: to.url } });
      await attempted(name, 1);
      await fill(parent, to.url, 5);
      await settle();
      assert.ok(to.received.length < 6, `${to.received.length} attempts`);
    },
  });
  method('retries', {
    'wait twice as long each time, then longer by the same, up to the greatest backoff': async () => {
      const to = await receiver(() => 500);
      const retryConfig = { minBackoff: { seconds: 10 }, maxBackoff: { seconds: 50 }, maxDoublings: 1 };
      const { name } = await create(await queue({ retryConfig }), { httpRequest: { url: to.url } });
      const waits: number[] = [];
      for (const attempt of [1, 2, 3, 4]) {
        const task = await attempted(name, attempt);
        waits.push(Math.floor((ms(task.scheduleTime) - ms(task.lastAttempt?.responseTime)) / 10_000) * 10);
        clock.advance(51_000);
      }
      assert.deepEqual(waits, [10, 20, 40, 50]);
    },
    'go on until both the attempts are spent and the duration has passed': async () => {
      const to = await receiver(() => 500);
      const retryConfig = {
        ...{ maxAttempts: 2, maxRetryDuration: { seconds: 100 } },
        ...{ minBackoff: { seconds: 40 }, maxBackoff: { seconds: 40 } },
      };
      const { name } = await create(await queue({ retryConfig }), { httpRequest: { url: to.url } });
      for (const attempt of [1, 2, 3]) {
        await attempted(name, attempt);
        clock.advance(41_000);
      }
      await gone(name);
      assert.equal(to.received.length, 4);
    },
    'follow the retry configuration that the queue was updated to': async () => {
      const to = await receiver(() => 500);
      const parent = await queue({ retryConfig: { minBackoff: { seconds: 30 }, maxBackoff: { seconds: 30 } } });
      const { name } = await create(parent, { httpRequest: { url: to.url } });
      await attempted(name, 1);
      await tasks.updateQueue({
        queue: { name: parent, retryConfig: { maxAttempts: 2 } },
        updateMask: { paths: ['retry_config.max_attempts'] },
      });
      clock.advance(31_000);
      await gone(name);
      assert.equal(to.received.length, 2);
    },
  });
  method('times', {
    'send a task when its schedule time has come': async () => {
      const to = await receiver();
      const scheduleTime = at(clock.now() + 86_400_000);
      const { name } = await create(await queue(), { scheduleTime, httpRequest: { url: to.url } });
      clock.advance(86_401_000);
      await gone(name);
      assert.equal(to.received.length, 1);
    },
    'cut an attempt off at its dispatch deadline': async () => {
      const to = await receiver(() => new Promise(() => {}));
      const retryConfig = { minBackoff: { seconds: 3600 }, maxBackoff: { seconds: 3600 } };
      const { name } = await create(await queue({ retryConfig }), {
        dispatchDeadline: { seconds: 20 },
        httpRequest: { url: to.url },
      });
      await to.wait(1);
      clock.advance(21_000);
      assert.equal((await attempted(name, 1)).responseCount, 0);
    },
  });
  return all;
}
