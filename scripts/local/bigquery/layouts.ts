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

/**
 * Checks a table's partitioning and clustering against its columns.
 * @throws HttpError invalid when they do not fit; notImplemented for partitioning by ingestion time or range.
 */
export function checkLayout(table: Table): void {
  const fields = table.schema?.fields ?? [];
  const { timePartitioning, clustering } = table;
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
