import { readFile, writeFile } from 'node:fs/promises';
import { functions as registry } from '../../functions/index.ts';
import type { AnyFunction } from '../../shared/define/function.ts';
import type { HttpTrigger, Trigger } from '../../shared/define/trigger.ts';
import { settings } from '../../shared/platform/configuration.ts';
import { resources } from '../../shared/resources/index.ts';
import { sensitiveColumns } from '../../shared/resources/sensitive-columns.ts';
import { unindexed } from '../../shared/resources/unindexed.ts';
import { deliveryPolicy } from '../local/host/delivery-policy.ts';
import { type Grant, grantsOf, INVOKER, keyOf } from './roles.ts';
import { readScheduledQueries } from './scheduled-queries.ts';
import { topicFilter } from './topic-filter.ts';
import { type UrlMap, urlMapOf } from './url-map.ts';

/** Everything that is declared, as Terraform reads it: lists are keyed by name, so that it can go through them. */
export interface Manifest {
  readonly invoker: string;
  readonly functions: Readonly<Record<string, ManifestFunction>>;
  readonly url_map: UrlMap;
  readonly grants: Readonly<Record<string, Grant>>;
  readonly topics: Keyed;
  readonly pull_subscriptions: Keyed;
  readonly queues: Keyed;
  readonly buckets: Keyed;
  readonly collections: Keyed;
  readonly indexes: Keyed;
  readonly ttl_fields: Keyed;
  readonly unindexed_fields: Keyed;
  readonly dataset: string;
  readonly tables: Keyed;
  readonly views: Keyed;
  readonly scheduled_queries: Keyed;
  readonly secrets: Keyed;
  readonly delivery: Readonly<Record<string, unknown>>;
  /** The variables that functions read. */
  readonly configuration: Keyed;
}

type Keyed = Readonly<Record<string, unknown>>;

/** A function as it is deployed. */
export interface ManifestFunction {
  readonly summary: string;
  readonly memory: string;
  readonly cpu: number;
  readonly concurrency: number;
  readonly timeout_seconds: number;
  readonly min_instances: number;
  readonly max_instances: number;
  readonly secrets: readonly string[];
  /** Whether all of its routes are for everybody: what it answers may be kept by the CDN. */
  readonly public: boolean;
  /** Whether requests of users' choice go out from it: it is kept out of the private network. */
  readonly outbound: boolean;
  /** In every region; else in the first one only, so that an event is handled once. */
  readonly everywhere: boolean;
  readonly trigger: Readonly<Record<string, unknown>>;
}

export const MANIFEST_FILE = new URL('terraform/manifest.json', import.meta.url);

/** The manifest of what is declared: always the same text for the same declarations. */
export function manifestOf(functions: readonly AnyFunction[]): Manifest {
  return {
    invoker: INVOKER,
    functions: keyed(functions, functionEntry),
    url_map: urlMapOf(functions),
    grants: Object.fromEntries(functions.flatMap(grantsOf).map((grant) => [keyOf(grant), grant])),
    topics: keyed(resources.topics, ({ description }) => ({ description })),
    pull_subscriptions: keyed(resources.pullSubscriptions, ({ topic }) => ({ topic: topic.name })),
    queues: keyed(resources.queues, (queue) => ({
      description: queue.description,
      max_dispatches_per_second: queue.maxDispatchesPerSecond,
      max_concurrent_dispatches: queue.maxConcurrentDispatches,
      max_attempts: queue.maxAttempts,
      min_backoff_seconds: queue.minBackoffSeconds,
      max_backoff_seconds: queue.maxBackoffSeconds,
    })),
    buckets: keyed(resources.buckets, ({ description, versioning = false, lifecycle }) => ({
      description,
      versioning,
      lifecycle,
    })),
    ...documents(),
    dataset: resources.dataset,
    tables: keyed(resources.tables, (table) => ({
      description: table.description,
      partition: table.partition,
      cluster: table.cluster,
      expiry_days: table.expiryDays ?? null,
      columns: Object.entries(table.columns).map(([name, column]) => ({
        name,
        ...column,
        sensitive: sensitiveColumns.some((each) => each.table === table && each.columns.includes(name)),
      })),
    })),
    views: keyed(resources.views, ({ description, query }) => ({ description, query })),
    scheduled_queries: keyed(readScheduledQueries(resources.scheduledQueries), ({ name: _, ...query }) => query),
    secrets: keyed(resources.secrets, ({ description, generate = 'none' }) => ({ description, generate })),
    delivery: {
      dead_letter_topic: deliveryPolicy.deadLetters,
      max_attempts: deliveryPolicy.attempts,
      min_backoff_seconds: deliveryPolicy.minBackoffMs / 1000,
      max_backoff_seconds: deliveryPolicy.maxBackoffMs / 1000,
    },
    configuration: Object.fromEntries(
      Object.values(settings).map(({ variable, fallback }) => [variable, { default: fallback }]),
    ),
  };
}

function documents() {
  const ttl = resources.collections.flatMap(({ name, ttl: field }) => (field === undefined ? [] : [{ name, field }]));
  const plain = unindexed.flatMap(({ collection, fields }) =>
    fields.map((field) => ({ name: collection.name, field })),
  );
  const entry = ({ name, field }: { name: string; field: string }) => [`${name} ${field}`, { collection: name, field }];
  return {
    collections: keyed(resources.collections, ({ description }) => ({ description })),
    indexes: Object.fromEntries(
      resources.indexes.map(({ collection, fields }) => [
        [collection, ...fields.map(({ field, order }) => `${field} ${order}`)].join(' '),
        { collection, fields },
      ]),
    ),
    ttl_fields: Object.fromEntries(ttl.map(entry)),
    unindexed_fields: Object.fromEntries(plain.map(entry)),
  };
}

function functionEntry(declared: AnyFunction): ManifestFunction {
  const { trigger } = declared;
  const routes = trigger.kind === 'http' ? (trigger as HttpTrigger).routes : [];
  return {
    summary: declared.summary,
    memory: declared.memory,
    cpu: declared.cpu,
    concurrency: declared.concurrency,
    timeout_seconds: declared.timeoutSeconds,
    min_instances: declared.minInstances,
    max_instances: declared.maxInstances,
    secrets: declared.secrets.map(({ name }) => name),
    public: routes.length > 0 && routes.every(({ access }) => access === 'public'),
    outbound: Object.hasOwn(declared.services, 'egress'),
    everywhere: trigger.kind === 'http' || trigger.kind === 'task',
    trigger: triggerEntry(trigger),
  };
}

function triggerEntry(trigger: Trigger): Readonly<Record<string, unknown>> {
  const { kind } = trigger;
  switch (kind) {
    case 'http':
      return { kind, routes: trigger.routes.map(({ method, path }) => `${method} ${path}`) };
    case 'task':
      return { kind, queue: trigger.queue.name };
    case 'topic':
      return { kind, topic: trigger.topic.name, types: trigger.types, filter: topicFilter(trigger.types) };
    case 'document':
      return { kind, collection: trigger.collection.name, change: trigger.change };
    case 'object':
      return { kind, bucket: trigger.bucket.name, event: trigger.event };
    case 'schedule':
      return { kind, cron: trigger.cron, time_zone: trigger.timeZone, retry: trigger.retry ?? null };
  }
}

function keyed<T extends { readonly name: string }, Entry>(
  things: readonly T[],
  entry: (thing: T) => Entry,
): Record<string, Entry> {
  return Object.fromEntries(things.map((thing) => [thing.name, entry(thing)]));
}

if (import.meta.main) {
  const wanted = `${JSON.stringify(manifestOf(registry), null, 2)}\n`;
  const found = await readFile(MANIFEST_FILE, 'utf8').catch(() => '');
  if (wanted !== found && process.argv.includes('--check')) {
    console.error('scripts/deploy/terraform/manifest.json is not what the declarations say: run `npm run fix`.');
    process.exitCode = 1;
  } else await writeFile(MANIFEST_FILE, wanted);
}
