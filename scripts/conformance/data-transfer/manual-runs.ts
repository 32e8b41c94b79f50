import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, secondsOf } from './clients.ts';

const DAY_S = 86_400;

/** StartManualTransferRuns, and what becomes of the runs. */
export function manualRuns({ transfers, create, run, ended }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const now = () => secondsOf(world.clock?.now() ?? Date.now()).seconds;
  const range = (start: number, end: number) => ({ startTime: { seconds: start }, endTime: { seconds: end } });
  method('StartManualTransferRuns', {
    'makes a run for the requested time': async () => {
      const { name } = await create();
      const requestedRunTime = secondsOf('2026-02-03T04:05:06Z');
      const [{ runs }] = await transfers.startManualTransferRuns({ parent: name, requestedRunTime });
      assert.equal(runs?.length, 1);
      assert.match(runs?.[0]?.name ?? '', /\/transferConfigs\/[^/]+\/runs\/[^/]+$/);
      assert.equal(Number(runs?.[0]?.runTime?.seconds), requestedRunTime.seconds);
      assert.equal(runs?.[0]?.schedule, '');
      assert.equal((await ended(runs?.[0]?.name ?? '')).state, 'SUCCEEDED');
    },
    'makes a run for each time of the schedule in a range, its end left out': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      const sixth = Math.floor(now() / DAY_S) * DAY_S + 6 * 3600 - 5 * DAY_S;
      const requestedTimeRange = range(sixth, sixth + 3 * DAY_S);
      const [{ runs }] = await transfers.startManualTransferRuns({ parent: name, requestedTimeRange });
      assert.deepEqual(
        runs?.map(({ runTime }) => Number(runTime?.seconds)).sort(),
        [0, 1, 2].map((days) => sixth + days * DAY_S),
      );
    },
    'starts the runs of a range fifteen seconds after each other': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      const requestedTimeRange = range(now() - 3 * DAY_S, now());
      const [{ runs }] = await transfers.startManualTransferRuns({ parent: name, requestedTimeRange });
      const starts = runs?.map(({ scheduleTime }) => Number(scheduleTime?.seconds)).sort() ?? [];
      assert.deepEqual(
        starts.map((start) => start - (starts[0] ?? 0)),
        [0, 15, 30],
      );
    },
    'refuses a range for a config that has no schedule': async () => {
      const { name } = await create();
      const requestedTimeRange = range(now() - DAY_S, now());
      const call = transfers.startManualTransferRuns({ parent: name, requestedTimeRange });
      await fails(call, 'INVALID_ARGUMENT', /requires 'requested_run_time'/);
    },
    'refuses a time that is to come': async () => {
      const { name } = await create();
      const requestedRunTime = { seconds: now() + 3600 };
      await fails(transfers.startManualTransferRuns({ parent: name, requestedRunTime }), 'INVALID_ARGUMENT');
    },
    'refuses a range that ends before it starts, or in time to come': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      for (const requestedTimeRange of [range(now() - 60, now() - 120), range(now() - 60, now() + DAY_S)])
        await fails(transfers.startManualTransferRuns({ parent: name, requestedTimeRange }), 'INVALID_ARGUMENT');
    },
    'refuses a request without a time': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      await fails(transfers.startManualTransferRuns({ parent: name }), 'INVALID_ARGUMENT');
    },
    'fails for a config that is not there': async () => {
      const { name } = await create();
      const request = { parent: name.replace(/[^/]+$/, 'no'), requestedRunTime: secondsOf('2026-01-01T00:00:00Z') };
      await fails(transfers.startManualTransferRuns(request), 'NOT_FOUND');
    },
  });
  method('GetTransferRun', {
    'tells when the run started and ended': async () => {
      const { startTime, endTime, state, dataSourceId, params } = await run(await create());
      assert.equal(state, 'SUCCEEDED');
      assert.ok(Number(endTime?.seconds) >= Number(startTime?.seconds));
      assert.equal(dataSourceId, 'scheduled_query');
      assert.equal(params?.fields?.query?.stringValue, 'SELECT 1');
    },
    'tells why a run failed': async () => {
      const { state, errorStatus } = await run(await create({ query: "SELECT ERROR('no way')" }));
      assert.equal(state, 'FAILED');
      assert.equal(errorStatus?.code, 3);
      assert.match(errorStatus?.message ?? '', /no way.*JobID: \S+:scheduled_query_/s);
    },
    'fails for a run that is not there': async () => {
      const { name } = await create();
      await fails(transfers.getTransferRun({ name: `${name}/runs/no` }), 'NOT_FOUND');
    },
  });
  method('DeleteTransferRun', {
    'removes the run': async () => {
      const config = await create();
      const { name } = await run(config);
      await transfers.deleteTransferRun({ name });
      await fails(transfers.getTransferRun({ name }), 'NOT_FOUND');
      assert.deepEqual((await transfers.listTransferRuns({ parent: config.name }))[0], []);
      await fails(transfers.deleteTransferRun({ name }), 'NOT_FOUND');
    },
  });
  return all;
}
