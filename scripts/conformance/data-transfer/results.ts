import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Clients, Run } from './clients.ts';

/** What the query of a run gets and where its result goes. */
export function results({ create, run, rows, table, dataset }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const destinationDatasetId = dataset.id ?? '';
  const manual = { scheduleOptions: { disableAutoScheduling: true } };
  const into = (params: Record<string, string>) => create(params, { ...manual, destinationDatasetId });
  const succeeded = ({ state, errorStatus }: Run) => assert.equal(state, 'SUCCEEDED', errorStatus?.message ?? '');
  method('Run', {
    'gives the query its time and date': async () => {
      const name = table();
      const query = 'SELECT @run_time AS time, @run_date AS day';
      const config = await into({ query, destination_table_name_template: name });
      succeeded(await run(config, '2026-01-02T03:04:05Z'));
      assert.deepEqual(await rows(`SELECT FORMAT_TIMESTAMP('%FT%T', time), CAST(day AS STRING) FROM ${name}`), [
        ['2026-01-02T03:04:05', '2026-01-02'],
      ]);
    },
    'names the table by the date of the run': async () => {
      const name = table();
      succeeded(
        await run(await into({ query: 'SELECT 1 AS n', destination_table_name_template: `${name}_{run_date}` })),
      );
      assert.deepEqual(await rows(`SELECT n FROM ${name}_20260102`), [[1]]);
    },
    'names the table by the time of the run, with an offset': async () => {
      const name = table();
      const template = `${name}_{run_time+25h|"%Y%m%d"}_{run_time-1.5h|"%H%M"}`;
      succeeded(await run(await into({ query: 'SELECT 1 AS n', destination_table_name_template: template })));
      assert.deepEqual(await rows(`SELECT n FROM ${name}_20260103_0134`), [[1]]);
    },
    'replaces what is in the table': async () => {
      const name = table();
      const config = await into({
        ...{ query: 'SELECT @run_date AS day', destination_table_name_template: name },
        write_disposition: 'WRITE_TRUNCATE',
      });
      for (const day of ['2026-01-01', '2026-01-02']) succeeded(await run(config, `${day}T00:00:00Z`));
      assert.deepEqual(await rows(`SELECT CAST(day AS STRING) FROM ${name}`), [['2026-01-02']]);
    },
    'appends to what is in the table': async () => {
      const name = table();
      const config = await into({
        ...{ query: 'SELECT @run_date AS day', destination_table_name_template: name },
        write_disposition: 'WRITE_APPEND',
      });
      for (const day of ['2026-01-01', '2026-01-02']) succeeded(await run(config, `${day}T00:00:00Z`));
      const found = await rows(`SELECT CAST(day AS STRING) AS day FROM ${name} ORDER BY day`);
      assert.deepEqual(found, [['2026-01-01'], ['2026-01-02']]);
    },
    'partitions a new table by the column that is named': async () => {
      const name = table();
      const params = { query: 'SELECT @run_date AS day', destination_table_name_template: name };
      succeeded(await run(await into({ ...params, partitioning_field: 'day' })));
      const [{ timePartitioning }] = await dataset.table(name).getMetadata();
      assert.deepEqual([timePartitioning?.type, timePartitioning?.field], ['DAY', 'day']);
    },
    'runs statements that write by themselves': async () => {
      const name = `${destinationDatasetId}.${table()}`;
      succeeded(await run(await create({ query: `CREATE TABLE ${name} (day DATE)` })));
      const config = await create({ query: `INSERT INTO ${name} VALUES (@run_date)` });
      for (const day of ['2026-01-01', '2026-01-02']) succeeded(await run(config, `${day}T00:00:00Z`));
      assert.deepEqual(await rows(`SELECT COUNT(*) FROM ${name}`), [[2]]);
    },
    'fails when a statement that writes by itself has a destination table': async () => {
      const name = table();
      const query = `CREATE TABLE ${destinationDatasetId}.${name}_2 (day DATE)`;
      const { state } = await run(await into({ query, destination_table_name_template: name }));
      assert.equal(state, 'FAILED');
    },
  });
  return all;
}
