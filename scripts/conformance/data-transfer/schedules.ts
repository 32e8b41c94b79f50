import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, type Config, secondsOf } from './clients.ts';

const DAY_S = 86_400;

/** Runs that are made by schedules; those that a clock must be advanced for, where there is one. */
export function schedules({ transfers, create }: Clients, { clock }: World): readonly Behaviour[] {
  const { method, all } = collector();
  const next = async (schedule: string, startTime = '2100-01-01T00:00:00Z') => {
    const options = { scheduleOptions: { startTime: secondsOf(startTime) } };
    const { nextRunTime } = await create({}, { schedule, ...options });
    return new Date(Number(nextRunTime?.seconds) * 1000).toISOString().slice(0, 16);
  };
  // The 1st of January 2100 is a Friday.
  const expected = {
    'every 24 hours': '2100-01-01T00:00',
    'every day 06:00': '2100-01-01T06:00',
    'every monday 09:00': '2100-01-04T09:00',
    'every mon,wed 09:00': '2100-01-04T09:00',
    'every wed,fri of jan,jun 13:15': '2100-01-01T13:15',
    '1 of month 00:00': '2100-01-01T00:00',
    '15 of month 12:00': '2100-01-15T12:00',
    'first sunday of month 00:00': '2100-01-03T00:00',
    '1st,3rd monday of month 15:30': '2100-01-04T15:30',
    'first sunday of quarter 00:00': '2100-01-03T00:00',
    '2nd monday of sep,oct 17:00': '2100-09-13T17:00',
  };
  method('Schedule', {
    ...Object.fromEntries(
      Object.entries(expected).map(([schedule, time]) => [
        `of "${schedule}" is understood`,
        async () => assert.equal(await next(schedule), time),
      ]),
    ),
    'takes up where its start time says': async () => {
      assert.equal(await next('every 12 hours', '2100-01-01T05:30:00Z'), '2100-01-01T05:30');
    },
  });
  if (clock) method('Schedule', withClock(clock, { transfers, create }));
  return all;
}

function withClock(
  clock: NonNullable<World['clock']>,
  { transfers, create }: Pick<Clients, 'transfers' | 'create'>,
): Record<string, () => Promise<void>> {
  /** The runs of a config, the oldest first, when there are so many and all have ended. */
  const runsOf = async ({ name: parent }: Config, count: number) => {
    for (;;) {
      const [runs] = await transfers.listTransferRuns({ parent });
      if (runs.length >= count && runs.every(({ endTime }) => endTime)) return runs.reverse();
      await delay(20);
    }
  };
  const timesOf = async (config: Config, count: number) =>
    (await runsOf(config, count)).map(({ runTime }) => Number(runTime?.seconds));
  const daily = () => create({}, { schedule: 'every day 06:00' });
  const advanceTo = (seconds: number) => clock.advance(seconds * 1000 - clock.now());
  return {
    'makes a run when its time has come, and the next a day later': async () => {
      const config = await daily();
      const first = Number(config.nextRunTime?.seconds);
      advanceTo(first);
      assert.deepEqual(await timesOf(config, 1), [first]);
      const [{ nextRunTime }] = await transfers.getTransferConfig({ name: config.name });
      assert.equal(Number(nextRunTime?.seconds), first + DAY_S);
      const [run] = await runsOf(config, 1);
      assert.deepEqual([run?.state, run?.schedule], ['SUCCEEDED', 'every day 06:00']);
    },
    'makes a run for each of its times, in their order': async () => {
      const config = await daily();
      const first = Number(config.nextRunTime?.seconds);
      advanceTo(first + 2 * DAY_S);
      assert.deepEqual(await timesOf(config, 3), [first, first + DAY_S, first + 2 * DAY_S]);
    },
    'of an interval without a start time begins at once': async () => {
      const config = await create({}, { schedule: 'every 12 hours' });
      const [first = 0] = await timesOf(config, 1);
      assert.ok(Math.abs(first - clock.now() / 1000) < 60);
      clock.advance(12 * 3_600_000);
      assert.deepEqual(await timesOf(config, 2), [first, first + DAY_S / 2]);
    },
    'makes no run of a disabled config, and none for that time later': async () => {
      const config = await daily();
      const { name } = config;
      const set = (disabled: boolean) =>
        transfers.updateTransferConfig({ transferConfig: { name, disabled }, updateMask: { paths: ['disabled'] } });
      await set(true);
      advanceTo(Number(config.nextRunTime?.seconds) + DAY_S);
      const [{ nextRunTime }] = await set(false);
      advanceTo(Number(nextRunTime?.seconds));
      assert.deepEqual(await timesOf(config, 1), [Number(nextRunTime?.seconds)]);
    },
    'makes no run from its end time on': async () => {
      const config = await daily();
      const { name, nextRunTime } = config;
      const first = Number(nextRunTime?.seconds);
      const transferConfig = { name, scheduleOptions: { endTime: { seconds: first + DAY_S } } };
      await transfers.updateTransferConfig({ transferConfig, updateMask: { paths: ['schedule_options'] } });
      advanceTo(first + 5 * DAY_S);
      assert.deepEqual(await timesOf(config, 1), [first]);
      assert.ok(!(await transfers.getTransferConfig({ name }))[0].nextRunTime);
    },
  };
}
