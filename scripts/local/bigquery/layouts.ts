import type { Table } from './catalog.ts';
import { invalid, unimplemented } from './errors.ts';
import type { Field } from './schema.ts';

const PARTITION_TYPES = new Set(['HOUR', 'DAY', 'MONTH', 'YEAR']);
const PARTITION_COLUMNS = new Set(['DATE', 'TIMESTAMP', 'DATETIME']);
const CLUSTER_COLUMNS = new Set([
  'STRING',
  'BYTES',
  'INTEGER',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'DATETIME',
  'NUMERIC',
  'BIGNUMERIC',
]);
const MOST_CLUSTERED = 4;

const TIME_KEYS = new Set(['type', 'field', 'expirationMs', 'requirePartitionFilter']);

/** How a table is laid out. */
export type TableLayout = Pick<Table, 'timePartitioning' | 'rangePartitioning' | 'clustering'>;

/**
 * The layout that a request asks for: of a table, or of the one that a job makes.
 * @throws HttpError notImplemented for what is not supported of it, invalid for a range that is none.
 */
export function readLayout(body: Readonly<Record<string, unknown>>): TableLayout {
  const { timePartitioning, rangePartitioning, clustering } = body as TableLayout;
  for (const key of Object.keys(timePartitioning ?? {}))
    if (!TIME_KEYS.has(key)) throw unimplemented(`timePartitioning.${key}`);
  return {
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning: readRange(rangePartitioning) }),
    ...(clustering && { clustering }),
  };
}

function readRange({ field, range }: NonNullable<TableLayout['rangePartitioning']>) {
  const [start, end, interval] = [range?.start, range?.end, range?.interval].map(String);
  const whole = [start, end, interval].every((each) => /^-?\d+$/.test(each ?? ''));
  if (!field || !whole || Number(interval) <= 0 || Number(start) >= Number(end))
    throw invalid('rangePartitioning needs a field, a start, an end after it and an interval of at least 1.');
  return { field, range: { start: `${start}`, end: `${end}`, interval: `${interval}` } };
}

/** The column that a table is partitioned by. */
export function partitionColumn({ timePartitioning, rangePartitioning }: Table): string | undefined {
  return timePartitioning?.field ?? rangePartitioning?.field;
}

/**
 * Checks a table's partitioning and clustering against its columns.
 * @throws HttpError invalid when they do not fit; notImplemented for partitioning by ingestion time.
 */
export function checkLayout(table: Table): void {
  const fields = table.schema?.fields ?? [];
  const { timePartitioning, rangePartitioning, clustering } = table;
  if (timePartitioning && rangePartitioning)
    throw invalid('A table is partitioned by time or by a range, not by both.');
  if (timePartitioning) {
    if (timePartitioning.field === undefined) throw unimplemented('partitioning by ingestion time (name a column)');
    if (!PARTITION_TYPES.has(timePartitioning.type)) {
      throw invalid(`Invalid value for timePartitioning.type: ${timePartitioning.type}`);
    }
    const field = find(fields, timePartitioning.field, 'partitioning');
    if (!PARTITION_COLUMNS.has(field.type) || field.mode === 'REPEATED') {
      throw invalid(
        `The field specified for partitioning must be DATE, TIMESTAMP or DATETIME, but ${field.name} is ${field.type}`,
      );
    }
    if (field.type === 'DATE' && timePartitioning.type === 'HOUR')
      throw invalid('A DATE column cannot be partitioned by HOUR');
  }
  if (rangePartitioning) {
    const field = find(fields, rangePartitioning.field, 'partitioning');
    if (field.type !== 'INTEGER' || field.mode === 'REPEATED')
      throw invalid(`The field specified for range partitioning must be INTEGER, but ${field.name} is ${field.type}`);
  }
  if (!clustering) return;
  if (clustering.fields.length === 0 || clustering.fields.length > MOST_CLUSTERED) {
    throw invalid(`Clustering takes 1 to ${MOST_CLUSTERED} fields`);
  }
  for (const title of clustering.fields) {
    const field = find(fields, title, 'clustering');
    if (!CLUSTER_COLUMNS.has(field.type) || field.mode === 'REPEATED') {
      throw invalid(`Clustering is not supported on the field ${title} of type ${field.type}`);
    }
  }
}

function find(fields: readonly Field[], title: string, purpose: string): Field {
  const field = fields.find((each) => each.name.toLowerCase() === title.toLowerCase());
  if (!field) throw invalid(`The field specified for ${purpose} cannot be found in the schema: ${title}`);
  return field;
}
