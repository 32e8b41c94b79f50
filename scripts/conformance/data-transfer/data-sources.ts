import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { fails } from '../grpc.ts';
import type { Clients } from './clients.ts';

/** Data sources, credentials, and the two forms of schedule options. */
export function dataSources({ transfers, create, parent }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const name = `${parent}/dataSources/scheduled_query`;
  method('GetDataSource', {
    'describes scheduled queries': async () => {
      const [source] = await transfers.getDataSource({ name });
      assert.equal(source.dataSourceId, 'scheduled_query');
      assert.equal(source.supportsCustomSchedule, true);
      const query = source.parameters?.find(({ paramId }) => paramId === 'query');
      assert.equal(query?.required, true);
    },
    'fails for a data source that there is not': async () => {
      await fails(transfers.getDataSource({ name: `${parent}/dataSources/nothing_of_the_kind` }), 'NOT_FOUND');
    },
  });
  method('ListDataSources', {
    'has scheduled queries': async () => {
      const [sources] = await transfers.listDataSources({ parent });
      assert.ok(sources.some(({ dataSourceId }) => dataSourceId === 'scheduled_query'));
    },
  });
  method('CheckValidCreds', {
    'answers for scheduled queries': async () => {
      const [{ hasValidCreds }] = await transfers.checkValidCreds({ name });
      assert.equal(typeof hasValidCreds, 'boolean');
    },
  });
  method('CreateTransferConfig', {
    'takes the options of a schedule in their second form': async () => {
      const { nextRunTime, scheduleOptionsV2 } = await create(
        {},
        { scheduleOptionsV2: { timeBasedSchedule: { schedule: 'every day 06:00' } } },
      );
      assert.equal(Number(nextRunTime?.seconds) % 86_400, 6 * 3600);
      assert.equal(scheduleOptionsV2?.timeBasedSchedule?.schedule, 'every day 06:00');
      const manual = await create({}, { scheduleOptionsV2: { manualSchedule: {} } });
      assert.ok(!manual.nextRunTime && manual.scheduleOptionsV2?.manualSchedule);
    },
    'refuses both forms of the options together': async () => {
      const scheduleOptionsV2 = { timeBasedSchedule: { schedule: 'every day 06:00' } };
      await fails(create({}, { schedule: 'every day 06:00', scheduleOptionsV2 }), 'INVALID_ARGUMENT');
    },
  });
  return all;
}
