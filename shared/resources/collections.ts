import { defineCollection, type Index } from '../define/resources.ts';

/** Documents that name their user in the field that most do. */
const owned = { field: 'user_id' } as const;

export const usersCollection = defineCollection({
  name: 'users',
  description: 'User profiles and settings.',
  owner: { field: 'id' },
});
export const apiKeysCollection = defineCollection({
  name: 'api_keys',
  description: 'API keys, by the SHA-256 of each.',
  owner: owned,
});
export const testsCollection = defineCollection({
  name: 'tests',
  description: 'Test definitions and their diagnostics.',
  owner: { ...owned, object: 'object' },
});
export const suitesCollection = defineCollection({
  name: 'suites',
  description: 'Tests that are run together: those of a file, or those that a suite names or selects.',
  owner: { ...owned, object: 'object' },
});
export const libraryCollection = defineCollection({
  name: 'library',
  description: 'Checkpoints that tests use by name, a document a version.',
  owner: owned,
});
export const libraryNamesCollection = defineCollection({
  name: 'library_names',
  description: 'Which versions of a checkpoint there have been: no number is given twice.',
  owner: owned,
});
export const runsCollection = defineCollection({
  name: 'runs',
  description: 'Requests to execute tests.',
  owner: { ...owned, finds: 'id' },
});
/** Under each run: `runs/{id}/log`. */
export const runLogCollection = defineCollection({
  name: 'log',
  description: "A run's events, in the order of their commits; several a document.",
  owner: { under: 'runs' },
  ttl: 'expires_at',
});
export const sessionsCollection = defineCollection({
  name: 'sessions',
  description: 'Lives of one browser each.',
  owner: { ...owned, finds: 'id' },
  ttl: 'expires_at',
});
export const slotsCollection = defineCollection({
  name: 'slots',
  description: "What a user's runs and live sessions take of their limits, a document a user.",
  owner: owned,
});
export const checkpointsCollection = defineCollection({
  name: 'checkpoints',
  description: 'Ordered groups of steps of a session, with their results.',
  owner: { ...owned, finds: 'session_id' },
});
export const environmentsCollection = defineCollection({
  name: 'environments',
  description: 'What tests need to know of where they run: variables, secrets and files.',
  sealed: ['secrets'],
  owner: owned,
});
export const rememberedCollection = defineCollection({
  name: 'remembered',
  description: 'Fingerprints of the elements that the steps of a test found, a document a test.',
  owner: owned,
  ttl: 'expires_at',
});
export const webhooksCollection = defineCollection({
  name: 'webhooks',
  description: 'Endpoints that events are sent to.',
  sealed: ['headers', 'secrets'],
  owner: owned,
});
export const subscribersCollection = defineCollection({
  name: 'subscribers',
  description: "A user's endpoints as fan-out has to know them, many a document.",
  owner: owned,
});
export const hooksCollection = defineCollection({
  name: 'hooks',
  description: 'Senders outside that may start runs.',
  sealed: ['secret'],
  owner: owned,
});
export const schedulesCollection = defineCollection({
  name: 'schedules',
  description: 'Runs that are started again and again.',
  owner: owned,
});
export const triggersCollection = defineCollection({
  name: 'triggers',
  description: 'What starts runs when something happens.',
  owner: owned,
});
export const deliveriesCollection = defineCollection({
  name: 'deliveries',
  description: 'Events on their way to an endpoint.',
  owner: owned,
  ttl: 'expires_at',
});
export const cacheCollection = defineCollection({
  name: 'cache',
  description: 'Temporary data.',
  sealed: ['reply'],
  ttl: 'expires_at',
  owner: owned,
});
export const erasuresCollection = defineCollection({
  name: 'erasures',
  description: 'Receipts of users who were erased.',
  owner: { kept: 'it says of an id alone that it is erased, so that nothing of it is stored anew' },
});
/** Under each erasure: `erasures/{id}/found`. */
export const erasureFoundCollection = defineCollection({
  name: 'found',
  description: 'Ids of runs and sessions of somebody who is being erased: what is late is looked for by them.',
  owner: { under: 'erasures' },
});

/** For a user's documents, newest first. */
function newestOfUser(collection: string): Index {
  return {
    collection,
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'created_at', order: 'desc' },
    ],
  };
}

/** Composite indexes: what the queries need. A query without its index fails, locally as in production. */
export const indexes: readonly Index[] = [
  newestOfUser('sessions'),
  {
    collection: 'sessions',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'kind', order: 'asc' },
      { field: 'created_at', order: 'desc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'run_id', order: 'asc' },
      { field: 'position', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'run_id', order: 'asc' },
      { field: 'status', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'kind', order: 'asc' },
      { field: 'status', order: 'asc' },
      { field: 'lease.expires_at', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'kind', order: 'asc' },
      { field: 'status', order: 'asc' },
      { field: 'woken_at', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'kind', order: 'asc' },
      { field: 'status', order: 'asc' },
      { field: 'held', order: 'asc' },
      { field: 'created_at', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'kind', order: 'asc' },
      { field: 'ended_at', order: 'desc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'held', order: 'asc' },
      { field: 'rank', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'updated_at', order: 'asc' },
      { field: 'browser_ms', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'updated_at', order: 'asc' },
      { field: 'stored_bytes', order: 'asc' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { field: 'run_id', order: 'asc' },
      { field: 'held', order: 'asc' },
      { field: 'position', order: 'asc' },
    ],
  },
  {
    collection: 'checkpoints',
    fields: [
      { field: 'session_id', order: 'asc' },
      { field: 'position', order: 'asc' },
    ],
  },
  newestOfUser('api_keys'),
  {
    collection: 'webhooks',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'active', order: 'asc' },
      { field: 'created_at', order: 'desc' },
    ],
  },
  newestOfUser('environments'),
  newestOfUser('webhooks'),
  newestOfUser('tests'),
  newestOfUser('suites'),
  {
    collection: 'tests',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'tags', order: 'array-contains' },
    ],
  },
  {
    collection: 'tests',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'object.name', order: 'asc' },
    ],
  },
  newestOfUser('library'),
  {
    collection: 'library',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'name', order: 'asc' },
      { field: 'version', order: 'desc' },
    ],
  },
  newestOfUser('runs'),
  newestOfUser('hooks'),
  newestOfUser('schedules'),
  newestOfUser('triggers'),
  {
    collection: 'triggers',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'active', order: 'asc' },
      { field: 'created_at', order: 'desc' },
    ],
  },
  {
    collection: 'schedules',
    fields: [
      { field: 'user_id', order: 'asc' },
      { field: 'active', order: 'asc' },
      { field: 'created_at', order: 'desc' },
    ],
  },
  {
    collection: 'schedules',
    fields: [
      { field: 'active', order: 'asc' },
      { field: 'next_at', order: 'asc' },
    ],
  },
  {
    collection: 'deliveries',
    fields: [
      { field: 'order.key', order: 'asc' },
      { field: 'status', order: 'asc' },
      { field: 'order.place', order: 'asc' },
    ],
  },
  {
    collection: 'deliveries',
    fields: [
      { field: 'status', order: 'asc' },
      { field: 'next_attempt_at', order: 'asc' },
    ],
  },
  ...[[], ['status'], ['type'], ['status', 'type']].map(
    (filtered): Index => ({
      collection: 'deliveries',
      fields: [
        ...['webhook_id', ...filtered].map((field) => ({ field, order: 'asc' }) as const),
        { field: 'created_at', order: 'desc' },
      ],
    }),
  ),
];
