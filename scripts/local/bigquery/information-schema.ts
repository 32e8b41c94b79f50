import { type Bigquery, isExpired } from './bigquery.ts';
import type { Entry, Table } from './catalog.ts';
import { invalidQuery, unimplemented } from './errors.ts';
import { ALL_JOBS, type Job } from './job-store.ts';
import { partitionColumn } from './layouts.ts';
import { type Field, sqlType } from './schema.ts';
import { tableSource } from './sources.ts';
import type { Source } from './sql/compilation.ts';
import { name, quote } from './sql/reader.ts';
import { total } from './statistics.ts';
import { physicalTable } from './warehouse.ts';

type Rows = Omit<Source & { kind: 'rows' }, 'kind'>;

/** What a view of INFORMATION_SCHEMA is made from. */
interface Scope {
  readonly bigquery: Bigquery;
  readonly project: string;
  readonly dataset: string;
  readonly entries: readonly Entry[];
}

/** A column of a view: its type in DuckDB. */
type Columns = Readonly<Record<string, string>>;
type Value = string | number | null | undefined;

const DATASET_VIEWS: Readonly<Record<string, (scope: Scope) => Rows>> = {
  TABLES: tables,
  VIEWS: views,
  COLUMNS: columns,
  COLUMN_FIELD_PATHS: paths,
  PARTITIONS: partitions,
  TABLE_OPTIONS: options,
};
const PROJECT_VIEWS: Readonly<Record<string, (bigquery: Bigquery, project: string) => Rows>> = {
  SCHEMATA: schemata,
  JOBS: jobs,
  JOBS_BY_PROJECT: jobs,
};

/** The names of the views that there are. */
export const INFORMATION_SCHEMA_VIEWS: readonly string[] = [
  ...Object.keys(DATASET_VIEWS),
  ...Object.keys(PROJECT_VIEWS),
];

/**
 * The rows of `[project.][dataset.]INFORMATION_SCHEMA.VIEW`, and of `[project.][region-R.]INFORMATION_SCHEMA.{JOBS, SCHEMATA}`.
 * @param at where INFORMATION_SCHEMA stands in the path.
 * @throws HttpError notImplemented for a view that is not on the list, notFound for the dataset.
 */
export function informationSchema(
  bigquery: Bigquery,
  path: readonly string[],
  at: number,
  defaults: { readonly project: string; readonly dataset?: string },
): Rows {
  const view = path[at + 1]?.toUpperCase() ?? '';
  const before = path.slice(0, at);
  const region = before.at(-1)?.toLowerCase().startsWith('region-') === true;
  const project = before.length > 1 ? before.slice(0, -1).join('.') : defaults.project;
  const whole = PROJECT_VIEWS[view];
  if (whole) return whole(bigquery, before.length === 1 && !region ? (before[0] ?? project) : project);
  const rows = DATASET_VIEWS[view];
  if (!rows) throw unimplemented(`INFORMATION_SCHEMA.${view}`);
  if (region) throw unimplemented(`INFORMATION_SCHEMA.${view} of a region (name a dataset)`);
  const dataset = before.at(-1) ?? defaults.dataset;
  if (!dataset) throw invalidQuery('INFORMATION_SCHEMA must be qualified with a dataset');
  bigquery.catalog.dataset(project, dataset);
  const entries = bigquery.catalog.tables(project, dataset).filter((entry) => !isExpired(bigquery, entry));
  return rows({ bigquery, project, dataset, entries });
}

/** SQL of rows with columns of these types. */
function values(columns: Columns, rows: readonly Readonly<Record<string, Value>>[]): string {
  const titles = Object.keys(columns);
  const typed = titles.map((title) => `CAST(v.${name(title)} AS ${columns[title]}) AS ${name(title)}`).join(', ');
  const write = (row: Readonly<Record<string, Value>>) => `(${titles.map((title) => literal(row[title])).join(', ')})`;
  const written = rows.length === 0 ? write({}) : rows.map(write).join(', ');
  const none = rows.length === 0 ? ' WHERE false' : '';
  return `SELECT ${typed} FROM (VALUES ${written}) AS v(${titles.map(name).join(', ')})${none}`;
}

function literal(value: Value): string {
  if (value === undefined || value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : quote(value);
}

/** A time of a resource (milliseconds, as text) for a column of type TIMESTAMPTZ. */
function instant(ms: unknown): Value {
  return ms === undefined ? null : new Date(Number(ms)).toISOString();
}

const TEXT = 'VARCHAR';
const TABLE_COLUMNS: Columns = { table_catalog: TEXT, table_schema: TEXT, table_name: TEXT };

function named({ project, dataset }: Scope, { tableReference }: Table) {
  return { table_catalog: project, table_schema: dataset, table_name: tableReference.tableId };
}

function tables(scope: Scope): Rows {
  const types = { TABLE: 'BASE TABLE', VIEW: 'VIEW', SNAPSHOT: 'SNAPSHOT' } as const;
  const rows = scope.entries.map(({ table }) => {
    const base = (table.snapshotDefinition as { baseTableReference?: Table['tableReference'] } | undefined)
      ?.baseTableReference;
    return {
      ...named(scope, table),
      table_type: types[table.type],
      is_insertable_into: table.type === 'TABLE' ? 'YES' : 'NO',
      creation_time: instant(table.creationTime),
      base_table_catalog: base?.projectId,
      base_table_schema: base?.datasetId,
      base_table_name: base?.tableId,
    };
  });
  const base = { base_table_catalog: TEXT, base_table_schema: TEXT, base_table_name: TEXT };
  const own = { table_type: TEXT, is_insertable_into: TEXT, creation_time: 'TIMESTAMPTZ', ...base };
  return { sql: values({ ...TABLE_COLUMNS, ...own }, rows) };
}

function views(scope: Scope): Rows {
  const rows = scope.entries.flatMap(({ table }) =>
    table.view ? [{ ...named(scope, table), view_definition: table.view.query, use_standard_sql: 'YES' }] : [],
  );
  const own = { view_definition: TEXT, check_option: TEXT, use_standard_sql: TEXT };
  return { sql: values({ ...TABLE_COLUMNS, ...own }, rows) };
}

function paths(scope: Scope): Rows {
  const walk = (fields: readonly Field[], above: string): { path: string; field: Field }[] =>
    fields.flatMap((field) => {
      const path = `${above}${field.name}`;
      return [{ path, field }, ...walk(field.fields ?? [], `${path}.`)];
    });
  const rows = scope.entries.flatMap(({ table }) =>
    walk(table.schema?.fields ?? [], '').map(({ path, field }) => ({
      ...named(scope, table),
      column_name: path.split('.')[0],
      field_path: path,
      data_type: sqlType(field),
      description: field.description,
    })),
  );
  const own = { column_name: TEXT, field_path: TEXT, data_type: TEXT, description: TEXT };
  return { sql: values({ ...TABLE_COLUMNS, ...own }, rows) };
}

function schemata({ catalog }: Bigquery, project: string): Rows {
  const rows = catalog.datasets(project).map((dataset) => ({
    catalog_name: project,
    schema_name: dataset.datasetReference.datasetId,
    creation_time: instant(dataset.creationTime),
    last_modified_time: instant(dataset.lastModifiedTime),
    location: dataset.location,
  }));
  const times = { creation_time: 'TIMESTAMPTZ', last_modified_time: 'TIMESTAMPTZ' };
  return { sql: values({ catalog_name: TEXT, schema_name: TEXT, ...times, location: TEXT }, rows) };
}

function columns(scope: Scope): Rows {
  const rows = scope.entries.flatMap(({ table }) =>
    (table.schema?.fields ?? []).map((field, index) => {
      const is = (title: string | undefined) => title?.toLowerCase() === field.name.toLowerCase();
      const clustered = table.clustering?.fields.findIndex(is) ?? -1;
      return {
        ...named(scope, table),
        column_name: field.name,
        ordinal_position: index + 1,
        is_nullable: field.mode === 'REQUIRED' ? 'NO' : 'YES',
        data_type: sqlType(field),
        is_partitioning_column: is(partitionColumn(table)) ? 'YES' : 'NO',
        clustering_ordinal_position: clustered < 0 ? null : clustered + 1,
      };
    }),
  );
  const own = {
    column_name: TEXT,
    ordinal_position: 'BIGINT',
    is_nullable: TEXT,
    data_type: TEXT,
    is_partitioning_column: TEXT,
    clustering_ordinal_position: 'BIGINT',
  };
  return { sql: values({ ...TABLE_COLUMNS, ...own }, rows) };
}

const PARTITION_IDS: Readonly<Record<string, string>> = { HOUR: '%Y%m%d%H', DAY: '%Y%m%d', MONTH: '%Y%m', YEAR: '%Y' };

/** SQL of the id of the partition that a row of `t` is in. */
function partitionId({ timePartitioning, rangePartitioning }: Table): string {
  if (timePartitioning) {
    const format = quote(PARTITION_IDS[timePartitioning.type] ?? '');
    return `coalesce(strftime(CAST(t.${name(timePartitioning.field)} AS TIMESTAMP), ${format}), '__NULL__')`;
  }
  if (!rangePartitioning) return 'CAST(NULL AS VARCHAR)';
  const column = `t.${name(rangePartitioning.field)}`;
  const { start, end, interval } = rangePartitioning.range;
  return `CASE WHEN ${column} IS NULL THEN '__NULL__' WHEN ${column} < ${start} OR ${column} >= ${end} THEN '__UNPARTITIONED__'
    ELSE CAST(${column} - (${column} - ${start}) % ${interval} AS VARCHAR) END`;
}

/** Counted when the query runs. A table without partitions is one, whose id is NULL. */
function partitions(scope: Scope): Rows {
  const counted = scope.entries.filter(({ table }) => table.type !== 'VIEW' && table.schema?.fields.length);
  const none = values(
    {
      ...TABLE_COLUMNS,
      ...{ partition_id: TEXT, total_rows: 'BIGINT', total_logical_bytes: 'BIGINT' },
      ...{ last_modified_time: 'TIMESTAMPTZ', storage_tier: TEXT },
    },
    [],
  );
  const each = counted.map(({ table, physical }) => {
    const fields: readonly Field[] = table.schema?.fields ?? [];
    const { table_catalog, table_schema, table_name } = named(scope, table);
    return `SELECT ${[table_catalog, table_schema, table_name].map(quote).join(', ')}, ${partitionId(table)}, count(*),
      CAST(${total(fields)} AS BIGINT), CAST(${literal(instant(table.lastModifiedTime))} AS TIMESTAMPTZ), 'ACTIVE'
      FROM ${physicalTable(physical)} AS t GROUP BY ALL`;
  });
  return { sql: [none, ...each].join(' UNION ALL '), counts: counted.map(tableSource) };
}

const MS_A_DAY = 86_400_000;

function options(scope: Scope): Rows {
  const text = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  const rows = scope.entries.flatMap(({ table }) => {
    const { timePartitioning, labels, expirationTime } = table;
    const days = timePartitioning?.expirationMs;
    const pairs = Object.entries((labels ?? {}) as Record<string, string>);
    const required = table.requirePartitionFilter || timePartitioning?.requirePartitionFilter;
    const found: readonly (readonly [string, string, string | undefined])[] = [
      ['description', 'STRING', text(table.description)],
      ['friendly_name', 'STRING', text(table.friendlyName)],
      ['expiration_timestamp', 'TIMESTAMP', expirationTime && `TIMESTAMP ${text(instant(expirationTime))}`],
      ['partition_expiration_days', 'FLOAT64', days && (Number(days) / MS_A_DAY).toFixed(1)],
      ['require_partition_filter', 'BOOL', required ? 'true' : undefined],
      [
        'labels',
        'ARRAY<STRUCT<STRING, STRING>>',
        pairs.length > 0
          ? `[${pairs.map(([key, value]) => `STRUCT(${text(key)}, ${text(value)})`).join(', ')}]`
          : undefined,
      ],
    ];
    return found
      .filter(([, , value]) => value !== undefined)
      .map(([option_name, option_type, option_value]) => ({
        ...named(scope, table),
        ...{ option_name, option_type, option_value },
      }));
  });
  return { sql: values({ ...TABLE_COLUMNS, option_name: TEXT, option_type: TEXT, option_value: TEXT }, rows) };
}

function jobs(bigquery: Bigquery, project: string): Rows {
  const rows = bigquery.jobs.list(project, ALL_JOBS).map((job: Job) => {
    const { statistics, configuration, status, jobReference } = job;
    const query = statistics.query as { statementType?: string; totalBytesBilled?: string } | undefined;
    const { errorResult } = status;
    return {
      creation_time: instant(statistics.creationTime),
      project_id: project,
      user_email: String(job.user_email),
      job_id: jobReference.jobId,
      job_type: String(configuration.jobType),
      statement_type: query?.statementType,
      start_time: instant(statistics.startTime),
      end_time: instant(statistics.endTime),
      query: (configuration.query as { query?: string } | undefined)?.query,
      state: status.state,
      total_bytes_processed: Number(statistics.totalBytesProcessed ?? 0),
      total_bytes_billed: Number(query?.totalBytesBilled ?? 0),
      error_reason: errorResult?.reason,
      error_message: errorResult?.message,
    };
  });
  const types: Columns = {
    ...{ creation_time: 'TIMESTAMPTZ', project_id: TEXT, user_email: TEXT, job_id: TEXT, job_type: TEXT },
    ...{ statement_type: TEXT, start_time: 'TIMESTAMPTZ', end_time: 'TIMESTAMPTZ', query: TEXT, state: TEXT },
    ...{ total_bytes_processed: 'BIGINT', total_bytes_billed: 'BIGINT', error_reason: TEXT, error_message: TEXT },
  };
  const error =
    "CASE WHEN error_reason IS NOT NULL THEN {'reason': error_reason, 'location': CAST(NULL AS VARCHAR), 'debug_info': CAST(NULL AS VARCHAR), 'message': error_message} END AS error_result";
  return { sql: `SELECT * EXCLUDE (error_reason, error_message), ${error} FROM (${values(types, rows)})` };
}
