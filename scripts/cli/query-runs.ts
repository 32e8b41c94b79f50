import { setTimeout as sleep } from 'node:timers/promises';
import { DataTransferServiceClient } from '@google-cloud/bigquery-data-transfer';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { readConfiguration } from '../../shared/platform/configuration.ts';
import { UsageError } from './command.ts';
import { localCloudAt, needCredentials } from './project-clouds.ts';

/** A run of a scheduled query that has ended. */
export interface QueryRun {
  readonly query: string;
  /** The date that it ran for. */
  readonly date: string;
  readonly state: string;
  readonly error?: string;
}

/** Runs the scheduled queries of a cloud by hand. */
export interface QueryRuns {
  /** Runs a query for a date, and waits for its end. @throws UsageError when the cloud has no such query */
  run(query: string, date: string): Promise<QueryRun>;
  close(): Promise<void>;
}

const PAUSE_MS = 500;
const RUNNING: readonly unknown[] = ['PENDING', 'RUNNING'];

/** @param cloud address of a local cloud; else the environment says which project and region it is @throws UsageError */
export async function openQueryRuns(cloud: string | undefined): Promise<QueryRuns> {
  const address = cloud === undefined ? undefined : await localCloudAt(cloud);
  if (!address) await needCredentials();
  const { project, region } = address ? LOCAL : readConfiguration(process.env);
  const client = new DataTransferServiceClient(address ? locally(address) : {});
  const parent = `projects/${project}/locations/${region}`;
  const configOf = async (query: string) => {
    if (address) await wake(address);
    const [configs] = await client.listTransferConfigs({ parent });
    const found = configs.find(({ displayName }) => displayName === query)?.name;
    if (!found) throw new UsageError(`${parent} has no scheduled query '${query}': is it deployed?`);
    return found;
  };
  return {
    async run(query, date) {
      const requestedRunTime = { seconds: Date.parse(date) / 1000 };
      const started = await client.startManualTransferRuns({ parent: await configOf(query), requestedRunTime });
      const name = started[0].runs?.[0]?.name ?? '';
      for (;;) {
        const [{ state, errorStatus }] = await client.getTransferRun({ name });
        if (!RUNNING.includes(state))
          return { query, date, state: String(state), ...(errorStatus?.message ? { error: errorStatus.message } : {}) };
        await sleep(PAUSE_MS);
      }
    },
    close: () => client.close(),
  };
}

const LOCAL = { project: 'virtuoso-local', region: 'us-central1' } as const;

function locally({ hostname, port }: URL) {
  return {
    ...{ apiEndpoint: hostname, port: Number(port), projectId: LOCAL.project },
    ...{ sslCreds: credentials.createInsecure(), authClient: new OAuth2Client() as never },
  };
}

/** A local cloud makes its warehouse, and the queries with it, when it is first asked for. */
async function wake({ origin }: URL): Promise<void> {
  const answer = await fetch(`${origin}/bigquery/v2/projects/${LOCAL.project}/datasets`);
  await answer.body?.cancel();
}
