import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { OAuth2Client } from 'google-auth-library';
import type { CreateService } from '../plumbing/service.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createBigquery } from './index.ts';
import { plain } from './plain.ts';

/** A local BigQuery and Google's client of it. */
export interface TestBigquery {
  readonly cloud: TestCloud;
  readonly client: BigQuery;
  /** The rows of a query. */
  rows(sql: string, options?: Record<string, unknown>): Promise<Record<string, unknown>[]>;
  /** The first value of the first row, as plain JSON. */
  value(sql: string, options?: Record<string, unknown>): Promise<unknown>;
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Starts a local BigQuery, on a folder of its own or on one that a former one has left, with services beside it. */
export async function startBigquery(folder?: string, beside: readonly CreateService[] = []): Promise<TestBigquery> {
  const cloud = await startServices([...beside, createBigquery], folder === undefined ? {} : { folder });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
  const options = { projectId: 'virtuoso-local', apiEndpoint: cloud.origin, authClient, maxRetries: 0 };
  const client = new BigQuery(options as unknown as BigQueryOptions);
  const rows = async (sql: string, more: Record<string, unknown> = {}) =>
    (await client.query({ query: sql, ...more }))[0];
  return {
    cloud,
    client,
    rows,
    async value(sql, more) {
      const [row] = await rows(sql, more);
      return plain(Object.values(row ?? {})[0]);
    },
    close: (how) => cloud.close(how),
  };
}
