import assert from 'node:assert/strict';
import type { Table } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, done, fails, metadataOf } from './clients.ts';

export function copies({ dataset, filled, rows, id, newTable }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const copy = async (from: Table | Table[], to: Table, options = {}) =>
    done((await to.createCopyFromJob(from, options))[0]);

  method('jobs.insert (copy)', {
    'makes a table with the columns, partitions and rows of another': async () => {
      const from = await filled("SELECT 1 AS a, DATE '2024-01-01' AS day", 'PARTITION BY day CLUSTER BY a');
      const to = dataset.table(id());
      await copy(from, to);
      assert.deepEqual(await rows(`SELECT * FROM ${to.id}`), [[1, '2024-01-01']]);
      const metadata = await metadataOf(to);
      assert.deepEqual(metadata.timePartitioning, { type: 'DAY', field: 'day' });
      assert.deepEqual(metadata.clustering, { fields: ['a'] });
    },
    'copies several tables into one': async () => {
      const to = dataset.table(id());
      await copy([await filled('SELECT 1 AS a'), await filled('SELECT 2 AS a')], to);
      assert.deepEqual(await rows(`SELECT a FROM ${to.id} ORDER BY a`), [[1], [2]]);
    },
    'refuses a table with rows, appends to it or replaces them': async () => {
      const [from, to] = [await filled('SELECT 1 AS a'), await filled('SELECT 2 AS a')];
      await fails(copy(from, to), 'duplicate', /Already Exists: Table/);
      await copy(from, to, { writeDisposition: 'WRITE_APPEND' });
      assert.deepEqual(await rows(`SELECT a FROM ${to.id} ORDER BY a`), [[1], [2]]);
      await copy(from, to, { writeDisposition: 'WRITE_TRUNCATE' });
      assert.deepEqual(await rows(`SELECT a FROM ${to.id}`), [[1]]);
    },
    'makes no table by CREATE_NEVER': async () => {
      const from = await filled('SELECT 1 AS a');
      await fails(copy(from, dataset.table(id()), { createDisposition: 'CREATE_NEVER' }), 'notFound');
    },
    'refuses tables with different columns': async () => {
      await fails(copy([await filled('SELECT 1 AS a'), await filled('SELECT 2 AS b')], dataset.table(id())), 'invalid');
    },
    'makes a snapshot, and a table of it again': async () => {
      const from = await filled('SELECT 1 AS a');
      const [snapshot, to] = [dataset.table(id()), dataset.table(id())];
      await copy(from, snapshot, { operationType: 'SNAPSHOT' });
      const metadata = await metadataOf(snapshot);
      assert.equal(metadata.type, 'SNAPSHOT');
      const { baseTableReference } = metadata.snapshotDefinition as { baseTableReference: { tableId: string } };
      assert.equal(baseTableReference.tableId, from.id);
      await copy(snapshot, to, { operationType: 'RESTORE' });
      assert.equal((await metadataOf(to)).type, 'TABLE');
      assert.deepEqual(await rows(`SELECT a FROM ${to.id}`), [[1]]);
    },
    'answers notFound for a table that does not exist': () =>
      fails(copy(dataset.table(id('none')), dataset.table(id())), 'notFound', /Not found: Table/),
    'copies an empty table': async () => {
      const to = dataset.table(id());
      await copy(await newTable('a:INTEGER'), to);
      assert.equal((await metadataOf(to)).numRows, '0');
    },
  });
  return all;
}
