import { type Bigquery, isExpired } from './bigquery.ts';
import { type Table, tableId } from './catalog.ts';
import { attributes } from './defining.ts';
import { duplicate, invalidQuery, notFound } from './errors.ts';
import { checkLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import { evolve, type Field } from './schema.ts';
import type { Action, Alteration } from './sql/statements.ts';

type AlterTable = Extract<Action, { kind: 'ALTER_TABLE' }>;
type Of<Kind extends Alteration['kind']> = Extract<Alteration, { kind: Kind }>;

/** The key of a table's resource that an option sets. */
const OPTION_KEYS: Readonly<Record<string, string>> = {
  description: 'description',
  friendly_name: 'friendlyName',
  expiration_timestamp: 'expirationTime',
  require_partition_filter: 'requirePartitionFilter',
  labels: 'labels',
};

/** Runs ALTER TABLE: columns are added behind the others, relaxed or described, options set or, with NULL, removed. */
export async function alter(bigquery: Bigquery, execution: Execution, action: AlterTable): Promise<Outcome> {
  const { catalog, context } = bigquery;
  const target = execution.resolve(action.target);
  const title = `Table ${target.projectId}:${target.datasetId}.${target.tableId}`;
  catalog.dataset(target.projectId, target.datasetId);
  const entry = catalog.find(target);
  const done = (operation: string) => ({
    result: { fields: [], rows: [] },
    statistics: { query: { ddlOperationPerformed: operation, ddlTargetTable: target } },
  });
  if (!entry || isExpired(bigquery, entry)) {
    if (action.missingOk) return done('SKIP');
    throw notFound(title);
  }
  if (entry.table.type !== 'TABLE') throw invalidQuery(`${title} is a ${entry.table.type} and cannot be altered`);
  let table = entry.table;
  for (const each of action.alterations) table = await altered(bigquery, table, each);
  table = { ...table, lastModifiedTime: String(context.clock.now()) };
  checkLayout(table);
  const renamed = table.tableReference.tableId !== target.tableId;
  if (renamed && catalog.find(table.tableReference)) throw duplicate(`Table ${tableId(table.tableReference)}`);
  return {
    ...done('ALTER'),
    commit() {
      if (renamed) catalog.deleteTable(target);
      catalog.putTable(table, entry.physical);
    },
  };
}

async function altered(bigquery: Bigquery, table: Table, alteration: Alteration): Promise<Table> {
  const fields = table.schema?.fields ?? [];
  switch (alteration.kind) {
    case 'set':
      return await withOptions(bigquery, table, alteration.options);
    case 'rename':
      return { ...table, tableReference: { ...table.tableReference, tableId: alteration.to } };
    case 'add':
      return { ...table, schema: { fields: added(fields, alteration, tableId(table.tableReference)) } };
    case 'column':
      return { ...table, schema: { fields: withColumn(fields, alteration, tableId(table.tableReference)) } };
  }
}

function added(present: readonly Field[], { field, ifNotExists }: Of<'add'>, title: string): readonly Field[] {
  const taken = present.some((each) => each.name.toLowerCase() === field.name.toLowerCase());
  if (taken && ifNotExists) return present;
  if (taken) throw duplicate(`Column ${field.name} in ${title}`);
  return evolve(present, [...present, field], title);
}

function withColumn(present: readonly Field[], alteration: Of<'column'>, title: string): readonly Field[] {
  const { column, missingOk, nullable, description } = alteration;
  const index = present.findIndex((each) => each.name.toLowerCase() === column.toLowerCase());
  const field = present[index];
  if (!field && missingOk) return present;
  if (!field) throw invalidQuery(`Column not found: ${column} in ${title}`);
  const { description: _description, ...plain } = field;
  const changed: Field = {
    ...(description === undefined ? field : plain),
    ...(description ? { description } : {}),
    ...(nullable && field.mode === 'REQUIRED' ? { mode: 'NULLABLE' } : {}),
  };
  return present.with(index, changed);
}

async function withOptions(bigquery: Bigquery, table: Table, set: Of<'set'>['options']): Promise<Table> {
  const days = set.options.partition_expiration_days;
  if (days !== undefined && !table.timePartitioning)
    throw invalidQuery('partition_expiration_days is only for a partitioned table');
  const { timePartitioning } = table;
  const partitioning = timePartitioning ? { field: timePartitioning.field, type: timePartitioning.type } : undefined;
  const kept = { ...table } as Record<string, unknown>;
  for (const option of Object.keys(set.options)) delete kept[OPTION_KEYS[option] ?? ''];
  const wanted = await attributes(bigquery, {
    ...set,
    ...(days !== undefined && partitioning ? { partitioning } : {}),
  });
  return { ...kept, ...wanted } as Table;
}
