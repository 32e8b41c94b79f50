import assert from 'node:assert/strict';
import type { TableMetadata } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails, metadataOf } from './clients.ts';

const DAYS = `SELECT DATE_ADD(DATE '2024-01-01', INTERVAL d DAY) AS day, d AS n FROM UNNEST(GENERATE_ARRAY(0, 9)) AS d`;

export function partitions({ newTable, filled, ran, rows, value }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const keeps = async (schema: string, given: TableMetadata) => {
    const metadata = await metadataOf(await newTable(schema, given));
    for (const [key, wanted] of Object.entries(given)) assert.deepEqual(metadata[key], wanted);
  };
  const bytes = async (query: string) =>
    Number((await ran(query, { useQueryCache: false })).statistics.totalBytesProcessed);

  method('tables.insert (partitions)', {
    'partitions by a column of time: an hour, a day, a month, a year': async () => {
      for (const type of ['HOUR', 'DAY', 'MONTH', 'YEAR'])
        await keeps('at:TIMESTAMP', { timePartitioning: { type, field: 'at' } });
      await keeps('at:DATETIME', { timePartitioning: { type: 'DAY', field: 'at', expirationMs: '86400000' } });
    },
    'partitions by a range of whole numbers': () =>
      keeps('n:INTEGER', { rangePartitioning: { field: 'n', range: { start: '0', end: '100', interval: '10' } } }),
    'clusters by up to four columns': async () => {
      await keeps('a:STRING,b:INTEGER,c:DATE,d:BOOLEAN', { clustering: { fields: ['a', 'b', 'c', 'd'] } });
      const five = { clustering: { fields: ['a', 'b', 'c', 'd', 'e'] } };
      await fails(newTable('a:STRING,b:STRING,c:STRING,d:STRING,e:STRING', five), 'invalid');
    },
    'refuses to partition by a column that is not there, or of another type': async () => {
      await fails(newTable('a:STRING', { timePartitioning: { type: 'DAY', field: 'at' } }), 'invalid');
      await fails(newTable('a:STRING', { timePartitioning: { type: 'DAY', field: 'a' } }), 'invalid');
      const range = { start: '0', end: '9', interval: '1' };
      await fails(newTable('a:STRING', { rangePartitioning: { field: 'a', range } }), 'invalid');
    },
    'refuses to partition a DATE by hours': () =>
      fails(newTable('day:DATE', { timePartitioning: { type: 'HOUR', field: 'day' } }), 'invalid'),
    'refuses a range that is empty': () =>
      fails(
        newTable('n:INTEGER', { rangePartitioning: { field: 'n', range: { start: '9', end: '0', interval: '1' } } }),
        'invalid',
      ),
    'refuses to cluster by a column that is not there, or of FLOAT': async () => {
      await fails(newTable('a:STRING', { clustering: { fields: ['b'] } }), 'invalid');
      await fails(newTable('a:FLOAT', { clustering: { fields: ['a'] } }), 'invalid');
    },
  });

  method('tables.patch (partitions)', {
    'changes how long a partition lives, and the clustering': async () => {
      const made = await newTable('day:DATE,k:STRING', { timePartitioning: { type: 'DAY', field: 'day' } });
      const timePartitioning = { type: 'DAY', field: 'day', expirationMs: '864000000' };
      await made.setMetadata({ timePartitioning, clustering: { fields: ['k'] } });
      const metadata = await metadataOf(made);
      assert.deepEqual(metadata.timePartitioning, timePartitioning);
      assert.deepEqual(metadata.clustering, { fields: ['k'] });
    },
    'refuses another partitioning': async () => {
      const made = await newTable('day:DATE,d2:DATE', { timePartitioning: { type: 'DAY', field: 'day' } });
      await fails(made.setMetadata({ timePartitioning: { type: 'DAY', field: 'd2' } }), 'invalid');
      await fails(made.setMetadata({ timePartitioning: { type: 'MONTH', field: 'day' } }), 'invalid');
    },
  });

  method('jobs.insert (partitions)', {
    'reads only the partitions that a constant filter leaves': async () => {
      const made = await filled(DAYS, 'PARTITION BY day');
      assert.equal(await bytes(`SELECT n FROM ${made.id}`), 80);
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE day = '2024-01-03'`), 16);
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE day >= '2024-01-08'`), 48);
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE day BETWEEN '2024-01-01' AND '2024-01-02'`), 32);
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE day > '2030-01-01'`), 0);
    },
    'reads only the partitions of the timestamps of a day': async () => {
      const select = `SELECT TIMESTAMP_ADD(TIMESTAMP '2024-01-01', INTERVAL h HOUR) AS ts, h FROM UNNEST(GENERATE_ARRAY(0, 47)) AS h`;
      const made = await filled(select, 'PARTITION BY DATE(ts)');
      assert.equal(await bytes(`SELECT h FROM ${made.id} WHERE DATE(ts) = '2024-01-02'`), 24 * 16);
      assert.equal(await bytes(`SELECT h FROM ${made.id} WHERE ts >= TIMESTAMP '2024-01-02'`), 24 * 16);
    },
    'reads only the partitions of a range of numbers': async () => {
      const select = 'SELECT n FROM UNNEST(GENERATE_ARRAY(0, 99)) AS n';
      const made = await filled(select, 'PARTITION BY RANGE_BUCKET(n, GENERATE_ARRAY(0, 100, 10))');
      assert.deepEqual((await metadataOf(made)).rangePartitioning, {
        field: 'n',
        range: { start: '0', end: '100', interval: '10' },
      });
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE n = 42`), 80);
      assert.equal(await bytes(`SELECT n FROM ${made.id} WHERE n < 15`), 160);
      assert.equal(await value(`SELECT COUNT(*) FROM ${made.id} WHERE n < 15`), 15);
    },
    'reads all partitions when the filter is no constant': async () => {
      const made = await filled(DAYS, 'PARTITION BY day');
      assert.equal(
        await bytes(`SELECT n FROM ${made.id} WHERE day = DATE_ADD(DATE '2024-01-01', INTERVAL n DAY)`),
        160,
      );
    },
    'refuses to read a table that wants a filter on its partitions without one': async () => {
      const made = await filled(DAYS, 'PARTITION BY day OPTIONS(require_partition_filter = TRUE)');
      await fails(rows(`SELECT n FROM ${made.id}`), 'invalidQuery', /without a filter over column\(s\) 'day'/);
      await fails(rows(`SELECT n FROM ${made.id} WHERE n = 1`), 'invalidQuery', /without a filter/);
      assert.deepEqual(await rows(`SELECT n FROM ${made.id} WHERE day = '2024-01-03'`), [[2]]);
    },
  });
  return all;
}
