import type { Store } from '../plumbing/store.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { DELETED_TOPIC, notFound } from './names.ts';
import { type SubscriptionSettings, settingsMessage } from './subscription-settings.ts';

export interface Subscription {
  /** Under which its deliveries are stored. */
  readonly holder: number;
  readonly name: string;
  /** 0 once the topic was deleted or the subscription detached. */
  readonly topicId: number;
  readonly topic: string;
  readonly detached: boolean;
  readonly settings: SubscriptionSettings;
}

export interface Snapshot {
  /** Under which the messages it holds are stored. */
  readonly holder: number;
  readonly name: string;
  readonly topicId: number;
  readonly topic: string;
  readonly filter: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly labels: Record<string, string>;
}

interface HolderRow {
  readonly holder: number;
  readonly kind: 'subscription' | 'snapshot';
  readonly name: string;
  readonly topicId: number;
  readonly topic: string;
  readonly detached: number;
  readonly settings: string;
}

/** What holds messages, as it is stored: subscriptions, and snapshots, which are subscriptions that nobody reads. */
export class Holders {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.exec(`CREATE TABLE IF NOT EXISTS pubsub_holders (
      holder INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL UNIQUE, topicId INTEGER NOT NULL,
      topic TEXT NOT NULL, detached INTEGER NOT NULL DEFAULT 0, settings TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS pubsub_holders_topic ON pubsub_holders (topicId)`);
  }

  /** @throws RpcError NOT_FOUND */
  subscription(name: string): Subscription {
    const row = this.#row(name);
    if (!row) throw notFound(name);
    return toSubscription(row);
  }

  /** @throws RpcError NOT_FOUND */
  snapshot(name: string): Snapshot {
    const row = this.#row(name);
    if (!row) throw notFound(name);
    return toSnapshot(row);
  }

  exists(name: string): boolean {
    return this.#row(name) !== undefined;
  }

  /** All subscriptions whose names begin with `prefix`, by name. */
  subscriptions(prefix = ''): Subscription[] {
    return this.#rows('subscription', prefix).map(toSubscription);
  }

  /** All snapshots whose names begin with `prefix`, by name. */
  snapshots(prefix = ''): Snapshot[] {
    return this.#rows('snapshot', prefix).map(toSnapshot);
  }

  /** What holds the messages that are published to a topic. */
  ofTopic(topicId: number): { holder: number; name: string; filter: string }[] {
    return this.#store
      .all<HolderRow>('SELECT * FROM pubsub_holders WHERE topicId = ? AND detached = 0', topicId)
      .map((row) => ({
        holder: row.holder,
        name: row.name,
        filter: (JSON.parse(row.settings) as { filter: string }).filter,
      }));
  }

  insertSubscription(given: Omit<Subscription, 'holder' | 'detached'>): Subscription {
    this.#insert('subscription', given, given.settings);
    return this.subscription(given.name);
  }

  insertSnapshot({ filter, expires, labels, ...given }: Omit<Snapshot, 'holder'>): Snapshot {
    this.#insert('snapshot', given, { filter, expires, labels });
    return this.snapshot(given.name);
  }

  update(name: string, settings: object): void {
    this.#store.run('UPDATE pubsub_holders SET settings = ? WHERE name = ?', JSON.stringify(settings), name);
  }

  detach(name: string): void {
    this.#store.run('UPDATE pubsub_holders SET detached = 1, topicId = 0 WHERE name = ?', name);
  }

  /** The topic is deleted: what held its messages goes on with those it has. */
  orphan(topicId: number): void {
    this.#store.run('UPDATE pubsub_holders SET topicId = 0, topic = ? WHERE topicId = ?', DELETED_TOPIC, topicId);
  }

  delete(name: string): void {
    this.#store.run('DELETE FROM pubsub_holders WHERE name = ?', name);
  }

  #row(name: string): HolderRow | undefined {
    return this.#store.get<HolderRow>('SELECT * FROM pubsub_holders WHERE name = ?', name);
  }

  #rows(kind: HolderRow['kind'], prefix: string): HolderRow[] {
    return this.#store
      .all<HolderRow>('SELECT * FROM pubsub_holders WHERE kind = ? ORDER BY name', kind)
      .filter((row) => row.name.startsWith(prefix));
  }

  #insert(kind: HolderRow['kind'], given: { name: string; topicId: number; topic: string }, settings: object): void {
    this.#store.run(
      'INSERT INTO pubsub_holders (kind, name, topicId, topic, settings) VALUES (?, ?, ?, ?, ?)',
      kind,
      given.name,
      given.topicId,
      given.topic,
      JSON.stringify(settings),
    );
  }
}

/** The message of a subscription. `topicRetentionMs` is how long its topic retains messages, 0 when it does not. */
export function subscriptionMessage(subscription: Subscription, topicRetentionMs = 0) {
  const { name, topic, detached, settings } = subscription;
  const retention = topicRetentionMs > 0 ? { topicMessageRetentionDuration: toWireTime(topicRetentionMs) } : {};
  return { name, topic, detached, state: 'ACTIVE', ...settingsMessage(settings), ...retention };
}

/** The message of a snapshot. */
export function snapshotMessage({ name, topic, expires, labels }: Snapshot) {
  return { name, topic, expireTime: toWireTime(expires), labels };
}

function toSubscription({ kind: _kind, detached, settings, ...row }: HolderRow): Subscription {
  return { ...row, detached: detached === 1, settings: JSON.parse(settings) };
}

function toSnapshot({ kind: _kind, detached: _detached, settings, ...row }: HolderRow): Snapshot {
  return { ...row, ...(JSON.parse(settings) as Pick<Snapshot, 'filter' | 'expires' | 'labels'>) };
}
