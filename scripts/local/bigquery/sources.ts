import { type Bigquery, isExpired, liveEntry } from './bigquery.ts';
import { type TableReference, tableId } from './catalog.ts';
import { invalidQuery, unimplemented } from './errors.ts';
import type { Field } from './schema.ts';
import type { Source } from './sql/compilation.ts';
import { name, quote } from './sql/reader.ts';
import { physicalTable } from './warehouse.ts';

/** Where names without a project or dataset belong. */
export interface Defaults {
  readonly project: string;
  readonly dataset?: string;
}

/** The table a path names. @throws HttpError invalidQuery without a dataset */
export function toReference(path: readonly string[], defaults: Defaults): TableReference {
  const [table, dataset = defaults.dataset, ...project] = [...path].reverse();
  if (!table || !dataset) {
    throw invalidQuery(`Table "${path.join('.')}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  const projectId = project.length > 0 ? project.reverse().join('.') : defaults.project;
  return { projectId, datasetId: dataset, tableId: table };
}

/** Finds tables, views and INFORMATION_SCHEMA for the compiler. */
export function finder(bigquery: Bigquery, defaults: Defaults): (path: readonly string[]) => Source {
  return (path) => {
    const schemaAt = path.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
    if (schemaAt >= 0) return { kind: 'rows', sql: informationSchema(bigquery, path, schemaAt, defaults) };
    const entry = liveEntry(bigquery, toReference(path, defaults));
    const { table } = entry;
    const id = tableId(table.tableReference);
    if (table.view) return { kind: 'view', id, query: table.view.query };
    return { kind: 'table', id, sql: physicalTable(entry.physical), fields: table.schema?.fields ?? [] };
  };
}

function informationSchema(bigquery: Bigquery, path: readonly string[], at: number, defaults: Defaults): string {
  const view = path[at + 1]?.toUpperCase();
  const dataset = at > 0 ? path[at - 1] : defaults.dataset;
  const project = at > 1 ? path.slice(0, at - 1).join('.') : defaults.project;
  if (!dataset) throw invalidQuery('INFORMATION_SCHEMA must be qualified with a dataset');
  bigquery.catalog.dataset(project, dataset);
  const entries = bigquery.catalog.tables(project, dataset).filter((entry) => !isExpired(bigquery, entry));
  if (view === 'TABLES') {
    const types = { TABLE: 'BASE TABLE', VIEW: 'VIEW', SNAPSHOT: 'SNAPSHOT' } as const;
    return rows(
      ['table_catalog', 'table_schema', 'table_name', 'table_type', 'is_insertable_into', 'creation_time'],
      entries.map(({ table }) => [
        quote(project),
        quote(dataset),
        quote(table.tableReference.tableId),
        quote(types[table.type]),
        quote(table.type === 'TABLE' ? 'YES' : 'NO'),
        `make_timestamptz(${Number(table.creationTime)}000)`,
      ]),
      "'', '', '', '', '', now()",
    );
  }
  if (view !== 'COLUMNS') throw unimplemented(`INFORMATION_SCHEMA.${view}`);
  return rows(
    [
      'table_catalog',
      'table_schema',
      'table_name',
      'column_name',
      'ordinal_position',
      'is_nullable',
      'data_type',
      'is_partitioning_column',
      'clustering_ordinal_position',
    ],
    entries.flatMap(({ table }) =>
      (table.schema?.fields ?? []).map((field, index) => {
        const clustered =
          table.clustering?.fields.findIndex((each) => each.toLowerCase() === field.name.toLowerCase()) ?? -1;
        const partitions = table.timePartitioning?.field.toLowerCase() === field.name.toLowerCase();
        return [
          quote(project),
          quote(dataset),
          quote(table.tableReference.tableId),
          quote(field.name),
          `CAST(${index + 1} AS BIGINT)`,
          quote(field.mode === 'REQUIRED' ? 'NO' : 'YES'),
          quote(sqlType(field)),
          quote(partitions ? 'YES' : 'NO'),
          clustered < 0 ? 'CAST(NULL AS BIGINT)' : `CAST(${clustered + 1} AS BIGINT)`,
        ];
      }),
    ),
    "'', '', '', '', CAST(0 AS BIGINT), '', '', '', CAST(0 AS BIGINT)",
  );
}

function rows(columns: readonly string[], values: readonly string[][], none: string): string {
  const head = columns.map(name).join(', ');
  if (values.length === 0) return `SELECT * FROM (VALUES (${none})) AS none(${head}) WHERE false`;
  return `SELECT * FROM (VALUES ${values.map((row) => `(${row.join(', ')})`).join(', ')}) AS found(${head})`;
}

const SQL_TYPES: Partial<Record<Field['type'], string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL' };

/** A column's type as SQL spells it: `ARRAY<STRUCT<a INT64>>`. */
export function sqlType(field: Field): string {
  const one =
    field.type === 'RECORD'
      ? `STRUCT<${(field.fields ?? []).map((inner) => `${inner.name} ${sqlType(inner)}`).join(', ')}>`
      : (SQL_TYPES[field.type] ?? field.type);
  return field.mode === 'REPEATED' ? `ARRAY<${one}>` : one;
}
