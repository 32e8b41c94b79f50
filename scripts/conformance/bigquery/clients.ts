import assert from 'node:assert/strict';
import { BigQuery, type Dataset, type Job, type Query, type Table, type TableMetadata } from '@google-cloud/bigquery';
import { type Bucket, Storage } from '@google-cloud/storage';
import { OAuth2Client } from 'google-auth-library';
import { plain } from '../../local/bigquery/plain.ts';
import type { World } from '../behaviour.ts';
import { useMetadata } from '../metadata-host.ts';

/** A resource or an answer of the REST API. */
export type Resource = Record<string, unknown>;
/** What a query is asked with beside its SQL. */
export type QueryOptions = Omit<Query, 'query'>;

/** The official client, what the behaviours share, and what each makes of its own. */
export interface Clients {
  readonly bigquery: BigQuery;
  /** A dataset that the behaviours share: each uses tables of its own in it. */
  readonly dataset: Dataset;
  readonly bucket: Bucket;
  /** A name for a dataset, a table or a job that nothing has had before: letters, digits and underscores. */
  id(prefix?: string): string;
  newDataset(metadata?: Resource): Promise<Dataset>;
  /** A new table of the shared dataset. */
  newTable(schema: TableMetadata['schema'], metadata?: TableMetadata): Promise<Table>;
  /** A new table of the shared dataset, with what the query finds. */
  filled(select: string, layout?: string): Promise<Table>;
  /** The rows of a query as lists of plain values; unqualified tables are of the shared dataset. */
  rows(sql: string, options?: QueryOptions): Promise<unknown[][]>;
  /** The first value of the first row. */
  value(sql: string, options?: QueryOptions): Promise<unknown>;
  /** The resource of the job that has run a statement. */
  ran(sql: string, options?: QueryOptions): Promise<JobResource>;
  /** A request as the client would send it: `path` goes on from the project. */
  request(path: string, options?: { method?: string; json?: object; headers?: object; qs?: object }): Promise<Resource>;
}

/** The parts of a job's resource that are looked at. */
export interface JobResource {
  readonly jobReference: { readonly jobId: string; readonly location: string; readonly projectId: string };
  readonly configuration: Readonly<Record<string, Resource>>;
  readonly status: { readonly state: string; readonly errorResult?: Resource; readonly errors?: readonly Resource[] };
  readonly statistics: Resource & {
    readonly query?: Resource & { readonly schema?: { readonly fields: readonly Resource[] } };
    readonly load?: Resource;
    readonly extract?: Resource;
  };
}

/** Connects the client to the world's endpoint, or to Google Cloud, and makes the shared dataset. */
export async function connect(world: World): Promise<Clients> {
  const { endpoint, project } = world;
  const bigquery = openBigquery(world);
  const id = (prefix = 't') => world.name(prefix).replaceAll('-', '_');
  const newDataset = async (metadata: Resource = {}) => {
    const [made] = await bigquery.createDataset(id('d'), metadata);
    world.onEnd(() => made.delete({ force: true }).catch(() => undefined));
    return made;
  };
  const dataset = await newDataset();
  const within = { defaultDataset: { projectId: project, datasetId: dataset.id ?? '' } };
  const rows = async (sql: string, options: QueryOptions = {}) => {
    const [found] = await bigquery.query({ query: sql, ...within, ...options });
    return found.map((row: Resource) => Object.values(row).map(plain));
  };
  const ran = async (sql: string, options: QueryOptions = {}) => {
    const [job] = await bigquery.createQueryJob({ query: sql, ...within, ...options });
    await job.getQueryResults({ maxResults: 1, autoPaginate: false });
    return (await job.getMetadata())[0] as JobResource;
  };
  return {
    ...{ bigquery, dataset, id, newDataset, rows, ran },
    bucket: await openBucket(world, endpoint === undefined ? undefined : `http://${endpoint}`),
    newTable: async (schema, metadata = {}) =>
      (await dataset.createTable(id(), { ...metadata, ...(schema === undefined ? {} : { schema }) }))[0],
    async filled(select, layout = '') {
      const table = dataset.table(id());
      await ran(`CREATE TABLE ${table.id} ${layout} AS ${select}`);
      return table;
    },
    value: async (sql, options) => (await rows(sql, options))[0]?.[0],
    request: (path, { method = 'GET', ...options } = {}) =>
      new Promise((resolve, reject) => {
        bigquery.request({ uri: path, method, ...options }, (error, body) => (error ? reject(error) : resolve(body)));
      }),
  };
}

function openBigquery({ endpoint, project }: World): BigQuery {
  if (endpoint === undefined) return new BigQuery({ projectId: project });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
  const options = { projectId: project, apiEndpoint: `http://${endpoint}`, authClient, maxRetries: 0 };
  return new BigQuery(options as unknown as ConstructorParameters<typeof BigQuery>[0]);
}

async function openBucket(world: World, origin: string | undefined): Promise<Bucket> {
  if (world.endpoint !== undefined) useMetadata(world, world.endpoint);
  const storage = new Storage({ projectId: world.project, ...(origin === undefined ? {} : { apiEndpoint: origin }) });
  const [bucket] = await storage.createBucket(world.name('b'), { location: 'US' });
  world.onEnd(async () => {
    await bucket.deleteFiles({ force: true });
    await bucket.delete();
  });
  return bucket;
}

/** Waits until a job has ended. @returns its resource; @throws what it failed with */
export async function done(job: Job): Promise<JobResource> {
  await job.promise();
  return (await job.getMetadata())[0] as JobResource;
}

/** A copy of what the client parsed from the answer, as JSON has it. */
export async function metadataOf(of: { getMetadata(): Promise<unknown[]> }): Promise<Resource> {
  return (await of.getMetadata())[0] as Resource;
}

interface Failure {
  readonly code?: number | string;
  readonly message: string;
  readonly errors?: readonly { readonly reason?: string }[];
  readonly reason?: string;
}

/** Fails unless the promise is refused with Google's word for the reason, and with these words. */
export async function fails(work: Promise<unknown>, reason: string, words = /(?:)/): Promise<void> {
  await assert.rejects(work, (error: Failure) => {
    assert.equal(error.errors?.[0]?.reason ?? error.reason, reason, error.message);
    assert.match(error.message, words);
    return true;
  });
}
