import { HttpError } from '../plumbing/http.ts';
import { alter } from './altering.ts';
import type { Bigquery } from './bigquery.ts';
import type { TableReference } from './catalog.ts';
import { define } from './defining.ts';
import { writeSelection } from './destinations.ts';
import { invalid, unimplemented } from './errors.ts';
import { exportData } from './exporting.ts';
import { jobKey } from './finished-jobs.ts';
import type { Job } from './job-store.ts';
import { manipulate } from './manipulating.ts';
import type { Outcome } from './outcomes.ts';
import type { Field } from './schema.ts';
import { defineSchema } from './schemata.ts';
import { columnsOf, prepare, select } from './selecting.ts';
import { finder, toReference } from './sources.ts';
import type { QueryParameter } from './sql/parameters.ts';
import { compile, type Statement } from './sql/statements.ts';
import { bytesRead } from './statistics.ts';

/** `JobConfigurationQuery` of the REST API. */
export interface QueryConfiguration {
  readonly [key: string]: unknown;
  readonly query?: string;
  readonly useLegacySql?: boolean;
  readonly queryParameters?: readonly QueryParameter[];
  readonly parameterMode?: string;
  readonly defaultDataset?: { readonly datasetId?: string; readonly projectId?: string };
  readonly destinationTable?: TableReference;
  readonly writeDisposition?: string;
  readonly createDisposition?: string;
  readonly maximumBytesBilled?: string;
  readonly schemaUpdateOptions?: readonly string[];
}

/** Keys that change nothing here: caches, priorities, and labels that are only kept. */
const UNDERSTOOD = new Set([
  'query',
  'useLegacySql',
  'queryParameters',
  'parameterMode',
  'defaultDataset',
  'destinationTable',
  'writeDisposition',
  'createDisposition',
  'maximumBytesBilled',
  'useQueryCache',
  'priority',
  'allowLargeResults',
  'flattenResults',
  'schemaUpdateOptions',
  'timePartitioning',
  'rangePartitioning',
  'clustering',
]);
const LEAST_BILLED = 10 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/** A statement that is understood, and what it would read. */
export interface Plan {
  readonly statement: Statement;
  readonly bytes: number;
  /** The columns of a SELECT. */
  readonly fields?: readonly Field[];
}

function check(configuration: QueryConfiguration): string {
  for (const [key, value] of Object.entries(configuration)) {
    if (!UNDERSTOOD.has(key) && value !== undefined && value !== null && value !== false)
      throw unimplemented(`${key} of a query`);
  }
  // The API's default is true; the clients always say false.
  if (configuration.useLegacySql !== false) throw unimplemented('legacy SQL (set useLegacySql to false)');
  if (typeof configuration.query !== 'string' || configuration.query.trim() === '')
    throw invalid('Required parameter is missing: query');
  return configuration.query;
}

function understand(bigquery: Bigquery, project: string, configuration: QueryConfiguration): Statement {
  const dataset = configuration.defaultDataset?.datasetId;
  const defaults = { project: configuration.defaultDataset?.projectId ?? project, ...(dataset ? { dataset } : {}) };
  return compile(check(configuration), {
    now: bigquery.context.clock.now(),
    find: finder(bigquery, defaults),
    parameters: configuration.queryParameters ?? [],
  });
}

/** Reads a query and says what it would read, without running it. */
export async function planQuery(bigquery: Bigquery, project: string, configuration: QueryConfiguration): Promise<Plan> {
  const statement = understand(bigquery, project, configuration);
  await prepare(bigquery, statement.references);
  const bytes = await bytesRead(bigquery, statement.references);
  const { action, references } = statement;
  if (action.kind !== 'SELECT') return { statement, bytes };
  return { statement, bytes, fields: await columnsOf(bigquery, action.sql, references) };
}

/** Runs a query job. @throws HttpError */
export async function runQuery(bigquery: Bigquery, job: Job): Promise<Outcome> {
  const { projectId } = job.jobReference;
  const configuration = job.configuration.query as QueryConfiguration;
  const statement = understand(bigquery, projectId, configuration);
  const { action, references } = statement;
  await prepare(bigquery, references);
  const bytes = await bytesRead(bigquery, references);
  const billed =
    bytes === 0 && references.length === 0 ? 0 : Math.ceil(Math.max(bytes, LEAST_BILLED) / MEGABYTE) * MEGABYTE;
  if (configuration.maximumBytesBilled && billed > Number(configuration.maximumBytesBilled)) {
    throw new HttpError(
      400,
      'bytesBilledLimitExceeded',
      `Query exceeded limit for bytes billed: ${configuration.maximumBytesBilled}. ${billed} or higher required.`,
    );
  }
  const dataset = configuration.defaultDataset?.datasetId;
  const defaults = { project: configuration.defaultDataset?.projectId ?? projectId, ...(dataset ? { dataset } : {}) };
  const resolve = (path: readonly string[]) => toReference(path, defaults);
  const outcome = await act(bigquery, {
    statement,
    configuration,
    resolve,
    jobKey: jobKey(job),
    project: defaults.project,
  });
  if (billed > 0) bigquery.context.meter('bigquery.query_bytes', billed);
  const query = {
    totalBytesProcessed: String(bytes),
    totalBytesBilled: String(billed),
    cacheHit: false,
    statementType: action.kind,
    referencedTables: [...new Set(references.filter((each) => !each.metadata).map(({ source }) => source.id))].map(
      (id) => toReference(id.split('.'), defaults),
    ),
    ...(outcome.statistics.query as object | undefined),
  };
  return { ...outcome, statistics: { ...outcome.statistics, totalBytesProcessed: String(bytes), query } };
}

/** A statement that is being run. */
export interface Execution {
  readonly statement: Statement;
  readonly configuration: QueryConfiguration;
  readonly resolve: (path: readonly string[]) => TableReference;
  readonly jobKey: string;
  /** The project of names without one. */
  readonly project: string;
}

async function act(bigquery: Bigquery, execution: Execution): Promise<Outcome> {
  const { action, references } = execution.statement;
  const { destinationTable } = execution.configuration;
  if (action.kind === 'SELECT') {
    if (destinationTable) return await writeSelection(bigquery, execution, destinationTable);
    return { result: await select(bigquery, action.sql, references), statistics: {} };
  }
  if (destinationTable) throw invalid('A destination table is only for SELECT.');
  if (action.kind === 'CREATE_SCHEMA' || action.kind === 'DROP_SCHEMA')
    return defineSchema(bigquery, execution, action);
  if (action.kind === 'EXPORT_DATA') return await exportData(bigquery, execution, action);
  if (action.kind === 'ALTER_TABLE') return await alter(bigquery, execution, action);
  if (!('layout' in action) && !('ifExists' in action)) return await manipulate(bigquery, execution, action);
  return await define(bigquery, execution, action);
}
