/** What Google Cloud asks for an operation that the local cloud counts. */
export interface Price {
  /** What is counted, for people: `Firestore document reads`. */
  readonly what: string;
  /** The unit that amounts are shown in, and how much of the count one of it is. */
  readonly unit: { readonly name: string; readonly size: number };
  /** US dollars for `per` units, past the free tier. */
  readonly usd: number;
  readonly per: number;
  /** What is free of charge; bills here leave it out of account. */
  readonly free: string;
  /** The page that the price is from. */
  readonly source: string;
}

/** Where and when the prices held. */
export const priceList = { region: 'us-central1', date: '2025-10-30' } as const;

const FIRESTORE = 'https://cloud.google.com/firestore/pricing';
const STORAGE = 'https://cloud.google.com/storage/pricing';
const PUBSUB = 'https://cloud.google.com/pubsub/pricing';
const TASKS = 'https://cloud.google.com/tasks/pricing';
const BIGQUERY = 'https://cloud.google.com/bigquery/pricing';
const SECRETS = 'https://cloud.google.com/secret-manager/pricing';
const RUN = 'https://cloud.google.com/run/pricing';

const MEBIBYTE = 2 ** 20;
const MEBIBYTES_A_TEBIBYTE = 2 ** 20;
const KILOBYTES_A_TEBIBYTE = 2 ** 40 / 1000;

const pubsub = {
  ...{ unit: { name: 'kB', size: 1 }, usd: 40, per: KILOBYTES_A_TEBIBYTE },
  ...{ free: '10 GiB a month', source: PUBSUB },
};

/**
 * The one table of prices, by the name under which an operation is counted: list prices in US dollars. What is not
 * asked for by the operation (bytes stored, secrets kept, jobs of the scheduler, traffic to the internet) is not here.
 */
export const prices = {
  'firestore.read': {
    ...{ what: 'Firestore document reads', unit: { name: 'reads', size: 1 }, usd: 0.03, per: 100_000 },
    ...{ free: '50 000 a day', source: FIRESTORE },
  },
  'firestore.write': {
    ...{ what: 'Firestore document writes', unit: { name: 'writes', size: 1 }, usd: 0.09, per: 100_000 },
    ...{ free: '20 000 a day', source: FIRESTORE },
  },
  'firestore.delete': {
    ...{ what: 'Firestore document deletes', unit: { name: 'deletes', size: 1 }, usd: 0.01, per: 100_000 },
    ...{ free: '20 000 a day', source: FIRESTORE },
  },
  'storage.class_a': {
    ...{ what: 'Cloud Storage, class A', unit: { name: 'operations', size: 1 }, usd: 0.005, per: 1000 },
    ...{ free: '5 000 a month', source: STORAGE },
  },
  'storage.class_b': {
    ...{ what: 'Cloud Storage, class B', unit: { name: 'operations', size: 1 }, usd: 0.0004, per: 1000 },
    ...{ free: '50 000 a month', source: STORAGE },
  },
  'pubsub.publish_kb': { what: 'Pub/Sub, published', ...pubsub },
  'pubsub.deliver_kb': { what: 'Pub/Sub, delivered', ...pubsub },
  'tasks.operation': {
    ...{ what: 'Cloud Tasks', unit: { name: 'operations', size: 1 }, usd: 0.4, per: 1_000_000 },
    ...{ free: '1 000 000 a month', source: TASKS },
  },
  'bigquery.query_bytes': {
    ...{ what: 'BigQuery, queried', unit: { name: 'MiB', size: MEBIBYTE }, usd: 6.25, per: MEBIBYTES_A_TEBIBYTE },
    ...{ free: '1 TiB a month', source: BIGQUERY },
  },
  'bigquery.insert_bytes': {
    ...{ what: 'BigQuery, streamed in', unit: { name: 'MiB', size: MEBIBYTE }, usd: 0.01, per: 200 },
    ...{ free: 'none', source: BIGQUERY },
  },
  'secretmanager.access': {
    ...{ what: 'Secret Manager, accesses', unit: { name: 'accesses', size: 1 }, usd: 0.03, per: 10_000 },
    ...{ free: '10 000 a month', source: SECRETS },
  },
  'run.request': {
    ...{ what: 'Functions, requests', unit: { name: 'requests', size: 1 }, usd: 0.4, per: 1_000_000 },
    ...{ free: '2 000 000 a month', source: RUN },
  },
  'run.vcpu_ms': {
    ...{ what: 'Functions, processor', unit: { name: 'vCPU-seconds', size: 1000 }, usd: 0.000024, per: 1 },
    ...{ free: '180 000 a month', source: RUN },
  },
  'run.mib_ms': {
    ...{ what: 'Functions, memory', unit: { name: 'GiB-seconds', size: 1024 * 1000 }, usd: 0.0000025, per: 1 },
    ...{ free: '360 000 a month', source: RUN },
  },
} as const satisfies Readonly<Record<string, Price>>;

/** An operation that is counted, and has its price. */
export type Operation = keyof typeof prices;
/** What is counted for each function by itself. */
export type FunctionOperation = Extract<Operation, `run.${string}`>;
/** A name in the meter: an operation or, after a slash, whose it is: `run.request/plan-run`. */
export type Metered = Exclude<Operation, FunctionOperation> | `${FunctionOperation}/${string}`;
