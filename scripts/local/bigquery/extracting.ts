import { gzipSync } from 'node:zlib';
import { type Bigquery, liveEntry } from './bigquery.ts';
import type { TableReference } from './catalog.ts';
import { selectAll } from './defining.ts';
import { invalid, unimplemented } from './errors.ts';
import { parseJson } from './exact-json.ts';
import type { Job } from './job-store.ts';
import type { Outcome } from './outcomes.ts';
import { writeParquet } from './parquet.ts';
import { type Cell, type CellValue, type Row, resultRow } from './results.ts';
import type { Field } from './schema.ts';
import { writeObject } from './storage.ts';
import { formatDatetime } from './times.ts';

interface ExtractConfiguration {
  readonly sourceTable?: TableReference;
  readonly destinationUri?: string;
  readonly destinationUris?: readonly string[];
  readonly destinationFormat?: string;
  readonly compression?: string;
  readonly fieldDelimiter?: string;
  readonly printHeader?: boolean;
}

const UNDERSTOOD = new Set([
  'sourceTable',
  'destinationUri',
  'destinationUris',
  'destinationFormat',
  'compression',
  'fieldDelimiter',
  'printHeader',
]);
/** What a wildcard is replaced by: the number of the file. There is always one. */
export const FIRST_SHARD = '0'.repeat(12);

/** Runs an extract job: the rows of a table as newline-delimited JSON, CSV or Parquet, into one object of Cloud Storage. */
export async function runExtract(bigquery: Bigquery, job: Job): Promise<Outcome> {
  const configuration = job.configuration.extract as ExtractConfiguration;
  for (const [key, value] of Object.entries(configuration)) {
    if (!UNDERSTOOD.has(key) && value !== undefined && value !== null && value !== false)
      throw unimplemented(`${key} of an extract job`);
  }
  const uris = configuration.destinationUris ?? (configuration.destinationUri ? [configuration.destinationUri] : []);
  const [uri] = uris;
  if (!configuration.sourceTable || !uri) throw invalid('An extract job needs a source table and a destination URI.');
  if (uris.length > 1) throw unimplemented('an extract job to more than one URI');
  const entry = liveEntry(bigquery, configuration.sourceTable);
  if (entry.table.type === 'VIEW') throw invalid('Cannot extract from a table of type VIEW.');
  const fields = entry.table.schema?.fields ?? [];
  await bigquery.warehouse.ready([entry]);
  const { bytes, type, size } = await fileOf(bigquery, `${selectAll(entry)} ORDER BY rowid`, fields, configuration);
  await writeObject(bigquery, uri.replace('*', FIRST_SHARD), bytes, type);
  return { statistics: { extract: { destinationUriFileCounts: ['1'], inputBytes: String(size) } } };
}

/** A query's rows as a file, how many bytes they are without compression, and how many rows. */
export async function fileOf(
  bigquery: Bigquery,
  sql: string,
  fields: readonly Field[],
  configuration: Omit<ExtractConfiguration, 'sourceTable' | 'destinationUri' | 'destinationUris'>,
): Promise<{ bytes: Buffer; type: string; size: number; rows: number }> {
  const { destinationFormat, compression } = configuration;
  if (destinationFormat === 'PARQUET') {
    const { bytes, rows } = await writeParquet(bigquery, sql, compression);
    return { bytes, type: 'application/octet-stream', size: bytes.length, rows };
  }
  const { text, type } = writer(fields, configuration);
  const reader = await bigquery.warehouse.read(sql);
  const written = Buffer.from(text(reader.getRows().map((values) => resultRow(fields, values))));
  return { bytes: compress(written, compression), type, size: written.length, rows: reader.currentRowCount };
}

function compress(bytes: Buffer, compression = 'NONE'): Buffer {
  if (compression === 'NONE') return bytes;
  if (compression === 'GZIP') return gzipSync(bytes);
  throw unimplemented(`an extract with the compression ${compression}`);
}

function writer(fields: readonly Field[], configuration: ExtractConfiguration) {
  const { destinationFormat = 'CSV', fieldDelimiter = ',', printHeader = true } = configuration;
  if (destinationFormat === 'NEWLINE_DELIMITED_JSON') {
    const text = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(toObject(fields, row))}\n`).join('');
    return { text, type: 'application/json' };
  }
  if (destinationFormat !== 'CSV') throw unimplemented(`an extract to ${destinationFormat}`);
  const nested = fields.find((field) => field.type === 'RECORD' || field.mode === 'REPEATED');
  if (nested) throw invalid(`Operation cannot be performed on a nested schema. Field: ${nested.name}`);
  const delimiter = fieldDelimiter === 'tab' || fieldDelimiter === '\\t' ? '\t' : fieldDelimiter;
  const line = (values: readonly string[]) => `${values.map((each) => quoted(each, delimiter)).join(delimiter)}\n`;
  const head = printHeader ? line(fields.map((field) => field.name)) : '';
  const text = (rows: readonly Row[]) =>
    head + rows.map(({ f }) => line(f.map(({ v }, index) => csvText(fields[index], v)))).join('');
  return { text, type: 'text/csv' };
}

function quoted(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvText(field: Field | undefined, value: CellValue): string {
  if (value === null || !field) return '';
  return String(scalar(field, String(value)));
}

/** A row as JSON: NULL fields are left out, INT64 and the decimals are strings. */
function toObject(fields: readonly Field[], row: Row): Record<string, unknown> {
  const pairs = fields.map((field, index) => [field.name, toJson(field, row.f[index]?.v ?? null)] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null));
}

function toJson(field: Field, value: CellValue): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) {
    const { mode: _mode, ...element } = field;
    return (value as readonly Cell[]).map(({ v }) => toJson(element, v));
  }
  if (field.type === 'RECORD') return toObject(field.fields ?? [], value as Row);
  const text = String(value);
  if (field.type === 'BOOLEAN') return text === 'true';
  if (field.type === 'FLOAT') return Number.isFinite(Number(text)) ? Number(text) : text;
  return field.type === 'JSON' ? parseJson(text) : scalar(field, text);
}

function scalar(field: Field, text: string): string {
  if (field.type === 'FLOAT') return text.replace(/\.0$/, '');
  if (field.type !== 'TIMESTAMP') return text;
  return `${formatDatetime(BigInt(text)).replace('T', ' ')} UTC`;
}
