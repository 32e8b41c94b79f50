import { type Bigquery, isExpired } from './bigquery.ts';
import type { Entry, Table, TableReference } from './catalog.ts';
import { duplicate, invalid, notFound } from './errors.ts';
import { recordFinished } from './finished-jobs.ts';
import { grow } from './growing.ts';
import { checkLayout, readLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import type { Field } from './schema.ts';
import { columnsOf, prepare, select } from './selecting.ts';
import type { Reference } from './sql/compilation.ts';
import { name } from './sql/reader.ts';
import { newTable } from './tables.ts';
import { physicalTable } from './warehouse.ts';

/** What a job does with a table it writes to, as its dispositions say. */
export type Disposition =
  | { readonly kind: 'create'; readonly replaces?: Entry }
  | { readonly kind: 'append'; readonly entry: Entry };

/**
 * Decides between creating, replacing and appending.
 * @param empty the default of writeDisposition: WRITE_EMPTY for queries and copies, WRITE_APPEND for loads.
 * @throws HttpError duplicate for a table that is not empty, notFound for one that must not be created.
 */
export async function disposition(
  bigquery: Bigquery,
  target: TableReference,
  wanted: { write: string | undefined; create: string | undefined; otherwise: 'WRITE_EMPTY' | 'WRITE_APPEND' },
): Promise<Disposition> {
  const title = `Table ${target.projectId}:${target.datasetId}.${target.tableId}`;
  bigquery.catalog.dataset(target.projectId, target.datasetId);
  const found = bigquery.catalog.find(target);
  const present = found && !isExpired(bigquery, found) ? found : undefined;
  if (!present) {
    if (wanted.create === 'CREATE_NEVER') throw notFound(title);
    return { kind: 'create' };
  }
  if (present.table.type !== 'TABLE') throw invalid(`${title} is a ${present.table.type} and cannot be written to`);
  const write = wanted.write ?? wanted.otherwise;
  if (write === 'WRITE_TRUNCATE') return { kind: 'create', replaces: present };
  if (write === 'WRITE_APPEND') return { kind: 'append', entry: present };
  if (write !== 'WRITE_EMPTY') throw invalid(`Invalid value for writeDisposition: ${write}`);
  if (!present.table.schema?.fields.length) return { kind: 'append', entry: present };
  await bigquery.warehouse.ready([present]);
  const reader = await bigquery.warehouse.read(`SELECT 1 FROM ${physicalTable(present.physical)} LIMIT 1`);
  if (reader.currentRowCount > 0) throw duplicate(title);
  return { kind: 'append', entry: present };
}

/** A new table's rows, from a rewritten query; the table is there once `commit` of the outcome has run. */
export async function createFrom(
  bigquery: Bigquery,
  table: Table,
  source: { sql: string; references: readonly Reference[] },
): Promise<Outcome> {
  const { catalog, warehouse } = bigquery;
  const { projectId, datasetId } = table.tableReference;
  const made = newTable(bigquery, catalog.dataset(projectId, datasetId), table);
  const physical = catalog.newPhysical();
  try {
    await prepare(bigquery, source.references);
    await warehouse.ready([{ table: made, physical }]);
    await warehouse.write((connection) => connection.run(`INSERT INTO ${physicalTable(physical)} ${source.sql}`));
  } catch (error) {
    catalog.release(physical);
    throw error;
  }
  return {
    result: { fields: [], rows: [] },
    statistics: {},
    sweep: true,
    commit: () => void catalog.putTable(made, physical),
  };
}

/** Columns of a query as those of a table: NULLABLE is not said. */
export function tableFields(fields: readonly Field[]): Field[] {
  return fields.map((field) => {
    const { mode, ...rest } = field;
    return {
      ...rest,
      ...(mode === 'REPEATED' ? { mode } : {}),
      ...(field.fields ? { fields: tableFields(field.fields) } : {}),
    };
  });
}

/** Runs a SELECT into a table. The result can be read from the job too. */
export async function writeSelection(
  bigquery: Bigquery,
  execution: Execution,
  target: TableReference,
): Promise<Outcome> {
  const { statement, configuration } = execution;
  const { action, references } = statement;
  if (action.kind !== 'SELECT') throw invalid('A destination table is only for SELECT.');
  const decided = await disposition(bigquery, target, {
    write: configuration.writeDisposition,
    create: configuration.createDisposition,
    otherwise: 'WRITE_EMPTY',
  });
  const fields = await columnsOf(bigquery, action.sql, references);
  const result = await select(bigquery, action.sql, references);
  if (decided.kind === 'append') {
    const options = { options: configuration.schemaUpdateOptions, whole: false };
    const entry = grow(bigquery, decided.entry, tableFields(fields), options);
    await bigquery.warehouse.ready([entry]);
    bigquery.catalog.touch(entry.physical, bigquery.context.clock.now());
    await bigquery.warehouse.write(async (connection) => {
      const columns = fields.map((field) => name(field.name)).join(', ');
      await connection.run(`INSERT INTO ${physicalTable(entry.physical)} (${columns}) ${action.sql}`);
      await recordFinished(bigquery, connection, execution.jobKey, {});
    });
    return { result, statistics: {}, destination: target };
  }
  const table: Table = {
    ...decided.replaces?.table,
    tableReference: target,
    type: 'TABLE',
    schema: { fields: tableFields(fields) },
    ...readLayout(configuration),
  };
  checkLayout(table);
  const outcome = await createFrom(bigquery, table, { sql: action.sql, references });
  return { ...outcome, result, destination: target };
}
