import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

export function informationSchema(clients: Clients, { project }: World): readonly Behaviour[] {
  const { dataset, filled, rows, value, ran, newTable, newDataset, id } = clients;
  const { method, all } = collector();
  const of = (view: string) => `${dataset.id}.INFORMATION_SCHEMA.${view}`;

  method('INFORMATION_SCHEMA.TABLES', {
    'lists tables, views and snapshots': async () => {
      const table = await filled('SELECT 1 AS a');
      const [view, snapshot] = [id('v'), id('s')];
      await ran(`CREATE VIEW ${view} AS SELECT 1 AS a`);
      await ran(`CREATE SNAPSHOT TABLE ${snapshot} CLONE ${table.id}`);
      const sql = `SELECT table_catalog, table_schema, table_name, table_type FROM ${of('TABLES')} WHERE table_name IN UNNEST(@names)`;
      const found = await rows(sql, { params: { names: [table.id, view, snapshot] } });
      assert.deepEqual(
        found.sort((a, b) => String(a[3]).localeCompare(String(b[3]))),
        [
          [project, dataset.id, table.id, 'BASE TABLE'],
          [project, dataset.id, snapshot, 'SNAPSHOT'],
          [project, dataset.id, view, 'VIEW'],
        ],
      );
    },
    'says when a table was made': async () => {
      const table = await filled('SELECT 1 AS a');
      const { creationTime } = (await table.getMetadata())[0];
      const sql = `SELECT UNIX_MILLIS(creation_time) FROM ${of('TABLES')} WHERE table_name = '${table.id}'`;
      assert.ok(Math.abs(Number(await value(sql)) - Number(creationTime)) < 1000);
    },
    'is refused of a dataset that does not exist': () =>
      fails(rows(`SELECT 1 FROM ${id('none')}.INFORMATION_SCHEMA.TABLES`), 'notFound', /Not found: Dataset/),
  });

  method('INFORMATION_SCHEMA.COLUMNS', {
    'lists columns with their types as SQL has them': async () => {
      const fields = [
        { name: 'a', type: 'INTEGER', mode: 'REQUIRED' },
        { name: 'l', type: 'STRING', mode: 'REPEATED' },
        { name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'FLOAT' }] },
        { name: 'day', type: 'DATE' },
      ];
      const layout = { timePartitioning: { type: 'DAY', field: 'day' }, clustering: { fields: ['a'] } };
      const table = await newTable({ fields }, layout);
      const sql = `SELECT column_name, ordinal_position, data_type, is_partitioning_column,
        clustering_ordinal_position FROM ${of('COLUMNS')} WHERE table_name = '${table.id}' ORDER BY ordinal_position`;
      assert.deepEqual(await rows(sql), [
        ['a', 1, 'INT64', 'NO', 1],
        ['l', 2, 'ARRAY<STRING>', 'NO', null],
        ['r', 3, 'STRUCT<x FLOAT64>', 'NO', null],
        ['day', 4, 'DATE', 'YES', null],
      ]);
    },
    'says which columns may be NULL': async () => {
      const required = { name: 'a', type: 'INTEGER', mode: 'REQUIRED' };
      const table = await newTable({ fields: [required, { name: 'b', type: 'STRING' }] });
      const sql = `SELECT is_nullable FROM ${of('COLUMNS')} WHERE table_name = '${table.id}' ORDER BY ordinal_position`;
      assert.deepEqual(await rows(sql), [['NO'], ['YES']]);
    },
  });

  method('INFORMATION_SCHEMA.COLUMN_FIELD_PATHS', {
    'lists the fields of records': async () => {
      const table = await filled("SELECT 1 AS a, STRUCT('x' AS s, STRUCT(2 AS y) AS inner_) AS r");
      const sql = `SELECT column_name, field_path, data_type FROM ${of('COLUMN_FIELD_PATHS')} WHERE table_name = '${table.id}' ORDER BY field_path`;
      assert.deepEqual(await rows(sql), [
        ['a', 'a', 'INT64'],
        ['r', 'r', 'STRUCT<s STRING, inner_ STRUCT<y INT64>>'],
        ['r', 'r.inner_', 'STRUCT<y INT64>'],
        ['r', 'r.inner_.y', 'INT64'],
        ['r', 'r.s', 'STRING'],
      ]);
    },
  });

  method('INFORMATION_SCHEMA.PARTITIONS', {
    'counts the rows of each partition': async () => {
      const days =
        "SELECT DATE '2024-01-01' AS day UNION ALL SELECT DATE '2024-01-01' UNION ALL SELECT DATE '2024-01-02'";
      const table = await filled(days, 'PARTITION BY day');
      const sql = `SELECT partition_id, total_rows FROM ${of('PARTITIONS')} WHERE table_name = '${table.id}' ORDER BY 1`;
      assert.deepEqual(await rows(sql), [
        ['20240101', 2],
        ['20240102', 1],
      ]);
    },
  });

  method('INFORMATION_SCHEMA.TABLE_OPTIONS', {
    'lists options as SQL has them': async () => {
      const table = await newTable('a:INTEGER', { description: 'it is "quoted"', labels: { team: 'qa' } });
      const sql = `SELECT option_name, option_type, option_value FROM ${of('TABLE_OPTIONS')} WHERE table_name = '${table.id}' ORDER BY 1`;
      assert.deepEqual(await rows(sql), [
        ['description', 'STRING', '"it is \\"quoted\\""'],
        ['labels', 'ARRAY<STRUCT<STRING, STRING>>', '[STRUCT("team", "qa")]'],
      ]);
    },
  });

  method('INFORMATION_SCHEMA.VIEWS', {
    'lists views with their queries': async () => {
      const view = id('v');
      await ran(`CREATE VIEW ${view} AS SELECT 1 AS a`);
      const sql = `SELECT view_definition, use_standard_sql FROM ${of('VIEWS')} WHERE table_name = '${view}'`;
      assert.deepEqual(await rows(sql), [['SELECT 1 AS a', 'YES']]);
    },
  });

  method('INFORMATION_SCHEMA.SCHEMATA', {
    'lists datasets': async () => {
      const made = await newDataset();
      const sql = `SELECT catalog_name, schema_name, location FROM INFORMATION_SCHEMA.SCHEMATA WHERE schema_name = '${made.id}'`;
      assert.deepEqual(await rows(sql), [[project, made.id, 'US']]);
    },
  });

  method('INFORMATION_SCHEMA.JOBS', {
    'lists jobs with what they did': async () => {
      const { jobReference } = await ran('SELECT 1');
      const sql = `SELECT job_type, statement_type, state, query, error_result FROM \`region-us\`.INFORMATION_SCHEMA.JOBS
        WHERE job_id = '${jobReference.jobId}' AND creation_time > TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)`;
      assert.deepEqual(await rows(sql), [['QUERY', 'SELECT', 'DONE', 'SELECT 1', null]]);
    },
  });
  return all;
}
