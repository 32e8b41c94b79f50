import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails, metadataOf, type Resource } from './clients.ts';

export function ddl(clients: Clients, { project }: World): readonly Behaviour[] {
  const { bigquery, dataset, filled, ran, rows, id, newTable, value } = clients;
  const { method, all } = collector();
  const did = async (sql: string) => {
    const { statementType, ddlOperationPerformed, ddlTargetTable } = (await ran(sql)).statistics.query ?? {};
    return { statementType, ddlOperationPerformed, target: (ddlTargetTable as Resource | undefined)?.tableId };
  };
  const described = async (table: string) => {
    const metadata = await metadataOf(dataset.table(table));
    return { ...metadata, fields: (metadata.schema as { fields: Resource[] }).fields } as Resource & {
      fields: Resource[];
    };
  };

  method('jobs.insert (CREATE TABLE)', {
    'makes a table with columns of every kind': async () => {
      const t = id();
      const done = await did(`CREATE TABLE ${t} (a INT64 NOT NULL OPTIONS(description = 'key'), l ARRAY<STRING>,
        r STRUCT<x DATE, y ARRAY<FLOAT64>>, n NUMERIC, j JSON, ts TIMESTAMP)
        OPTIONS(description = 'made', friendly_name = 'Made', labels = [('team', 'qa')])`);
      assert.deepEqual(done, { statementType: 'CREATE_TABLE', ddlOperationPerformed: 'CREATE', target: t });
      const { fields, description, friendlyName, labels } = await described(t);
      assert.deepEqual([description, friendlyName, labels], ['made', 'Made', { team: 'qa' }]);
      assert.deepEqual(
        fields.map(({ name, type, mode = 'NULLABLE' }) => [name, type, mode]),
        [
          ['a', 'INTEGER', 'REQUIRED'],
          ['l', 'STRING', 'REPEATED'],
          ['r', 'RECORD', 'NULLABLE'],
          ['n', 'NUMERIC', 'NULLABLE'],
          ['j', 'JSON', 'NULLABLE'],
          ['ts', 'TIMESTAMP', 'NULLABLE'],
        ],
      );
      assert.equal(fields[0]?.description, 'key');
    },
    'partitions and clusters it': async () => {
      const t = id();
      await ran(`CREATE TABLE ${t} (ts TIMESTAMP, k STRING) PARTITION BY TIMESTAMP_TRUNC(ts, HOUR) CLUSTER BY k
        OPTIONS(partition_expiration_days = 3, require_partition_filter = TRUE)`);
      const { timePartitioning, clustering, requirePartitionFilter } = await described(t);
      const { type, field, expirationMs } = timePartitioning as Resource;
      assert.deepEqual([type, field, expirationMs], ['HOUR', 'ts', String(3 * 86_400_000)]);
      assert.deepEqual([clustering, requirePartitionFilter], [{ fields: ['k'] }, true]);
    },
    'lets it expire at a time': async () => {
      const t = id();
      await ran(`CREATE TABLE ${t} (a INT64) OPTIONS(expiration_timestamp = TIMESTAMP '2099-01-01')`);
      assert.equal((await described(t)).expirationTime, String(Date.UTC(2099, 0, 1)));
    },
    'refuses a table that is there, skips it or replaces it': async () => {
      const { id: t } = await filled('SELECT 1 AS a');
      await fails(ran(`CREATE TABLE ${t} (b INT64)`), 'duplicate', /Already Exists: Table/);
      assert.equal((await did(`CREATE TABLE IF NOT EXISTS ${t} (b INT64)`)).ddlOperationPerformed, 'SKIP');
      assert.equal(await value(`SELECT a FROM ${t}`), 1);
      assert.equal((await did(`CREATE OR REPLACE TABLE ${t} (b INT64)`)).ddlOperationPerformed, 'REPLACE');
      assert.deepEqual(await rows(`SELECT b FROM ${t}`), []);
    },
    'refuses a dataset that does not exist': () =>
      fails(ran(`CREATE TABLE ${id('none')}.t (a INT64)`), 'notFound', /Not found: Dataset/),
  });

  method('jobs.insert (CREATE TABLE AS SELECT)', {
    'makes a table of what a query finds': async () => {
      const t = id();
      const done = await did(`CREATE TABLE ${t} AS SELECT 1 AS a, 'x' AS s, [1.5] AS l, STRUCT(TRUE AS b) AS r`);
      assert.equal(done.statementType, 'CREATE_TABLE_AS_SELECT');
      assert.deepEqual(await rows(`SELECT * FROM ${t}`), [[1, 'x', [1.5], { b: true }]]);
      assert.deepEqual(
        (await described(t)).fields.map(({ type }) => type),
        ['INTEGER', 'STRING', 'FLOAT', 'RECORD'],
      );
    },
    'takes columns of its own': async () => {
      const t = id();
      await ran(`CREATE TABLE ${t} (a INT64 NOT NULL, s STRING) AS SELECT 1, 'x'`);
      assert.equal((await described(t)).fields[0]?.mode, 'REQUIRED');
      assert.deepEqual(await rows(`SELECT a, s FROM ${t}`), [[1, 'x']]);
    },
    'replaces a table by what it held': async () => {
      const { id: t } = await filled('SELECT 1 AS a');
      await ran(`CREATE OR REPLACE TABLE ${t} AS SELECT a + 1 AS b FROM ${t}`);
      assert.deepEqual(await rows(`SELECT b FROM ${t}`), [[2]]);
    },
    'makes nothing when the query fails': async () => {
      const t = id();
      await fails(ran(`CREATE TABLE ${t} AS SELECT 1 / x AS a FROM UNNEST([0]) AS x`), 'invalidQuery');
      assert.deepEqual(await dataset.table(t).exists(), [false]);
    },
  });

  method('jobs.insert (copies by SQL)', {
    'makes an empty table like another': async () => {
      const from = await filled("SELECT 1 AS a, DATE '2024-01-01' AS day", 'PARTITION BY day CLUSTER BY a');
      const t = id();
      await ran(`CREATE TABLE ${t} LIKE ${from.id}`);
      const { fields, timePartitioning, clustering, numRows } = await described(t);
      assert.deepEqual([fields.length, numRows], [2, '0']);
      assert.deepEqual([timePartitioning, clustering], [{ type: 'DAY', field: 'day' }, { fields: ['a'] }]);
    },
    'makes a table of the rows of another by COPY and by CLONE': async () => {
      const from = await filled('SELECT 1 AS a');
      for (const word of ['COPY', 'CLONE']) {
        const t = id();
        await ran(`CREATE TABLE ${t} ${word} ${from.id}`);
        await ran(`UPDATE ${t} SET a = 2 WHERE TRUE`);
        assert.deepEqual(await rows(`SELECT a FROM ${t}`), [[2]]);
      }
      assert.deepEqual(await rows(`SELECT a FROM ${from.id}`), [[1]]);
    },
    'says what a clone was made of': async () => {
      const from = await filled('SELECT 1 AS a');
      const t = id();
      await ran(`CREATE TABLE ${t} CLONE ${from.id}`);
      const { cloneDefinition, type } = await described(t);
      assert.equal(type, 'TABLE');
      const { baseTableReference } = cloneDefinition as { baseTableReference: Resource };
      assert.deepEqual(baseTableReference, { projectId: project, datasetId: dataset.id, tableId: from.id });
    },
    'makes a snapshot that stays as it was and cannot be changed': async () => {
      const from = await filled('SELECT 1 AS a');
      const t = id();
      assert.equal((await did(`CREATE SNAPSHOT TABLE ${t} CLONE ${from.id}`)).statementType, 'CREATE_SNAPSHOT_TABLE');
      await ran(`DELETE FROM ${from.id} WHERE TRUE`);
      assert.deepEqual(await rows(`SELECT a FROM ${t}`), [[1]]);
      const { type, snapshotDefinition } = await described(t);
      assert.equal(type, 'SNAPSHOT');
      assert.ok((snapshotDefinition as Resource).snapshotTime);
      await assert.rejects(ran(`DELETE FROM ${t} WHERE TRUE`));
      await ran(`DROP SNAPSHOT TABLE ${t}`);
      assert.deepEqual(await dataset.table(t).exists(), [false]);
    },
  });

  method('jobs.insert (CREATE VIEW)', {
    'makes a view, and replaces it': async () => {
      const t = id('v');
      assert.equal((await did(`CREATE VIEW ${t} AS SELECT 1 AS a`)).statementType, 'CREATE_VIEW');
      await fails(ran(`CREATE VIEW ${t} AS SELECT 2 AS a`), 'duplicate');
      await ran(`CREATE OR REPLACE VIEW ${t} OPTIONS(description = 'two') AS SELECT 2 AS a`);
      assert.equal((await metadataOf(dataset.table(t))).description, 'two');
      assert.deepEqual(await rows(`SELECT a FROM ${t}`), [[2]]);
    },
  });

  method('jobs.insert (ALTER TABLE)', {
    'adds columns, which old rows have no value for': async () => {
      const { id: t } = await filled('SELECT 1 AS a');
      const done = await did(`ALTER TABLE ${t} ADD COLUMN b STRING, ADD COLUMN IF NOT EXISTS a INT64`);
      assert.deepEqual([done.statementType, done.ddlOperationPerformed], ['ALTER_TABLE', 'ALTER']);
      assert.deepEqual(await rows(`SELECT a, b FROM ${t}`), [[1, null]]);
      await assert.rejects(ran(`ALTER TABLE ${t} ADD COLUMN b INT64`), /b/);
    },
    'renames a table': async () => {
      const { id: t } = await filled('SELECT 1 AS a');
      const to = id();
      await ran(`ALTER TABLE ${t} RENAME TO ${to}`);
      assert.deepEqual(await rows(`SELECT a FROM ${to}`), [[1]]);
      assert.deepEqual(await dataset.table(t ?? '').exists(), [false]);
    },
    'lets a column be NULL, and describes it': async () => {
      const { id: t = '' } = await newTable({ fields: [{ name: 'a', type: 'INTEGER', mode: 'REQUIRED' }] });
      await ran(`ALTER TABLE ${t} ALTER COLUMN a DROP NOT NULL`);
      await ran(`ALTER TABLE ${t} ALTER COLUMN a SET OPTIONS(description = 'a number')`);
      await ran(`INSERT INTO ${t} (a) VALUES (NULL)`);
      const [a] = (await described(t)).fields;
      assert.deepEqual([a?.mode ?? 'NULLABLE', a?.description], ['NULLABLE', 'a number']);
    },
    'sets options and removes them by NULL': async () => {
      const { id: t = '' } = await filled('SELECT 1 AS a');
      await ran(`ALTER TABLE ${t} SET OPTIONS(description = 'd', labels = [('k', 'v')],
        expiration_timestamp = TIMESTAMP '2099-01-01')`);
      const before = await described(t);
      assert.deepEqual([before.description, before.labels], ['d', { k: 'v' }]);
      await ran(`ALTER TABLE ${t} SET OPTIONS(description = NULL, expiration_timestamp = NULL)`);
      const after = await described(t);
      assert.deepEqual([after.description, after.expirationTime, after.labels], [undefined, undefined, { k: 'v' }]);
    },
    'refuses a table that does not exist, or skips it': async () => {
      const t = id('none');
      await fails(ran(`ALTER TABLE ${t} ADD COLUMN a INT64`), 'notFound', /Not found: Table/);
      assert.equal((await did(`ALTER TABLE IF EXISTS ${t} ADD COLUMN a INT64`)).ddlOperationPerformed, 'SKIP');
    },
  });

  method('jobs.insert (DROP)', {
    'removes a table and a view': async () => {
      const { id: t } = await filled('SELECT 1 AS a');
      const view = id('v');
      await ran(`CREATE VIEW ${view} AS SELECT 1 AS a`);
      assert.deepEqual(await did(`DROP TABLE ${t}`), {
        ...{ statementType: 'DROP_TABLE', ddlOperationPerformed: 'DROP', target: t },
      });
      assert.equal((await did(`DROP VIEW ${view}`)).statementType, 'DROP_VIEW');
      assert.deepEqual(await dataset.table(t ?? '').exists(), [false]);
    },
    'refuses what does not exist, or skips it': async () => {
      await fails(ran(`DROP TABLE ${id('none')}`), 'notFound', /Not found: Table/);
      assert.equal((await did(`DROP TABLE IF EXISTS ${id('none')}`)).ddlOperationPerformed, 'SKIP');
    },
    'refuses to remove a view as a table': async () => {
      const view = id('v');
      await ran(`CREATE VIEW ${view} AS SELECT 1 AS a`);
      await assert.rejects(ran(`DROP TABLE ${view}`), /VIEW/i);
    },
  });

  method('jobs.insert (SCHEMA)', {
    'makes a dataset and removes it': async () => {
      const made = id('d');
      await ran(`CREATE SCHEMA ${made} OPTIONS(description = 'made by SQL', location = 'US')`);
      await ran(`CREATE SCHEMA IF NOT EXISTS ${made}`);
      assert.equal((await metadataOf(bigquery.dataset(made))).description, 'made by SQL');
      await fails(ran(`CREATE SCHEMA ${made}`), 'duplicate', /Already Exists/);
      await ran(`CREATE TABLE ${made}.t (a INT64)`);
      await fails(ran(`DROP SCHEMA ${made}`), 'resourceInUse', /still in use/);
      await ran(`DROP SCHEMA ${made} CASCADE`);
      assert.deepEqual(await bigquery.dataset(made).exists(), [false]);
      await ran(`DROP SCHEMA IF EXISTS ${made}`);
    },
  });
  return all;
}
