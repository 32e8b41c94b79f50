import { type Bigquery, isExpired, liveEntry } from './bigquery.ts';
import { type Entry, type Table, type TableReference, tableId } from './catalog.ts';
import { createFrom, tableFields } from './destinations.ts';
import { duplicate, invalid, invalidQuery, notFound } from './errors.ts';
import { checkLayout, readLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import type { Field } from './schema.ts';
import { columnsOf } from './selecting.ts';
import { name } from './sql/reader.ts';
import type { Action, Layout, Partitioning } from './sql/statements.ts';
import { newTable } from './tables.ts';
import { physicalTable } from './warehouse.ts';

type Create = Extract<Action, { layout: Layout }>;
type Drop = Extract<Action, { ifExists: boolean }>;
type Base = Partial<Table> & Pick<Table, 'tableReference'>;
const DAY_MS = 86_400_000;

/** Runs CREATE and DROP. The catalog changes in the transaction that ends the job. */
export async function define(bigquery: Bigquery, execution: Execution, action: Action): Promise<Outcome> {
  if ('ifExists' in action) return drop(bigquery, execution, action);
  if ('layout' in action) return await create(bigquery, execution, action);
  throw new Error(`${action.kind} defines nothing`);
}

function ddl(target: TableReference, operation: string): Pick<Outcome, 'statistics' | 'result'> {
  return {
    result: { fields: [], rows: [] },
    statistics: { query: { ddlOperationPerformed: operation, ddlTargetTable: target } },
  };
}

function drop(bigquery: Bigquery, execution: Execution, action: Drop): Outcome {
  const target = execution.resolve(action.target);
  const title = `Table ${target.projectId}:${target.datasetId}.${target.tableId}`;
  bigquery.catalog.dataset(target.projectId, target.datasetId);
  const entry = bigquery.catalog.find(target);
  if (!entry || isExpired(bigquery, entry)) {
    if (action.ifExists) return ddl(target, 'SKIP');
    throw notFound(title);
  }
  const wanted = { DROP_TABLE: 'TABLE', DROP_VIEW: 'VIEW', DROP_SNAPSHOT_TABLE: 'SNAPSHOT' }[action.kind];
  if (entry.table.type !== wanted) throw invalidQuery(`${title} is a ${entry.table.type}, not a ${wanted}`);
  return { ...ddl(target, 'DROP'), sweep: true, commit: () => bigquery.catalog.deleteTable(target) };
}

async function create(bigquery: Bigquery, execution: Execution, action: Create): Promise<Outcome> {
  const { catalog } = bigquery;
  const target = execution.resolve(action.target);
  const dataset = catalog.dataset(target.projectId, target.datasetId);
  const found = catalog.find(target);
  const present = found && !isExpired(bigquery, found) ? found : undefined;
  if (present && action.ifNotExists) return ddl(target, 'SKIP');
  if (present && !action.replace) throw duplicate(`Table ${target.projectId}:${target.datasetId}.${target.tableId}`);
  const done = ddl(target, present ? 'REPLACE' : 'CREATE');
  const base = { tableReference: target, ...(await attributes(bigquery, action.layout)) };
  const { references } = execution.statement;
  switch (action.kind) {
    case 'CREATE_VIEW': {
      const fields = tableFields(await columnsOf(bigquery, action.sql, references));
      const view = { query: action.query, useLegacySql: false };
      const table = newTable(bigquery, dataset, { ...base, type: 'VIEW', schema: { fields }, view });
      return { ...done, sweep: true, commit: () => void catalog.putTable(table) };
    }
    case 'CREATE_TABLE': {
      const like = action.like && liveEntry(bigquery, execution.resolve(action.like)).table;
      if (like && like.type === 'VIEW') throw invalidQuery('CREATE TABLE LIKE takes a table, not a view');
      const table = newTable(bigquery, dataset, {
        ...(like ? copyOf(bigquery, like, base, undefined) : { ...base, schema: { fields: action.fields ?? [] } }),
        type: 'TABLE',
      });
      checkLayout(table);
      return { ...done, sweep: true, commit: () => void catalog.putTable(table) };
    }
    case 'CREATE_TABLE_AS_SELECT': {
      const sql = action.sql ?? '';
      const made = tableFields(await columnsOf(bigquery, sql, references));
      if (action.fields) agrees(action.fields, made);
      const table: Table = { ...base, type: 'TABLE', schema: { fields: action.fields ?? made } };
      checkLayout(table);
      return { ...(await createFrom(bigquery, table, { sql, references })), ...done };
    }
    default: {
      const source = liveEntry(bigquery, execution.resolve(action.source));
      const kind = action.kind === 'CREATE_SNAPSHOT_TABLE' ? 'snapshot' : action.copies ? undefined : 'clone';
      return { ...(await clone(bigquery, source, { base, kind })), ...done };
    }
  }
}

function agrees(declared: readonly Field[], made: readonly Field[]): void {
  const same = declared.length === made.length && declared.every((field, index) => field.type === made[index]?.type);
  if (!same) throw invalidQuery('The columns of CREATE TABLE do not match those of its query');
}

/** A copy of a table, with its rows, under another name. */
async function clone(
  bigquery: Bigquery,
  source: Entry,
  how: { base: Base; kind: 'snapshot' | 'clone' | undefined },
): Promise<Outcome> {
  if (source.table.type === 'VIEW') throw invalidQuery('A view cannot be cloned');
  await bigquery.warehouse.ready([source]);
  const table = copyOf(bigquery, source.table, how.base, how.kind);
  return await createFrom(bigquery, table, { sql: selectAll(source), references: [] });
}

/** What a copy of a table says of itself: a snapshot and a clone name what they were made of, and when. */
export function copyOf(bigquery: Bigquery, source: Table, base: Base, kind: 'snapshot' | 'clone' | undefined): Table {
  const { expirationTime: _expires, snapshotDefinition: _snapshot, cloneDefinition: _clone, ...kept } = source;
  const { tableReference: baseTableReference } = source;
  const time = new Date(bigquery.context.clock.now()).toISOString();
  return {
    ...kept,
    ...base,
    type: kind === 'snapshot' ? 'SNAPSHOT' : 'TABLE',
    ...(kind === 'snapshot' ? { snapshotDefinition: { baseTableReference, snapshotTime: time } } : {}),
    ...(kind === 'clone' ? { cloneDefinition: { baseTableReference, cloneTime: time } } : {}),
  };
}

/** All columns of a table, in the order of its schema. */
export function selectAll(entry: Entry): string {
  const columns = (entry.table.schema?.fields ?? []).map((field) => name(field.name));
  if (columns.length === 0) throw invalid(`Table ${tableId(entry.table.tableReference)} does not have a schema.`);
  return `SELECT ${columns.join(', ')} FROM ${physicalTable(entry.physical)}`;
}

/** The attributes of a table that its layout and options say. */
export async function attributes(bigquery: Bigquery, layout: Layout): Promise<Partial<Table>> {
  const { options, partitioning, clustering, labels } = layout;
  const days = options.partition_expiration_days;
  const expires = options.expiration_timestamp;
  const time =
    typeof expires === 'string'
      ? await bigquery.warehouse.read(`SELECT epoch_ms(CAST(${expires} AS TIMESTAMPTZ))`)
      : undefined;
  return {
    ...(typeof options.description === 'string' ? { description: options.description } : {}),
    ...(typeof options.friendly_name === 'string' ? { friendlyName: options.friendly_name } : {}),
    ...(options.require_partition_filter === true ? { requirePartitionFilter: true } : {}),
    ...(time ? { expirationTime: String(time.value(0, 0)) } : {}),
    ...(labels ? { labels } : {}),
    ...(clustering ? { clustering: { fields: clustering } } : {}),
    ...(partitioning ? partitioned(partitioning, days) : {}),
  };
}

function partitioned(partitioning: Partitioning, days: unknown): Partial<Table> {
  if ('range' in partitioning) return readLayout({ rangePartitioning: partitioning });
  const expires = typeof days === 'number' ? { expirationMs: String(days * DAY_MS) } : {};
  return { timePartitioning: { ...partitioning, ...expires } };
}
