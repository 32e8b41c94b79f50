import type { CreateService } from '../plumbing/service.ts';
import { openBigquery } from './bigquery.ts';
import { allJobs, runningJobs, settleInterrupted } from './jobs.ts';
import { Router } from './router.ts';

/**
 * The local BigQuery: the REST API at `/bigquery/v2/`, over DuckDB. What datasets and tables are is in the store,
 * their rows in `warehouse.duckdb` in the service's folder; DuckDB is loaded when rows are first touched.
 * The SQL it runs is a closed list (sql/supported.ts, written to SUPPORTED_SQL.md); the rest is refused by name.
 * It meters `bigquery.insert_bytes` (streamed) and `bigquery.query_bytes` (billed: at least 10 MiB a query that reads a table).
 */
export const createBigquery: CreateService = (context) => {
  const bigquery = openBigquery(context);
  const router = new Router(bigquery);
  return {
    name: 'bigquery',
    http: (request, response, url) => router.handle(request, response, url),
    start: () => settleInterrupted(bigquery),
    pending: () => runningJobs(bigquery),
    async close() {
      await allJobs(bigquery);
      await bigquery.warehouse.close();
    },
  };
};
