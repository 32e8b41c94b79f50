import type { Store } from '../plumbing/store.ts';
import type { Row } from './results.ts';
import type { Field } from './schema.ts';

/** A job's resource, as the REST API has it. */
export interface Job {
  readonly [key: string]: unknown;
  readonly jobReference: { readonly projectId: string; readonly jobId: string; readonly location: string };
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly status: {
    readonly state: 'RUNNING' | 'DONE';
    readonly errorResult?: JobError;
    readonly errors?: readonly JobError[];
  };
  readonly statistics: Readonly<Record<string, unknown>>;
}

export interface JobError {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

const DAY_MS = 24 * 3_600_000;
/** How long a job is known: Google's six months. */
const KEPT_MS = 180 * DAY_MS;
/** How long the rows of its result are kept. */
const RESULT_KEPT_MS = DAY_MS;
/** Rows kept together. */
const CHUNK = 500;

/** Which jobs are looked for: in one of the states, or in any when there is none; made in a time, ms since the epoch. */
export interface Wanted {
  readonly states: readonly string[];
  readonly from: number;
  readonly to: number;
}
export const ALL_JOBS: Wanted = { states: [], from: 0, to: Number.MAX_SAFE_INTEGER };
const WANTED = 'project = ? AND created BETWEEN ? AND ? AND (? = 0 OR state IN (SELECT value FROM json_each(?)))';

function bind(project: string, { states, from, to }: Wanted) {
  return [project, from, to, states.length, JSON.stringify(states)] as const;
}

/** Jobs, kept for half a year, and the rows of their results, kept for a day. */
export class JobStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.exec(`
      CREATE TABLE IF NOT EXISTS bigquery_jobs (
        project TEXT NOT NULL, job TEXT NOT NULL, created INTEGER NOT NULL, state TEXT NOT NULL, resource TEXT NOT NULL,
        fields TEXT, total INTEGER, request TEXT, PRIMARY KEY (project, job)
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS bigquery_jobs_created ON bigquery_jobs (created);
      CREATE INDEX IF NOT EXISTS bigquery_jobs_running ON bigquery_jobs (state) WHERE state = 'RUNNING';
      CREATE INDEX IF NOT EXISTS bigquery_jobs_results ON bigquery_jobs (created) WHERE fields IS NOT NULL;
      CREATE UNIQUE INDEX IF NOT EXISTS bigquery_jobs_request ON bigquery_jobs (project, request);
      CREATE TABLE IF NOT EXISTS bigquery_job_rows (
        project TEXT NOT NULL, job TEXT NOT NULL, start INTEGER NOT NULL, rows TEXT NOT NULL,
        PRIMARY KEY (project, job, start)
      ) WITHOUT ROWID;
    `);
  }

  get(project: string, id: string): Job | undefined {
    return parse(this.#store.get('SELECT resource FROM bigquery_jobs WHERE project = ? AND job = ?', project, id));
  }

  /** The job a request with this id has made. */
  byRequest(project: string, request: string): Job | undefined {
    return parse(
      this.#store.get('SELECT resource FROM bigquery_jobs WHERE project = ? AND request = ?', project, request),
    );
  }

  count(project: string, wanted: Wanted): number {
    const sql = `SELECT count(*) AS n FROM bigquery_jobs WHERE ${WANTED}`;
    return this.#store.get<{ n: number }>(sql, ...bind(project, wanted))?.n ?? 0;
  }

  /** Newest first. */
  list(project: string, wanted: Wanted, { start, size } = { start: 0, size: -1 }): Job[] {
    return this.#store
      .all<{ resource: string }>(
        `SELECT resource FROM bigquery_jobs WHERE ${WANTED} ORDER BY created DESC, job LIMIT ? OFFSET ?`,
        ...bind(project, wanted),
        size,
        start,
      )
      .map((row) => JSON.parse(row.resource) as Job);
  }

  running(): Job[] {
    return this.#store
      .all<{ resource: string }>("SELECT resource FROM bigquery_jobs WHERE state = 'RUNNING'")
      .map((row) => JSON.parse(row.resource) as Job);
  }

  /** Keeps a new job, and forgets those that are too old. */
  add(job: Job, created: number, request?: string): void {
    const { projectId, jobId } = job.jobReference;
    this.#store.transaction(() => {
      this.#forget(created);
      this.#store.run(
        'INSERT INTO bigquery_jobs (project, job, created, state, resource, request) VALUES (?, ?, ?, ?, ?, ?)',
        projectId,
        jobId,
        Math.floor(created),
        job.status.state,
        JSON.stringify(job),
        request ?? null,
      );
    });
  }

  /** Keeps what has become of a job. */
  finish(job: Job, result?: { fields: readonly Field[]; rows: readonly Row[] }): void {
    const { projectId, jobId } = job.jobReference;
    this.#store.transaction(() => {
      this.#store.run(
        'UPDATE bigquery_jobs SET state = ?, resource = ?, fields = ?, total = ? WHERE project = ? AND job = ?',
        job.status.state,
        JSON.stringify(job),
        result ? JSON.stringify(result.fields) : null,
        result ? result.rows.length : null,
        projectId,
        jobId,
      );
      const rows = result?.rows ?? [];
      for (let start = 0; start < rows.length; start += CHUNK) {
        this.#store.run(
          'INSERT INTO bigquery_job_rows (project, job, start, rows) VALUES (?, ?, ?, ?)',
          projectId,
          jobId,
          start,
          JSON.stringify(rows.slice(start, start + CHUNK)),
        );
      }
    });
  }

  /** The columns of a job's result and how many rows it has. */
  result(project: string, id: string): { fields: readonly Field[]; total: number } | undefined {
    const row = this.#store.get<{ fields: string | null; total: number | null }>(
      'SELECT fields, total FROM bigquery_jobs WHERE project = ? AND job = ?',
      project,
      id,
    );
    return row?.fields ? { fields: JSON.parse(row.fields) as Field[], total: row.total ?? 0 } : undefined;
  }

  /** Some rows of a job's result. */
  rows(project: string, id: string, start: number, count: number): Row[] {
    const first = Math.floor(start / CHUNK) * CHUNK;
    const chunks = this.#store.all<{ rows: string }>(
      'SELECT rows FROM bigquery_job_rows WHERE project = ? AND job = ? AND start >= ? AND start < ? ORDER BY start',
      project,
      id,
      first,
      start + count,
    );
    const rows = chunks.flatMap((chunk) => JSON.parse(chunk.rows) as Row[]);
    return rows.slice(start - first, start - first + count);
  }

  delete(project: string, id: string): void {
    this.#store.run('DELETE FROM bigquery_job_rows WHERE project = ? AND job = ?', project, id);
    this.#store.run('DELETE FROM bigquery_jobs WHERE project = ? AND job = ?', project, id);
  }

  #forget(now: number): void {
    const before = now - RESULT_KEPT_MS;
    this.#store.run(
      `DELETE FROM bigquery_job_rows WHERE (project, job) IN
       (SELECT project, job FROM bigquery_jobs WHERE created < ? AND fields IS NOT NULL)`,
      before,
    );
    this.#store.run(
      'UPDATE bigquery_jobs SET fields = NULL, total = NULL WHERE created < ? AND fields IS NOT NULL',
      before,
    );
    this.#store.run("DELETE FROM bigquery_jobs WHERE created < ? AND state = 'DONE'", now - KEPT_MS);
  }
}

function parse(row: object | undefined): Job | undefined {
  return row && (JSON.parse((row as { resource: string }).resource) as Job);
}
