import { createHash } from 'node:crypto';
import type { AnyFunction } from '../../../shared/define/function.ts';
import type {
  Bucket,
  Collection,
  Index,
  PullSubscription,
  Queue,
  ScheduledQuery,
  Secret,
  Table,
  Topic,
  View,
} from '../../../shared/define/resources.ts';
import { readScheduledQueries } from '../../deploy/scheduled-queries.ts';
import type { LocalService } from '../plumbing/service.ts';
import type { Store } from '../plumbing/store.ts';
import type { Place } from './cloud-events.ts';
import { type CallMethod, inProcess } from './in-process.ts';
import { provisionQueues, provisionSecrets } from './provision-grpc.ts';
import { provisionBuckets, provisionWarehouse } from './provision-http.ts';
import { provisionQueries } from './provision-queries.ts';
import { provisionTopics } from './provision-topics.ts';

/** What is deployed beside the functions, as far as the local cloud makes it. */
export interface Resources {
  readonly topics: readonly Topic[];
  readonly pullSubscriptions: readonly PullSubscription[];
  readonly queues: readonly Queue[];
  readonly buckets: readonly Bucket[];
  readonly collections: readonly Collection[];
  readonly indexes: readonly Index[];
  readonly secrets: readonly Secret[];
  readonly dataset: string;
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly scheduledQueries: readonly ScheduledQuery[];
}

/** What provisioning works on. */
export interface Provisioning extends Place {
  readonly resources: Resources;
  readonly functions: readonly AnyFunction[];
  /** Requests that the function can take at a time: its queue dispatches no more. */
  capacityOf(fn: AnyFunction): number;
  readonly call: CallMethod;
  readonly origin: string;
}

/**
 * Makes the declared resources in the local services, unless the store says that these very declarations are made.
 * The warehouse and its scheduled queries wait until it is first used: `provisionWarehouse`.
 */
export function provision(options: Omit<Provisioning, 'call'> & { services: readonly LocalService[]; store: Store }): {
  readonly done: Promise<void>;
  warehouse(): Promise<void>;
} {
  const { services, store, ...rest } = options;
  const work: Provisioning = { ...rest, call: inProcess(services) };
  const { resources, origin } = work;
  const has = (name: string) => services.some((service) => service.name === name);
  const once = (name: string, declared: unknown, make: (work: Provisioning) => Promise<void>) =>
    has(name) ? onceForEach(store, name, declared, () => make(work)) : Promise.resolve();

  const eventTriggers = work.functions.filter(({ trigger }) => trigger.kind === 'topic');
  const limits = work.functions.map((fn) => [fn.name, work.capacityOf(fn)]);
  let warehouse: Promise<void> | undefined;
  return {
    done: Promise.all([
      once('pubsub', [resources.topics, resources.pullSubscriptions, eventTriggers, origin], provisionTopics),
      once('tasks', [resources.queues, limits], provisionQueues),
      once('secret-manager', resources.secrets, provisionSecrets),
      once('storage', resources.buckets, provisionBuckets),
    ]).then(() => {}),
    warehouse() {
      warehouse ??= once('bigquery', [resources.dataset, resources.tables, resources.views], provisionWarehouse).then(
        // Without data there is nothing to query.
        () => once('data-transfer', readScheduledQueries(resources.scheduledQueries), provisionQueries),
      );
      return warehouse;
    },
  };
}

/** Makes what is declared, unless the store has the fingerprint of the same declarations. */
async function onceForEach(store: Store, name: string, declared: unknown, make: () => Promise<void>): Promise<void> {
  store.exec('CREATE TABLE IF NOT EXISTS host_provisioned (service TEXT PRIMARY KEY, fingerprint TEXT NOT NULL)');
  const fingerprint = createHash('sha256').update(JSON.stringify(declared)).digest('hex');
  const known = store.get<{ fingerprint: string }>('SELECT fingerprint FROM host_provisioned WHERE service = ?', name);
  if (known?.fingerprint === fingerprint) return;
  await make();
  store.run('INSERT OR REPLACE INTO host_provisioned VALUES (?, ?)', name, fingerprint);
}
