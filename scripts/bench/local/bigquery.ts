import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { atATime, type Cases } from './case.ts';

const CALLS = 10;
const ROWS = 500;

const row = (n: number) => ({ id: `row-${n}`, n, time: '2026-01-01T00:00:00Z', ratio: n / 3 });

export const bigqueryCases: Cases = async ({ google: { bigquery }, folder }) => {
  const [dataset] = await bigquery.createDataset('bench');
  const schema = 'id:STRING, n:INTEGER, time:TIMESTAMP, ratio:FLOAT';
  const [table] = await dataset.createTable('rows', { schema });
  const connection = await (await DuckDBInstance.create(join(folder, 'raw.duckdb'))).connect();
  await connection.run('CREATE TABLE rows (id VARCHAR, n BIGINT, time TIMESTAMPTZ, ratio DOUBLE)');
  return [
    {
      ...{ name: `BigQuery: rows, ${ROWS} in a call`, unit: 'rows', count: CALLS * ROWS },
      local: () => atATime(1, CALLS, (call) => table.insert(numbers(call).map(row))),
      onRaw: () =>
        atATime(1, CALLS, async (call) => {
          const values = numbers(call)
            .map(row)
            .map(({ id, n, time, ratio }) => `('${id}', ${n}, '${time}', ${ratio})`);
          await connection.run(`INSERT INTO rows VALUES ${values.join(', ')}`);
        }),
    },
  ];
};

const numbers = (call: number): number[] => Array.from({ length: ROWS }, (_, n) => call * ROWS + n);
