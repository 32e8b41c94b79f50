import { gunzipSync } from 'node:zlib';
import type { DuckDBValue } from '@duckdb/node-api';
import type { Bigquery } from './bigquery.ts';
import type { TableReference } from './catalog.ts';
import { disposition } from './destinations.ts';
import { invalid, unimplemented } from './errors.ts';
import { jobKey, recordFinished } from './finished-jobs.ts';
import { grow } from './growing.ts';
import { appendRows } from './insert-all.ts';
import type { Job, JobError } from './job-store.ts';
import { checkLayout, readLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import { type FileFormat, type ReadRecord, readRecords } from './records.ts';
import { type Field, readFields } from './schema.ts';
import { readObjects } from './storage.ts';
import { newTable } from './tables.ts';
import { rowValues, ValueError } from './values.ts';

interface LoadConfiguration extends FileFormat {
  readonly [key: string]: unknown;
  readonly destinationTable?: TableReference;
  readonly schema?: { readonly fields?: unknown };
  readonly sourceUris?: readonly string[];
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
  readonly maxBadRecords?: number | string;
  readonly autodetect?: boolean;
  readonly schemaUpdateOptions?: readonly string[];
}

/** The client says the location here too; the job's reference is what counts. */
const UNDERSTOOD = new Set([
  'location',
  'destinationTable',
  'schema',
  'sourceFormat',
  'sourceUris',
  'writeDisposition',
  'createDisposition',
  'skipLeadingRows',
  'fieldDelimiter',
  'quote',
  'nullMarker',
  'allowQuotedNewlines',
  'allowJaggedRows',
  'ignoreUnknownValues',
  'maxBadRecords',
  'timePartitioning',
  'rangePartitioning',
  'clustering',
  'autodetect',
  'schemaUpdateOptions',
]);
const MOST_ERRORS = 5;

/** Runs a load job over uploaded bytes: newline-delimited JSON or CSV. More than `maxBadRecords` bad rows fail all of it. */
export async function runLoad(bigquery: Bigquery, job: Job, media?: Buffer): Promise<Outcome> {
  const configuration = job.configuration.load as LoadConfiguration;
  for (const [key, value] of Object.entries(configuration)) {
    if (!UNDERSTOOD.has(key) && value !== undefined && value !== null && value !== false)
      throw unimplemented(`${key} of a load job`);
  }
  const target = configuration.destinationTable;
  if (!target) throw invalid('A load job needs a destination table.');
  const files = await filesOf(bigquery, configuration, media);
  const decided = await disposition(bigquery, target, {
    write: configuration.writeDisposition,
    create: configuration.createDisposition,
    otherwise: 'WRITE_APPEND',
  });
  const present = decided.kind === 'append' ? decided.entry.table : decided.replaces?.table;
  const known = configuration.schema ? readFields(configuration.schema.fields) : present?.schema?.fields;
  if (!known && configuration.autodetect !== true) throw invalid('No schema specified on job or table.');
  const texts = files.map((file) => unpacked(file).toString('utf8'));
  const { records, detected } = readRecords(texts, configuration, known);
  const fields = known ?? detected ?? [];
  const options = { options: configuration.schemaUpdateOptions, whole: true };
  const grown = decided.kind === 'append' ? grow(bigquery, decided.entry, fields, options) : undefined;
  const { rows, bad } = await parse(bigquery, records, {
    fields: grown?.table.schema?.fields ?? fields,
    ignoreUnknown: configuration.ignoreUnknownValues === true,
    mostBad: Number(configuration.maxBadRecords ?? 0),
  });
  const inputBytes = String(files.reduce((sum, file) => sum + file.length, 0));
  const statistics = {
    load: {
      inputFiles: String(files.length),
      inputFileBytes: inputBytes,
      outputRows: String(rows.length),
      badRecords: String(bad),
      outputBytes: inputBytes,
    },
  };
  const { catalog, warehouse, context } = bigquery;
  if (grown) {
    const entry = grown;
    await warehouse.ready([entry]);
    catalog.touch(entry.physical, context.clock.now());
    await warehouse.write(async (connection) => {
      await appendRows(connection, entry.physical, rows);
      await recordFinished(bigquery, connection, jobKey(job), statistics);
    });
    return { statistics };
  }
  const table = newTable(bigquery, catalog.dataset(target.projectId, target.datasetId), {
    ...present,
    tableReference: target,
    type: 'TABLE',
    schema: { fields },
    ...readLayout(configuration),
  });
  checkLayout(table);
  const physical = catalog.newPhysical();
  await warehouse.ready([{ table, physical }]);
  await warehouse.write((connection) => appendRows(connection, physical, rows));
  return { statistics, sweep: true, commit: () => void catalog.putTable(table, physical) };
}

/** The text of a file, which may be compressed: BigQuery sees that by its first bytes. @throws HttpError invalid */
function unpacked(file: Buffer): Buffer {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file);
  } catch {
    throw invalid('Error while reading data: the file is compressed with gzip, but is damaged.');
  }
}

/** What is loaded: the bytes of an upload, or of the objects that the job names. */
async function filesOf(bigquery: Bigquery, { sourceUris = [] }: LoadConfiguration, media?: Buffer): Promise<Buffer[]> {
  if (media) return [media];
  if (sourceUris.length === 0) throw invalid('A load job needs an upload or source URIs.');
  return await readObjects(bigquery, sourceUris);
}

async function parse(
  bigquery: Bigquery,
  records: readonly ReadRecord[],
  { fields, ignoreUnknown, mostBad }: { fields: readonly Field[]; ignoreUnknown: boolean; mostBad: number },
): Promise<{ rows: DuckDBValue[][]; bad: number }> {
  const duck = await bigquery.warehouse.duck();
  const options = { duck, ignoreUnknown };
  const rows: DuckDBValue[][] = [];
  const errors: JobError[] = [];
  for (const [index, read] of records.entries()) {
    try {
      rows.push(rowValues(fields, read(), options));
    } catch (error) {
      if (!(error instanceof ValueError) && !(error instanceof SyntaxError)) throw error;
      const location = error instanceof ValueError ? { location: error.location } : {};
      errors.push({
        reason: 'invalid',
        message: `Error while reading data, row ${index + 1}: ${error.message}`,
        ...location,
      });
    }
  }
  if (errors.length > mostBad) {
    const message = `Error while reading data; ${errors.length} rows had errors. ${errors[0]?.message}`;
    throw Object.assign(invalid(message), { errors: errors.slice(0, MOST_ERRORS) });
  }
  return { rows, bad: errors.length };
}
