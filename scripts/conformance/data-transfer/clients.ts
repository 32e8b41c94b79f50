import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { BigQuery, type Dataset } from '@google-cloud/bigquery';
import { DataTransferServiceClient, type protos } from '@google-cloud/bigquery-data-transfer';
import { OAuth2Client } from 'google-auth-library';
import { plain } from '../../local/bigquery/plain.ts';
import type { World } from '../behaviour.ts';
import { localClient } from '../grpc.ts';

type Protos = typeof protos.google.cloud.bigquery.datatransfer.v1;
export type Config = InstanceType<Protos['TransferConfig']>;
export type Run = InstanceType<Protos['TransferRun']>;
export type ConfigFields = protos.google.cloud.bigquery.datatransfer.v1.ITransferConfig;

/** The official client, what the behaviours share, and what each makes of its own. */
export interface Clients {
  readonly transfers: DataTransferServiceClient;
  /** A dataset that the behaviours share. */
  readonly dataset: Dataset;
  /** `projects/P/locations/us` */
  readonly parent: string;
  /** A name for a table that nothing has had before. */
  table(): string;
  /** A scheduled query: with `SELECT 1`, started by hand only, when nothing else is said. It is deleted at the end. */
  create(params?: Readonly<Record<string, string>>, fields?: ConfigFields): Promise<Config>;
  /** Starts a run and waits for its end. */
  run(config: Config, runTime?: string): Promise<Run>;
  /** Waits until a run has ended. */
  ended(name: string): Promise<Run>;
  /** The rows of a query, as lists of plain values; unqualified tables are of the shared dataset. */
  rows(sql: string): Promise<unknown[][]>;
}

const MANUAL = { scheduleOptions: { disableAutoScheduling: true } };
const LOOK_EVERY_MS = 20;

/** The parameters of a config as the client takes them. */
export function paramsOf(params: Readonly<Record<string, string>>): protos.google.protobuf.IStruct {
  return { fields: Object.fromEntries(Object.entries(params).map(([key, stringValue]) => [key, { stringValue }])) };
}

/** Seconds since the epoch, as the client takes a time. */
export function secondsOf(time: string | number): { seconds: number } {
  return { seconds: Math.floor(new Date(time).getTime() / 1000) };
}

/** Connects the clients to the world's endpoint, or to Google Cloud, and makes the shared dataset. */
export async function connect(world: World): Promise<Clients> {
  const { project: projectId, endpoint } = world;
  const transfers = new DataTransferServiceClient({
    projectId,
    ...(endpoint === undefined ? {} : localClient(endpoint)),
  });
  world.onEnd(() => transfers.close());
  const bigquery = openBigquery(world);
  const [dataset] = await bigquery.createDataset(world.name('d').replaceAll('-', '_'), { location: 'US' });
  world.onEnd(() => dataset.delete({ force: true }));
  const parent = `projects/${projectId}/locations/us`;
  const ended = async (name: string): Promise<Run> => {
    for (;;) {
      const [run] = await transfers.getTransferRun({ name });
      if (run.endTime) return run as Run;
      await delay(LOOK_EVERY_MS);
    }
  };
  return {
    ...{ transfers, dataset, parent, ended },
    table: () => world.name('t').replaceAll('-', '_'),
    async create(params = {}, fields = MANUAL) {
      const transferConfig = {
        ...{ displayName: world.name('q'), dataSourceId: 'scheduled_query' },
        params: paramsOf({ query: 'SELECT 1', ...params }),
        ...fields,
      };
      const [made] = await transfers.createTransferConfig({ parent, transferConfig });
      world.onEnd(() => transfers.deleteTransferConfig({ name: made.name ?? '' }).catch(() => undefined));
      return made as Config;
    },
    async run({ name }, runTime = '2026-01-02T03:04:05Z') {
      const requestedRunTime = secondsOf(runTime);
      const [{ runs }] = await transfers.startManualTransferRuns({ parent: name, requestedRunTime });
      return ended(runs?.[0]?.name ?? assert.fail('There is a run.'));
    },
    async rows(query) {
      const defaultDataset = { projectId, datasetId: dataset.id ?? '' };
      const [found] = await bigquery.query({ query, defaultDataset });
      return found.map((row) => Object.values(row as object).map(plain));
    },
  };
}

function openBigquery({ endpoint, project: projectId }: World): BigQuery {
  if (endpoint === undefined) return new BigQuery({ projectId });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
  const options = { projectId, apiEndpoint: `http://${endpoint}`, authClient };
  return new BigQuery(options as unknown as ConstructorParameters<typeof BigQuery>[0]);
}
