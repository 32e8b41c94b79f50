/** A Pub/Sub topic. */
export interface Topic {
  readonly kind: 'topic';
  readonly name: string;
  readonly description: string;
}

/** A Pub/Sub subscription that is pulled, not pushed. */
export interface PullSubscription {
  readonly kind: 'pull-subscription';
  readonly name: string;
  readonly topic: Topic;
}

/** A Cloud Tasks queue. Backoffs are in seconds. */
export interface Queue {
  readonly kind: 'queue';
  readonly name: string;
  readonly description: string;
  readonly maxDispatchesPerSecond: number;
  readonly maxConcurrentDispatches: number;
  readonly maxAttempts: number;
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
}

/** A Cloud Storage bucket. */
export interface Bucket {
  readonly kind: 'bucket';
  readonly name: string;
  readonly description: string;
  readonly versioning?: boolean;
  readonly lifecycle: readonly LifecycleRule[];
  /** Prefixes of the objects that are a user's: `{user}`, `{run}` and `{session}` stand for ids. */
  readonly theirs?: readonly string[];
}

/** What happens to an object when the condition holds (Cloud Storage's object lifecycle management). */
export interface LifecycleRule {
  readonly action:
    | { readonly type: 'Delete' }
    | { readonly type: 'SetStorageClass'; readonly storageClass: 'COLDLINE' };
  readonly condition: {
    readonly age?: number;
    readonly numNewerVersions?: number;
    readonly matchesPrefix?: readonly string[];
  };
}

/** A Firestore collection. `ttl` names the timestamp field after which its documents are deleted. */
export interface Collection {
  readonly kind: 'collection';
  readonly name: string;
  readonly description: string;
  readonly ttl?: string;
  /** Fields with sealed values in them, at any depth: they are sealed anew when the key changes. */
  readonly sealed?: readonly string[];
  /** Absent: the collection is nobody's, or not deployed. */
  readonly owner?: Owner;
}

/**
 * How a collection's documents are known to be a user's, so that they can be erased with the user: a field holds the
 * user's id; or they lie under a run or a session of the user; or they are kept when the user is erased, for the reason.
 */
export type Owner =
  | {
      readonly field: string;
      /** The field with the id of the run or session that objects and inner collections are found by. */
      readonly finds?: string;
      /** The field that names an object, as `{bucket, name}`, which may lie outside of the user's own folders. */
      readonly object?: string;
    }
  | { readonly under: 'runs' | 'sessions' | 'erasures' }
  | { readonly kept: string };

/** A composite index of Firestore. */
export interface Index {
  readonly collection: string;
  readonly fields: readonly { readonly field: string; readonly order: 'asc' | 'desc' | 'array-contains' }[];
}

/** A secret of Secret Manager. `generate` says what its first version is made of where nobody provides one. */
export interface Secret {
  readonly kind: 'secret';
  readonly name: string;
  readonly description: string;
  readonly generate?: 'api-key' | 'key-256' | 'webhook-secret' | 'ed25519' | 'none';
}

export type ColumnType = 'STRING' | 'INT64' | 'FLOAT64' | 'BOOL' | 'TIMESTAMP' | 'DATE' | 'JSON';

/** A BigQuery table of the dataset `analytics`, partitioned by day on `partition`. */
export interface Table {
  readonly kind: 'table';
  readonly name: string;
  readonly description: string;
  readonly partition: string;
  readonly cluster: readonly string[];
  /** Days after which a partition is deleted. */
  readonly expiryDays?: number;
  readonly columns: Readonly<Record<string, { readonly type: ColumnType; readonly description: string }>>;
}

/** A view of the dataset `analytics`. Its query names tables with their dataset: `analytics.test_runs`. */
export interface View {
  readonly kind: 'view';
  readonly name: string;
  readonly description: string;
  readonly query: string;
}

/**
 * A query that BigQuery runs at the times of a schedule. Its file `shared/analytics/sql/NAME.sql` says when, and how it
 * writes; `scripts/deploy/scheduled-queries.ts` reads it.
 */
export interface ScheduledQuery {
  readonly kind: 'scheduled-query';
  readonly name: string;
  /** The table that it keeps. */
  readonly destination: Table;
}

const declare =
  <Resource extends { kind: string }>(kind: Resource['kind']) =>
  (declaration: Omit<Resource, 'kind'>): Resource =>
    ({ kind, ...declaration }) as unknown as Resource;

export const defineTopic = declare<Topic>('topic');
export const definePullSubscription = declare<PullSubscription>('pull-subscription');
export const defineBucket = declare<Bucket>('bucket');
export const defineCollection = declare<Collection>('collection');
export const defineSecret = declare<Secret>('secret');
export const defineTable = declare<Table>('table');
export const defineView = declare<View>('view');
export const defineScheduledQuery = declare<ScheduledQuery>('scheduled-query');

/** Declares a queue; rates and retries default to those of the platform's description. */
export function defineQueue(declaration: Pick<Queue, 'name' | 'description'> & Partial<Omit<Queue, 'kind'>>): Queue {
  return {
    kind: 'queue',
    maxDispatchesPerSecond: 100,
    maxConcurrentDispatches: 50,
    maxAttempts: 5,
    minBackoffSeconds: 10,
    maxBackoffSeconds: 600,
    ...declaration,
  };
}
