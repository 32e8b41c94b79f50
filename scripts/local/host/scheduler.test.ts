import assert from 'node:assert/strict';
import { defineFunction } from '../../../shared/define/function.ts';
import { onSchedule } from '../../../shared/define/trigger.ts';
import { LocalClock } from '../plumbing/clock.ts';
import { until } from '../plumbing/receiver.ts';
import { Store } from '../plumbing/store.ts';
import { Scheduler } from './scheduler.ts';

const HOUR_MS = 3_600_000;
const retry = { count: 3, minBackoffSeconds: 10, maxBackoffSeconds: 60, maxDoublings: 2 } as const;

describe('a schedule', () => {
  let clock: LocalClock;
  let store: Store;
  let scheduler: Scheduler;
  /** Runs that were begun, by the time they were scheduled for; each is answered by `answer`. */
  let runs: { time: string; at: number; answer(status: number): void; fail(): void }[];
  const open = (trigger: ReturnType<typeof onSchedule>) => {
    const fn = defineFunction({ name: 'job', summary: 'For tests.', services: {}, trigger });
    scheduler = new Scheduler({
      ...{ clock, store, functions: [fn], log: () => {} },
      run: (_, headers) =>
        new Promise((resolve, reject) => {
          const time = headers['x-cloudscheduler-scheduletime'] ?? '';
          runs.push({ time, at: clock.now(), answer: resolve, fail: () => reject(new Error('no answer')) });
        }),
    });
    scheduler.start();
  };
  /** Moves the clock to the next full hour, or to some time after it. */
  const nextHour = (afterMs = 0) => {
    const due = Math.floor(clock.now() / HOUR_MS + 1) * HOUR_MS;
    clock.advance(due + afterMs - clock.now());
    return new Date(due).toISOString();
  };
  /** The run that is remembered, to be tried again. */
  const kept = () => store.get<{ failed: number; due: number }>('SELECT failed, due FROM scheduler_runs');
  const last = () => runs.at(-1) ?? assert.fail('nothing has run');
  /** Answers the last run and waits until the scheduler has taken note. */
  const answered = async (status: number, then: () => boolean) => {
    last().answer(status);
    await until(then);
  };

  beforeEach(() => {
    runs = [];
    clock = new LocalClock();
    store = new Store(':memory:');
  });
  afterEach(() => {
    scheduler.close();
    clock.close();
    store.close();
  });

  it('runs at its times and says which', () => {
    open(onSchedule('0 * * * *'));
    const time = nextHour();
    assert.deepEqual(
      runs.map((run) => run.time),
      [time],
    );
  });

  it('goes by its time zone, summer time included', async () => {
    // Summer time begins in Berlin on 28 March 2027: noon is at 11:00 UTC before and at 10:00 UTC from then on.
    clock.advance(Date.parse('2027-03-27T00:00:00Z') - clock.now());
    open(onSchedule('0 12 * * *', 'Europe/Berlin'));
    clock.advance(Date.parse('2027-03-27T11:00:00Z') - clock.now());
    await answered(200, () => scheduler.pending() === 0);
    clock.advance(Date.parse('2027-03-28T10:00:00Z') - clock.now());
    assert.deepEqual(
      runs.map((run) => run.time),
      ['2027-03-27T11:00:00.000Z', '2027-03-28T10:00:00.000Z'],
    );
  });

  it('that fails is not tried again unless it says so', async () => {
    open(onSchedule('0 * * * *'));
    nextHour();
    await answered(500, () => scheduler.pending() === 0);
    clock.advance(HOUR_MS / 2);
    assert.equal(runs.length, 1);
  });

  it('that fails is tried again as it says, then waits for its next time', async () => {
    open(onSchedule('0 * * * *', 'Etc/UTC', retry));
    const time = nextHour();
    for (const seconds of [10, 20, 40]) {
      const count = runs.length;
      last().fail();
      await until(() => kept()?.failed === count);
      assert.ok((kept()?.due ?? 0) - clock.now() <= seconds * 1000);
      clock.advance(seconds * 1000);
      assert.equal(runs.length, count + 1);
    }
    await answered(503, () => scheduler.pending() === 0);
    assert.deepEqual(new Set(runs.map((run) => run.time)), new Set([time]));
    assert.equal(kept(), undefined);
  });
  it('is not tried again past its next time', async () => {
    open(onSchedule('0 * * * *', 'Etc/UTC', { ...retry, minBackoffSeconds: 3600, maxBackoffSeconds: 3600 }));
    nextHour();
    await answered(500, () => scheduler.pending() === 0);
    assert.equal(kept(), undefined);
  });

  it('whose time comes while it is still at the last one runs when that is over', async () => {
    open(onSchedule('0 * * * *'));
    nextHour();
    const second = nextHour();
    assert.equal(runs.length, 1);
    await answered(200, () => runs.length === 2);
    assert.equal(last().time, second);
  });

  it('is not caught up with after the process was away', () => {
    open(onSchedule('0 * * * *'));
    scheduler.close();
    nextHour(1000);
    open(onSchedule('0 * * * *'));
    assert.equal(runs.length, 0);
    nextHour();
    assert.equal(runs.length, 1);
  });

  it('that was cut in the middle goes on after a restart when it has retries, until its next time', async () => {
    open(onSchedule('0 * * * *', 'Etc/UTC', retry));
    const time = nextHour();
    scheduler.close();
    open(onSchedule('0 * * * *', 'Etc/UTC', retry));
    assert.deepEqual(
      runs.map((run) => run.time),
      [time, time],
    );
    scheduler.close();
    nextHour(1000);
    open(onSchedule('0 * * * *', 'Etc/UTC', retry));
    assert.equal(runs.length, 2);
    assert.equal(kept(), undefined);
  });

  it('runs when it is told to, whatever it is at', async () => {
    open(onSchedule('0 * * * *'));
    nextHour();
    const forced = scheduler.run('job');
    last().answer(418);
    assert.equal(await forced, 418);
    await assert.rejects(scheduler.run('none'), /no schedule 'none'/);
  });
});
