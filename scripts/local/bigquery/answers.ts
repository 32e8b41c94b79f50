import type { Bigquery } from './bigquery.ts';
import { liveEntry } from './bigquery.ts';
import type { TableReference } from './catalog.ts';
import { invalid, notFound, unimplemented } from './errors.ts';
import { etag } from './etags.ts';
import type { Job } from './job-store.ts';
import { getJob, insertJob, jobError, waitFor } from './jobs.ts';
import { pageBounds, token } from './pages.ts';
import type { QueryConfiguration } from './querying.ts';
import { resultRow, type TimestampFormat, withTimestamps } from './results.ts';
import { name } from './sql/reader.ts';
import { physicalTable } from './warehouse.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** Rows of one answer at most: a page of Google's is 10 MB. */
const MOST_ROWS = 50_000;

/** The body of jobs.query. */
interface QueryBody extends QueryConfiguration {
  readonly maxResults?: number;
  readonly timeoutMs?: number;
  readonly dryRun?: boolean;
  readonly requestId?: string;
  readonly location?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly formatOptions?: { readonly useInt64Timestamp?: boolean; readonly timestampOutputFormat?: string };
}

const OPTIONS = new Set([
  'maxResults',
  'timeoutMs',
  'dryRun',
  'requestId',
  'location',
  'labels',
  'formatOptions',
  'kind',
  'jobCreationMode',
]);

function timestamps(int64: boolean, format: string | null | undefined): TimestampFormat {
  if (!format || format === 'TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED') return int64 ? 'INT64' : 'FLOAT64';
  if (format !== 'INT64' && format !== 'FLOAT64' && format !== 'ISO8601_STRING')
    throw invalid(`Invalid timestampOutputFormat: ${format}`);
  return format;
}

/** jobs.query: runs a query and answers with its first page, or says that it is not done yet. */
export async function answerQuery(bigquery: Bigquery, project: string, body: QueryBody): Promise<object> {
  const query = Object.fromEntries(Object.entries(body).filter(([key]) => !OPTIONS.has(key)));
  const configuration = {
    query,
    ...(body.labels ? { labels: body.labels } : {}),
    ...(body.dryRun ? { dryRun: true } : {}),
  };
  const job = await insertJob(bigquery, project, {
    configuration,
    ...(body.location ? { jobReference: { location: body.location } } : {}),
    ...(body.requestId ? { requestId: body.requestId } : {}),
  });
  if (body.dryRun) return dryAnswer(job);
  const done = await waitFor(bigquery, job, body.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const format = timestamps(body.formatOptions?.useInt64Timestamp === true, body.formatOptions?.timestampOutputFormat);
  const paging = new URLSearchParams(body.maxResults === undefined ? {} : { maxResults: String(body.maxResults) });
  const page = resultPage(bigquery, done, { paging, format });
  return { ...page, kind: 'bigquery#queryResponse', queryId: job.jobReference.jobId };
}

function dryAnswer(job: Job): object {
  const statistics = job.statistics.query as { schema?: object; totalBytesProcessed: string };
  return {
    kind: 'bigquery#queryResponse',
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: statistics.totalBytesProcessed,
    ...(statistics.schema ? { schema: statistics.schema } : {}),
  };
}

/** jobs.getQueryResults: a page of a query's result, waiting for it at most `timeoutMs`. */
export async function answerResults(
  bigquery: Bigquery,
  project: string,
  id: string,
  query: URLSearchParams,
): Promise<object> {
  const job = getJob(bigquery, project, id, query);
  const done = await waitFor(bigquery, job, Number(query.get('timeoutMs') ?? DEFAULT_TIMEOUT_MS));
  const format = timestamps(
    query.get('formatOptions.useInt64Timestamp') === 'true',
    query.get('formatOptions.timestampOutputFormat'),
  );
  return resultPage(bigquery, done, { paging: query, format });
}

function resultPage(bigquery: Bigquery, job: Job, how: { paging: URLSearchParams; format: TimestampFormat }): object {
  const { jobReference, status, statistics } = job;
  const head = { kind: 'bigquery#getQueryResultsResponse', jobReference };
  if (status.state !== 'DONE') return { ...head, jobComplete: false };
  if (status.errorResult) throw jobError(status.errorResult);
  const result = bigquery.jobs.result(jobReference.projectId, jobReference.jobId);
  if (!result) {
    if (job.configuration.jobType !== 'QUERY') throw invalid(`Job ${jobReference.jobId} has no query result.`);
    throw notFound(`Table of the result of job ${jobReference.jobId}: it is kept for a day`);
  }
  const { start, size } = pageBounds(how.paging, result.total);
  const count = Math.min(size, MOST_ROWS);
  const rows = bigquery.jobs.rows(jobReference.projectId, jobReference.jobId, start, count);
  const query = statistics.query as
    | { numDmlAffectedRows?: string; dmlStats?: object; statementType?: string }
    | undefined;
  const selects = result.fields.length > 0;
  return {
    ...head,
    etag: etag(job),
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: String(statistics.totalBytesProcessed ?? 0),
    ...(selects
      ? {
          schema: { fields: result.fields },
          totalRows: String(result.total),
          rows: withTimestamps(result.fields, rows, how.format),
        }
      : {}),
    ...(query?.numDmlAffectedRows === undefined
      ? {}
      : { numDmlAffectedRows: query.numDmlAffectedRows, totalRows: '0' }),
    ...(query?.dmlStats ? { dmlStats: query.dmlStats } : {}),
    ...(start + count < result.total ? { pageToken: token(start + count) } : {}),
  };
}

/** tabledata.list: a page of a table's rows, in the order they are stored. */
export async function answerRows(
  bigquery: Bigquery,
  reference: TableReference,
  query: URLSearchParams,
): Promise<object> {
  const entry = liveEntry(bigquery, reference);
  if (entry.table.type === 'VIEW') throw invalid(`Cannot list a table of type VIEW.`);
  const all = entry.table.schema?.fields ?? [];
  if (all.length === 0) return { kind: 'bigquery#tableDataList', etag: etag(entry.table), totalRows: '0' };
  const selected = query.get('selectedFields')?.toLowerCase().split(',');
  if (selected?.some((title) => title.includes('.'))) throw unimplemented('selectedFields of a nested field');
  const fields = selected ? all.filter((field) => selected.includes(field.name.toLowerCase())) : all;
  const { warehouse } = bigquery;
  await warehouse.ready([entry]);
  const from = `FROM ${physicalTable(entry.physical)}`;
  const total = Number((await warehouse.read(`SELECT count(*) ${from}`)).value(0, 0));
  const { start, size } = pageBounds(query, total);
  const count = Math.min(size, MOST_ROWS);
  const columns = fields.map((field) => name(field.name)).join(', ');
  const reader = await warehouse.read(`SELECT ${columns} ${from} ORDER BY rowid LIMIT ${count} OFFSET ${start}`);
  const rows = reader.getRows().map((values) => resultRow(fields, values));
  const format = timestamps(
    query.get('formatOptions.useInt64Timestamp') === 'true',
    query.get('formatOptions.timestampOutputFormat'),
  );
  return {
    kind: 'bigquery#tableDataList',
    etag: etag(entry.table),
    totalRows: String(total),
    rows: withTimestamps(fields, rows, format),
    ...(start + count < total ? { pageToken: token(start + count) } : {}),
  };
}
