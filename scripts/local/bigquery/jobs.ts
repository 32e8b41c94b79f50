import { randomUUID } from 'node:crypto';
import { HttpError } from '../plumbing/http.ts';
import type { Bigquery } from './bigquery.ts';
import { runCopy } from './copying.ts';
import { duplicate, invalid, notFound, unimplemented } from './errors.ts';
import { etag } from './etags.ts';
import { runExtract } from './extracting.ts';
import { jobKey, recordOf } from './finished-jobs.ts';
import type { Job, JobError } from './job-store.ts';
import { checkLabels } from './labels.ts';
import { runLoad } from './loading.ts';
import { isFoundAt, locationOf } from './locations.ts';
import type { Outcome } from './outcomes.ts';
import { pageBounds, token } from './pages.ts';
import { planQuery, type QueryConfiguration, runQuery } from './querying.ts';

/** What a job is made of: the body of jobs.insert, and the bytes of an upload. */
export interface JobRequest {
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly media?: Buffer;
  /** A repetition with the same id is the same job. */
  readonly requestId?: string;
}

const KINDS = ['query', 'load', 'copy', 'extract'] as const;
const RUNNERS: Readonly<Record<(typeof KINDS)[number], (b: Bigquery, job: Job, media?: Buffer) => Promise<Outcome>>> = {
  query: runQuery,
  load: runLoad,
  copy: runCopy,
  extract: runExtract,
};
const DONE = { state: 'DONE' } as const;
const ID = /^[A-Za-z0-9_-]{1,1024}$/;

/** Jobs that run in this process, by project and id. */
const RUNNING = new WeakMap<Bigquery, Map<string, Promise<void>>>();

function running(bigquery: Bigquery): Map<string, Promise<void>> {
  let map = RUNNING.get(bigquery);
  if (!map) {
    map = new Map();
    RUNNING.set(bigquery, map);
  }
  return map;
}

/** How many jobs are running. */
export function runningJobs(bigquery: Bigquery): number {
  return running(bigquery).size;
}

/** Waits until no job is running. */
export async function allJobs(bigquery: Bigquery): Promise<void> {
  await Promise.all(running(bigquery).values());
}

/** Waits for a job at most `ms`. */
export async function waitFor(bigquery: Bigquery, job: Job, ms: number): Promise<Job> {
  const { projectId, jobId } = job.jobReference;
  const work = running(bigquery).get(jobKey(job));
  if (work) {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([work, timeout]);
    clearTimeout(timer);
  }
  return bigquery.jobs.get(projectId, jobId) ?? job;
}

/**
 * jobs.insert: starts a job, or for `dryRun` only says what it would read.
 * @throws HttpError duplicate for a job id that is taken, invalid for a wrong configuration; for a dry run what is wrong with the SQL.
 */
export async function insertJob(bigquery: Bigquery, project: string, request: JobRequest): Promise<Job> {
  const { configuration = {}, jobReference = {} } = request;
  const repeated = request.requestId ? bigquery.jobs.byRequest(project, request.requestId) : undefined;
  if (repeated) return repeated;
  const kinds = KINDS.filter((kind) => configuration[kind] !== undefined);
  const [kind] = kinds;
  if (!kind || kinds.length > 1)
    throw invalid('Job configuration must contain exactly one job-specific configuration object.');
  checkLabels(configuration.labels);
  const jobId = jobReference.jobId ?? `job_${randomUUID()}`;
  const { location, refusal } = placeOf(bigquery, project, { kind, configuration, asked: jobReference.location });
  if (!ID.test(jobId)) throw invalid(`Invalid job ID "${jobId}".`);
  if (bigquery.jobs.get(project, jobId)) throw duplicate(`Job ${project}:${location}.${jobId}`);
  const created = bigquery.context.clock.now();
  const origin = bigquery.context.origin();
  const job = newJob({ projectId: project, jobId, location }, configuration, { kind, created, origin });
  if (configuration.dryRun === true) {
    if (refusal) throw refusal;
    if (kind !== 'query') throw invalid('Only query jobs can be dry run.');
    return await dryRun(bigquery, job);
  }
  bigquery.jobs.add(job, created, request.requestId);
  if (refusal) {
    const failed = failedJob(job, refusal, created);
    bigquery.jobs.finish(failed);
    return failed;
  }
  const key = jobKey(job);
  const work = run(bigquery, job, kind, request.media).finally(() => running(bigquery).delete(key));
  running(bigquery).set(key, work);
  return job;
}

function newJob(
  jobReference: Job['jobReference'],
  configuration: Job['configuration'],
  { kind, created, origin }: { kind: string; created: number; origin: string },
): Job {
  const { projectId, jobId, location } = jobReference;
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `${origin}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    jobReference,
    configuration: { ...configuration, jobType: kind.toUpperCase() },
    status: { state: 'RUNNING' },
    statistics: { creationTime: String(created), startTime: String(created) },
    user_email: 'local@virtuoso.invalid',
  };
}

async function dryRun(bigquery: Bigquery, job: Job): Promise<Job> {
  const configuration = job.configuration.query as QueryConfiguration;
  const plan = await planQuery(bigquery, job.jobReference.projectId, configuration);
  const statistics = {
    ...job.statistics,
    totalBytesProcessed: String(plan.bytes),
    query: {
      totalBytesProcessed: String(plan.bytes),
      totalBytesProcessedAccuracy: 'PRECISE',
      cacheHit: false,
      statementType: plan.statement.action.kind,
      ...(plan.fields ? { schema: { fields: plan.fields } } : {}),
    },
  };
  return { ...job, status: DONE, statistics };
}

async function run(bigquery: Bigquery, job: Job, kind: (typeof KINDS)[number], media?: Buffer): Promise<void> {
  const { context, jobs } = bigquery;
  try {
    const outcome = await RUNNERS[kind](bigquery, job, media);
    context.store.transaction(() => {
      outcome.commit?.();
      jobs.finish(finished(job, outcome, context.clock.now()), outcome.result);
    });
    if (outcome.sweep) await bigquery.warehouse.sweep();
  } catch (error) {
    if (!(error instanceof HttpError))
      context.log('ERROR', 'a BigQuery job failed', { error: String(error instanceof Error ? error.stack : error) });
    jobs.finish(failedJob(job, error, context.clock.now()));
  }
}

/** Where a job runs. A query elsewhere than its dataset is not refused: it becomes a job that has failed for `refusal`. */
function placeOf(
  bigquery: Bigquery,
  project: string,
  { kind, configuration, asked }: { kind: string; configuration: Job['configuration']; asked: string | undefined },
): { location: string; refusal?: HttpError } {
  try {
    return { location: locationOf(bigquery, project, configuration, asked) };
  } catch (error) {
    if (kind !== 'query' || asked === undefined || !(error instanceof HttpError)) throw error;
    return { location: asked, refusal: error };
  }
}

function failedJob(job: Job, error: unknown, now: number): Job {
  const known = error instanceof HttpError;
  const errorResult: JobError = {
    reason: known ? error.reason : 'internalError',
    message: error instanceof Error ? error.message : String(error),
    ...(known && error.reason === 'invalidQuery' ? { location: 'query' } : {}),
  };
  const more = (error as { errors?: readonly JobError[] }).errors ?? [];
  return {
    ...job,
    status: { ...DONE, errorResult, errors: [errorResult, ...more] },
    statistics: { ...job.statistics, endTime: String(now) },
  };
}

function finished(job: Job, outcome: Outcome, now: number): Job {
  const configuration = outcome.destination
    ? { ...job.configuration, query: { ...(job.configuration.query as object), destinationTable: outcome.destination } }
    : job.configuration;
  return {
    ...job,
    configuration,
    status: DONE,
    statistics: { ...job.statistics, endTime: String(now), ...outcome.statistics },
  };
}

/** Settles the jobs a former process left running: those whose writes are durable are done, the others have failed. */
export async function settleInterrupted(bigquery: Bigquery): Promise<void> {
  const { jobs, context } = bigquery;
  for (const job of jobs.running()) {
    const statistics = await recordOf(bigquery, job);
    const endTime = String(context.clock.now());
    if (statistics) {
      jobs.finish(
        { ...job, status: DONE, statistics: { ...job.statistics, endTime, ...statistics } },
        { fields: [], rows: [] },
      );
      continue;
    }
    const errorResult = {
      reason: 'backendError',
      message: 'The job was interrupted by a restart. Nothing of it was written; run it again.',
    };
    jobs.finish({
      ...job,
      status: { ...DONE, errorResult, errors: [errorResult] },
      statistics: { ...job.statistics, endTime },
    });
  }
}

/** jobs.get. @throws HttpError notFound for a job that is not there, or elsewhere than the request says */
export function getJob(bigquery: Bigquery, project: string, id: string, query: URLSearchParams): Job {
  const job = bigquery.jobs.get(project, id);
  if (!job || !isFoundAt(job.jobReference.location, query.get('location'))) throw notFound(`Job ${project}:${id}`);
  return { ...job, etag: etag(job) };
}

/** jobs.list, newest first. */
export function listJobs(bigquery: Bigquery, project: string, query: URLSearchParams): object {
  if (query.get('parentJobId')) throw unimplemented('parentJobId of jobs.list');
  const wanted = {
    states: query.getAll('stateFilter').map((state) => state.toUpperCase()),
    from: Number(query.get('minCreationTime') ?? 0),
    to: Number(query.get('maxCreationTime') ?? Number.MAX_SAFE_INTEGER),
  };
  const total = bigquery.jobs.count(project, wanted);
  const { start, size } = pageBounds(query, total);
  const items = bigquery.jobs.list(project, wanted, { start, size });
  return {
    kind: 'bigquery#jobList',
    jobs: items.map((job) => ({
      ...job,
      kind: 'bigquery#job',
      state: job.status.state,
      errorResult: job.status.errorResult,
    })),
    ...(start + size < total ? { nextPageToken: token(start + size) } : {}),
  };
}

/** jobs.cancel: a job that runs is left to end by itself, as Google's cancellation may do too. */
export function cancelJob(bigquery: Bigquery, project: string, id: string, query: URLSearchParams): object {
  return { kind: 'bigquery#jobCancelResponse', job: getJob(bigquery, project, id, query) };
}

/** jobs.delete */
export function deleteJob(bigquery: Bigquery, project: string, id: string, query: URLSearchParams): void {
  getJob(bigquery, project, id, query);
  bigquery.jobs.delete(project, id);
}

const STATUS: Readonly<Record<string, number>> = {
  notImplemented: 501,
  notFound: 404,
  internalError: 500,
  duplicate: 409,
  backendError: 503,
};

/** What a failed job answers to those who want its result. */
export function jobError({ reason, message }: JobError): HttpError {
  return new HttpError(STATUS[reason] ?? 400, reason, message);
}
