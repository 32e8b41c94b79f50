import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage } from './stage.ts';

const HOUR_MS = 3_600_000;

/** When functions on a schedule run, and what they get. */
export function schedules({ cloud, told, heard, answers }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const { clock } = cloud;
  const iso = (time: number) => new Date(time).toISOString();
  /** Moves the clock to the next full hour; the run of `hourly` is known by its time. `prepare` knows it before. */
  const nextHour = async (prepare: (time: string) => void = () => {}) => {
    await cloud.settle();
    const due = Math.floor(clock.now() / HOUR_MS + 1) * HOUR_MS;
    prepare(iso(due));
    clock.advance(due - clock.now());
    return iso(due);
  };
  const quiet = () => until(() => cloud.instances().every(({ active }) => active === 0));
  method('schedule', {
    'runs at the times of its cron expression': async () => {
      const first = await nextHour();
      await heard(first, 'hourly');
      const second = await nextHour();
      await heard(second, 'hourly');
      assert.equal(Date.parse(second) - Date.parse(first), HOUR_MS);
    },
    'goes by its time zone': async () => {
      await cloud.settle();
      // 12:00 in Kolkata is 6:30 UTC, all year.
      const due = Math.floor((clock.now() - 6.5 * HOUR_MS) / (24 * HOUR_MS) + 1) * 24 * HOUR_MS + 6.5 * HOUR_MS;
      clock.advance(due - 1 - clock.now());
      assert.deepEqual(told(iso(due), 'at-noon'), []);
      clock.advance(1);
      await heard(iso(due), 'at-noon');
    },
    'is a POST that says which job it is, and for when': async () => {
      const time = await nextHour();
      const { method: verb, headers } = (await heard(time, 'hourly'))[0] ?? assert.fail();
      assert.equal(verb, 'POST');
      assert.deepEqual(
        [headers['x-cloudscheduler'], headers['x-cloudscheduler-jobname'], headers['x-cloudscheduler-scheduletime']],
        ['true', 'hourly', time],
      );
      assert.equal(headers['user-agent'], 'Google-Cloud-Scheduler');
    },
    'comes with an identity token for the function, and a trace': async () => {
      const time = await nextHour();
      const { headers } = (await heard(time, 'hourly'))[0] ?? assert.fail();
      const [, payload = ''] = /^Bearer [^.]+\.([^.]+)\./.exec(headers.authorization ?? '') ?? [];
      const { aud } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud: string };
      assert.equal(aud, `${cloud.origin}/functions/hourly`);
      assert.match(headers.traceparent ?? '', /^00-/);
    },
    'that fails is tried again as it says, for the same time': async () => {
      const time = await nextHour((due) => answers(due, 500, 503));
      await heard(time, 'hourly');
      for (const [count, seconds] of [
        [2, 30],
        [3, 60],
      ] as const) {
        await quiet();
        clock.advance(seconds * 1000);
        await heard(time, 'hourly', count);
      }
      await cloud.settle();
      assert.equal(told(time, 'hourly').length, 3);
    },
    'that fails to the last waits for its next time': async () => {
      const time = await nextHour((due) => answers(due, 500, 500, 500, 500));
      for (const count of [1, 2, 3]) {
        await heard(time, 'hourly', count);
        await quiet();
        clock.advance(60_000);
      }
      await cloud.settle();
      assert.equal(told(time, 'hourly').length, 3);
      await heard(await nextHour(), 'hourly');
    },
    'runs when it is told to': async () => {
      assert.equal(await cloud.runSchedule('hourly'), 200);
      const answer = await fetch(`${cloud.origin}/_local/schedules/hourly:run`, { method: 'POST' });
      assert.deepEqual(await answer.json(), { status: 200 });
    },
  });
  return all;
}
