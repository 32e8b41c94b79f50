import type { DuckDBValue } from '@duckdb/node-api';
import type { Bigquery } from './bigquery.ts';
import type { Table, TableReference } from './catalog.ts';
import { type CsvValue, readCsv } from './csv.ts';
import { disposition } from './destinations.ts';
import { invalid, unimplemented } from './errors.ts';
import { jobKey, recordFinished } from './finished-jobs.ts';
import { appendRows } from './insert-all.ts';
import type { Job, JobError } from './job-store.ts';
import { checkLayout } from './layouts.ts';
import type { Outcome } from './outcomes.ts';
import { type Field, readFields } from './schema.ts';
import { readObjects } from './storage.ts';
import { newTable } from './tables.ts';
import { rowValues, ValueError } from './values.ts';

interface LoadConfiguration {
  readonly [key: string]: unknown;
  readonly destinationTable?: TableReference;
  readonly schema?: { readonly fields?: unknown };
  readonly sourceFormat?: string;
  readonly sourceUris?: readonly string[];
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
  readonly skipLeadingRows?: number | string;
  readonly fieldDelimiter?: string;
  readonly quote?: string;
  readonly nullMarker?: string;
  readonly allowQuotedNewlines?: boolean;
  readonly allowJaggedRows?: boolean;
  readonly ignoreUnknownValues?: boolean;
  readonly maxBadRecords?: number | string;
  readonly timePartitioning?: Table['timePartitioning'];
  readonly clustering?: Table['clustering'];
}

const UNDERSTOOD = new Set([
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
  'clustering',
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
  const fields = configuration.schema ? readFields(configuration.schema.fields) : present?.schema?.fields;
  if (!fields) throw invalid('No schema specified on job or table.');
  if (decided.kind === 'append') sameColumns(decided.entry.table, fields);
  const { rows, bad } = await parse(bigquery, files, { ...configuration, fields });
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
  if (decided.kind === 'append') {
    const { entry } = decided;
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
    ...(configuration.timePartitioning ? { timePartitioning: configuration.timePartitioning } : {}),
    ...(configuration.clustering ? { clustering: configuration.clustering } : {}),
  });
  checkLayout(table);
  const physical = catalog.newPhysical();
  await warehouse.ready([{ table, physical }]);
  await warehouse.write((connection) => appendRows(connection, physical, rows));
  return { statistics, sweep: true, commit: () => void catalog.putTable(table, physical) };
}

/** What is loaded: the bytes of an upload, or of the objects that the job names. */
async function filesOf(bigquery: Bigquery, { sourceUris = [] }: LoadConfiguration, media?: Buffer): Promise<Buffer[]> {
  if (media) return [media];
  if (sourceUris.length === 0) throw invalid('A load job needs an upload or source URIs.');
  return await readObjects(bigquery, sourceUris);
}

function sameColumns(table: Table, fields: readonly Field[]): void {
  const present = table.schema?.fields ?? [];
  const same =
    fields.length === present.length &&
    fields.every((field, index) => {
      const column = present[index];
      return column?.name.toLowerCase() === field.name.toLowerCase() && column.type === field.type;
    });
  if (!same) throw invalid('Provided Schema does not match the table. To add columns, update the table first.');
}

async function parse(
  bigquery: Bigquery,
  files: readonly Buffer[],
  configuration: LoadConfiguration & { fields: readonly Field[] },
): Promise<{ rows: DuckDBValue[][]; bad: number }> {
  const duck = await bigquery.warehouse.duck();
  const options = { duck, ignoreUnknown: configuration.ignoreUnknownValues === true };
  const rows: DuckDBValue[][] = [];
  const errors: JobError[] = [];
  for (const [index, read] of files.flatMap((file) => records(file.toString('utf8'), configuration)).entries()) {
    try {
      rows.push(rowValues(configuration.fields, read(), options));
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
  if (errors.length > Number(configuration.maxBadRecords ?? 0)) {
    const message = `Error while reading data; ${errors.length} rows had errors. ${errors[0]?.message}`;
    throw Object.assign(invalid(message), { errors: errors.slice(0, MOST_ERRORS) });
  }
  return { rows, bad: errors.length };
}

type ReadRecord = () => Record<string, unknown>;

function records(text: string, configuration: LoadConfiguration & { fields: readonly Field[] }): ReadRecord[] {
  const format = configuration.sourceFormat ?? 'CSV';
  if (format === 'NEWLINE_DELIMITED_JSON') {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => () => JSON.parse(line) as Record<string, unknown>);
  }
  if (format !== 'CSV') throw unimplemented(`a load of ${format}`);
  const delimiter =
    configuration.fieldDelimiter === '\\t' || configuration.fieldDelimiter === 'tab'
      ? '\t'
      : (configuration.fieldDelimiter ?? ',');
  const lines = readCsv(text, {
    delimiter,
    quote: configuration.quote ?? '"',
    newlines: configuration.allowQuotedNewlines === true,
  });
  return lines.slice(Number(configuration.skipLeadingRows ?? 0)).map((line) => () => csvRecord(line, configuration));
}

function csvRecord(
  line: readonly CsvValue[],
  configuration: LoadConfiguration & { fields: readonly Field[] },
): Record<string, unknown> {
  const { fields, nullMarker = '' } = configuration;
  if (line.length > fields.length && !configuration.ignoreUnknownValues)
    throw new SyntaxError('Too many values in row');
  if (line.length < fields.length && !configuration.allowJaggedRows)
    throw new SyntaxError('CSV table references column position beyond its values');
  return Object.fromEntries(
    fields.map((field, index) => {
      const value = line[index];
      const isNull =
        !value || (!value.quoted && value.text === nullMarker && !(field.type === 'STRING' && nullMarker === ''));
      return [field.name, isNull ? null : value.text];
    }),
  );
}
