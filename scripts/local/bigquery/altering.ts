import { type Bigquery, isExpired } from './bigquery.ts';
import type { Table } from './catalog.ts';
import { attributes } from './defining.ts';
import { duplicate, invalidQuery, notFound } from './errors.ts';
import { checkLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import { evolve, type Field } from './schema.ts';
import type { Action } from './sql/statements.ts';

type Alteration = Extract<Action, { kind: 'ALTER_TABLE' }>;

/** The key of a table's resource that an option sets. */
const OPTION_KEYS: Readonly<Record<string, string>> = {
  description: 'description',
  friendly_name: 'friendlyName',
  expiration_timestamp: 'expirationTime',
  require_partition_filter: 'requirePartitionFilter',
  labels: 'labels',
};

/** Runs ALTER TABLE: columns are added behind the others, options set or, with NULL, removed. */
export async function alter(bigquery: Bigquery, execution: Execution, action: Alteration): Promise<Outcome> {
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
  const fields = added(entry.table.schema?.fields ?? [], action, title);
  const options = action.set ? await withOptions(bigquery, entry.table, action.set) : entry.table;
  const table: Table = { ...options, schema: { fields }, lastModifiedTime: String(context.clock.now()) };
  checkLayout(table);
  return { ...done('ALTER'), commit: () => void catalog.putTable(table, entry.physical) };
}

function added(present: readonly Field[], { added: given }: Alteration, title: string): Field[] {
  let fields = [...present];
  for (const { field, ifNotExists } of given) {
    const taken = fields.some((each) => each.name.toLowerCase() === field.name.toLowerCase());
    if (taken && ifNotExists) continue;
    if (taken) throw duplicate(`Column ${field.name} in ${title}`);
    fields = evolve(fields, [...fields, field], title);
  }
  return fields;
}

async function withOptions(bigquery: Bigquery, table: Table, set: NonNullable<Alteration['set']>): Promise<Table> {
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
