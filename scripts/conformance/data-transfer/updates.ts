import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import { type Clients, type ConfigFields, paramsOf, secondsOf } from './clients.ts';

/** UpdateTransferConfig. */
export function updates({ transfers, create }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const update = async (name: string, paths: string[], transferConfig: ConfigFields) =>
    (await transfers.updateTransferConfig({ transferConfig: { ...transferConfig, name }, updateMask: { paths } }))[0];
  method('UpdateTransferConfig', {
    'changes what the mask names, and nothing else': async () => {
      const { name } = await create({ query: 'SELECT 1' }, { schedule: 'every day 06:00' });
      const changed = await update(name, ['display_name'], { displayName: 'Other', schedule: 'every day 07:00' });
      assert.equal(changed.displayName, 'Other');
      assert.equal(changed.schedule, 'every day 06:00');
      assert.equal(changed.params?.fields?.query?.stringValue, 'SELECT 1');
    },
    'changes the parameters': async () => {
      const { name } = await create();
      const changed = await update(name, ['params'], { params: paramsOf({ query: 'SELECT 3' }) });
      assert.equal(changed.params?.fields?.query?.stringValue, 'SELECT 3');
    },
    'plans the next run by another schedule': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      const { nextRunTime } = await update(name, ['schedule'], { schedule: 'every day 07:30' });
      assert.equal(Number(nextRunTime?.seconds) % 86_400, 7.5 * 3600);
    },
    'plans no run while the config is disabled': async () => {
      const { name, nextRunTime } = await create({}, { schedule: 'every day 06:00' });
      assert.ok(!(await update(name, ['disabled'], { disabled: true })).nextRunTime);
      assert.deepEqual((await update(name, ['disabled'], { disabled: false })).nextRunTime, nextRunTime);
    },
    'plans no run before the start time, and none from the end time on': async () => {
      const { name } = await create({}, { schedule: 'every day 06:00' });
      const startTime = secondsOf('2100-01-01T08:00:00Z');
      const started = await update(name, ['schedule_options'], { scheduleOptions: { startTime } });
      assert.equal(Number(started.nextRunTime?.seconds), secondsOf('2100-01-02T06:00:00Z').seconds);
      const endTime = secondsOf('2100-01-02T06:00:00Z');
      const scheduleOptions = { startTime, endTime };
      assert.ok(!(await update(name, ['schedule_options'], { scheduleOptions })).nextRunTime);
    },
    'refuses an empty mask': async () => {
      const { name } = await create();
      await fails(update(name, [], { displayName: 'x' }), 'INVALID_ARGUMENT', /mask/);
    },
    'refuses to change the data source': async () => {
      const { name } = await create();
      await fails(update(name, ['data_source_id'], { dataSourceId: 'amazon_s3' }), 'INVALID_ARGUMENT');
    },
    'refuses parameters without a query': async () => {
      const { name } = await create();
      await fails(update(name, ['params'], { params: paramsOf({}) }), 'INVALID_ARGUMENT', /query/);
    },
    'fails for a config that is not there': async () => {
      const { name } = await create();
      await fails(update(name.replace(/[^/]+$/, 'no'), ['display_name'], { displayName: 'x' }), 'NOT_FOUND');
    },
  });
  return all;
}
