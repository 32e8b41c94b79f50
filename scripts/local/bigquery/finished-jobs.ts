import type { DuckDBConnection } from '@duckdb/node-api';
import type { Bigquery } from './bigquery.ts';
import type { Job } from './job-store.ts';
import { quote } from './sql/reader.ts';

/** What a job is called in the warehouse. */
export function jobKey({ jobReference }: Pick<Job, 'jobReference'>): string {
  return `${jobReference.projectId}:${jobReference.jobId}`;
}

/**
 * Writes down, in the transaction of a job's rows, that the job has written them: the store learns of it afterwards,
 * and a process that ends between the two is settled by it. What is written of jobs that the store has as ended is
 * of no more use and removed.
 */
export async function recordFinished(
  bigquery: Bigquery,
  connection: DuckDBConnection,
  key: string,
  statistics: object,
): Promise<void> {
  const running = bigquery.jobs.running().map((job) => quote(jobKey(job)));
  await connection.run(`DELETE FROM w.main.finished_jobs WHERE job NOT IN (${[quote(key), ...running].join(', ')})`);
  await connection.run(`INSERT INTO w.main.finished_jobs VALUES (${quote(key)}, ${quote(JSON.stringify(statistics))})`);
}

/** What a job has written before the process ended; undefined when it has written nothing. */
export async function recordOf(bigquery: Bigquery, job: Job): Promise<Record<string, unknown> | undefined> {
  const sql = `SELECT outcome FROM w.main.finished_jobs WHERE job = ${quote(jobKey(job))}`;
  const reader = await bigquery.warehouse.read(sql);
  if (reader.currentRowCount === 0) return undefined;
  return JSON.parse(String(reader.value(0, 0))) as Record<string, unknown>;
}
