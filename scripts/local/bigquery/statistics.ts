import { HttpError } from '../plumbing/http.ts';
import type { Bigquery } from './bigquery.ts';
import { type Entry, tableId } from './catalog.ts';
import { partitionColumn } from './layouts.ts';
import type { Field, FieldType } from './schema.ts';
import type { Comparison } from './sql/arguments.ts';
import type { Reference } from './sql/compilation.ts';
import { name } from './sql/reader.ts';
import { physicalTable } from './warehouse.ts';

const FIXED: Partial<Record<FieldType, number>> = {
  INTEGER: 8,
  FLOAT: 8,
  BOOLEAN: 1,
  TIMESTAMP: 8,
  DATE: 8,
  TIME: 8,
  DATETIME: 8,
  NUMERIC: 16,
  BIGNUMERIC: 32,
  INTERVAL: 16,
};

/** The logical size of a value, in bytes, as BigQuery bills it: 2 more than their length for STRING and BYTES; NULL is 0. */
function size(field: Field, value: string): string {
  if (field.mode === 'REPEATED') {
    const { mode: _mode, ...element } = field;
    return `coalesce(list_sum(list_transform(${value}, lambda e: ${size(element, 'e')})), 0)`;
  }
  const fixed = FIXED[field.type];
  if (fixed) return `CASE WHEN ${value} IS NULL THEN 0 ELSE ${fixed} END`;
  if (field.type === 'RECORD') {
    return `(${(field.fields ?? []).map((inner) => size(inner, `struct_extract(${value}, '${inner.name.replaceAll("'", "''")}')`)).join(' + ')})`;
  }
  const length = field.type === 'BYTES' ? `octet_length(${value})` : `strlen(CAST(${value} AS VARCHAR))`;
  return `coalesce(${length} + 2, 0)`;
}

/** The logical size of all of a column's values. */
function sizeOfAll(field: Field, value: string): string {
  const fixed = field.mode === 'REPEATED' ? undefined : FIXED[field.type];
  return fixed ? `${fixed} * count(${value})` : `coalesce(sum(${size(field, value)}), 0)`;
}

/** SQL of how many bytes the columns of `t` hold. */
export function total(fields: readonly Field[]): string {
  return fields.length === 0 ? '0' : fields.map((field) => sizeOfAll(field, `t.${name(field.name)}`)).join(' + ');
}

/** Counts the rows and bytes of a table, and remembers them. */
export async function count(bigquery: Bigquery, entry: Entry): Promise<{ rows: number; bytes: number }> {
  const { catalog, warehouse } = bigquery;
  await warehouse.ready([entry]);
  const fields = entry.table.schema?.fields ?? [];
  if (fields.length === 0) return { rows: 0, bytes: 0 };
  const reader = await warehouse.read(
    `SELECT count(*), CAST(${total(fields)} AS BIGINT) FROM ${physicalTable(entry.physical)} AS t`,
  );
  const rows = Number(reader.value(0, 0));
  const bytes = Number(reader.value(1, 0));
  catalog.setCounted(entry.physical, rows, bytes);
  return { rows, bytes };
}

/**
 * How many bytes a statement reads: the columns it names of every table, in the partitions its WHERE leaves.
 * @throws HttpError invalidQuery when a table that wants a filter on its partitions has none.
 */
export async function bytesRead(bigquery: Bigquery, references: readonly Reference[]): Promise<number> {
  let bytes = 0;
  for (const reference of references.filter((each) => !each.metadata)) {
    const [projectId = '', datasetId = '', title = ''] = splitId(reference.source.id);
    const entry = bigquery.catalog.find({ projectId, datasetId, tableId: title });
    if (!entry) continue;
    const pruning = prune(entry, reference);
    if (pruning.length === 0) requireFilter(entry);
    const fields = read(entry, reference);
    if (fields.length === 0) continue;
    await bigquery.warehouse.ready([entry]);
    const where = pruning.length > 0 ? ` WHERE ${pruning.join(' AND ')}` : '';
    bytes += await bigquery.warehouse.count(
      `SELECT CAST(${total(fields)} AS BIGINT) FROM ${physicalTable(entry.physical)} AS t${where}`,
    );
  }
  return bytes;
}

/** The parts of `project.dataset.table`; a project's name may hold points. */
function splitId(id: string): string[] {
  const parts = id.split('.');
  return [parts.slice(0, -2).join('.'), ...parts.slice(-2)];
}

function read(entry: Entry, reference: Reference): readonly Field[] {
  return (entry.table.schema?.fields ?? []).filter((field) => {
    const key = field.name.toLowerCase();
    return reference.words.has(key) || (reference.star !== undefined && !reference.star.has(key));
  });
}

function requireFilter(entry: Entry): void {
  const { requirePartitionFilter, timePartitioning, tableReference } = entry.table;
  const column = partitionColumn(entry.table);
  if (!column || !(requirePartitionFilter || timePartitioning?.requirePartitionFilter)) return;
  throw new HttpError(
    400,
    'invalidQuery',
    `Cannot query over table '${tableId(tableReference)}' without a filter over column(s) '${column}' that can be used for partition elimination`,
  );
}

/** Conditions that keep whole partitions: those in which a row may fulfil the comparisons. */
function prune(entry: Entry, reference: Reference): string[] {
  const { timePartitioning, rangePartitioning, schema } = entry.table;
  const title = partitionColumn(entry.table)?.toLowerCase();
  const field = schema?.fields.find((each) => each.name.toLowerCase() === title);
  if (!field) return [];
  const about = reference.holds.filter(
    ({ path }) => path.at(-1)?.toLowerCase() === field.name.toLowerCase() && belongs(path, reference),
  );
  const column = `t.${name(field.name)}`;
  if (rangePartitioning) return about.map((comparison) => inRange(comparison, column, rangePartitioning.range));
  const type = field.type === 'DATE' ? 'DATE' : field.type === 'TIMESTAMP' ? 'TIMESTAMPTZ' : 'TIMESTAMP';
  const unit = (timePartitioning?.type ?? 'DAY').toLowerCase();
  return about.map((comparison) => condition(comparison, column, type, unit));
}

function belongs(path: readonly string[], reference: Reference): boolean {
  return path.length === 1 || (path.length === 2 && path[0]?.toLowerCase() === reference.alias.toLowerCase());
}

/** The partition of the bound itself is read in any case: a row of it may be on the right side. */
function withBound(operator: Comparison['operator']): '=' | '<=' | '>=' {
  if (operator === '=') return '=';
  return operator.startsWith('<') ? '<=' : '>=';
}

/** Rows outside of the range are one partition of their own, which is always read. */
function inRange(
  { operator, value }: Comparison,
  column: string,
  { start, end, interval }: { start: string; end: string; interval: string },
): string {
  const bucket = (x: string) => `((${x} - ${start}) // ${interval})`;
  const bound = `greatest(${start} - ${interval}, least(${end} + ${interval}, CAST(${value} AS HUGEINT)))`;
  return `CASE WHEN ${column} >= ${start} AND ${column} < ${end} THEN ${bucket(column)} ${withBound(operator)} ${bucket(bound)} ELSE ${column} IS NOT NULL END`;
}

function condition({ operator, value, byDate }: Comparison, column: string, type: string, unit: string): string {
  const bound = byDate ? `CAST(${value} AS DATE)` : `CAST(${value} AS ${type})`;
  // A date's last moment may lie in a later partition than its first (hours): a date is compared as one.
  if (byDate && unit === 'hour') return `CAST(${column} AS DATE) ${withBound(operator)} ${bound}`;
  const first = `date_trunc('${unit}', CAST(${bound} AS ${type}))`;
  // Of the column itself, so that DuckDB leaves out what it knows to hold no such row.
  const [from, until] = [`${column} >= ${first}`, `${column} < ${first} + INTERVAL 1 ${unit}`];
  if (operator === '=') return `(${from} AND ${until})`;
  return operator.startsWith('<') ? until : from;
}
