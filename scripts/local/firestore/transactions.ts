import { randomBytes } from 'node:crypto';
import type { Clock } from '../plumbing/clock.ts';
import type { Committed, DocumentUpdate } from './commit.ts';
import { Turns } from './contention.ts';
import type { Database, Documents } from './documents.ts';
import { aborted, invalid } from './errors.ts';
import { collectionOf } from './paths.ts';
import type { Query } from './query.ts';
import { placeIn } from './run-query.ts';
import { type ProtoTimestamp, toMicros } from './values.ts';

/** `google.firestore.v1.TransactionOptions` as decoded. */
export interface TransactionOptions {
  mode?: 'readOnly' | 'readWrite';
  readOnly?: { readTime?: ProtoTimestamp | null } | null;
  readWrite?: { retryTransaction?: Uint8Array } | null;
}

/** A transaction that is under way. */
export interface Transaction {
  readonly id: Buffer;
  readonly database: Database;
  /** The time a read-only transaction reads at; undefined when it may write. */
  readonly readTime: number | undefined;
  readonly began: number;
  lastUsed: number;
  /** Something it has read has changed since: it can only be tried again. */
  doomed: boolean;
  readonly keys: Set<string>;
  readonly queries: Query[];
}

const IDLE_MS = 60_000;
const LONGEST_MS = 270_000;
const CONTENTION =
  'Aborted due to cross-transaction contention. This occurs when multiple transactions attempt to access the same data, ' +
  'requiring Firestore to abort at least one in order to enforce serializability.';

/**
 * Serializable transactions by invalidation: every commit dooms the transactions that have read what it changes,
 * whether documents or the result of a query (phantoms included). A transaction that is not doomed has therefore seen
 * one state, the current one, and may commit; a doomed one gets ABORTED at its next call and is tried again.
 */
export class Transactions {
  readonly #clock: Clock;
  readonly #documents: Documents;
  readonly #turns: Turns;
  readonly #active = new Map<string, Transaction>();
  #committing: Transaction | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(clock: Clock, documents: Documents) {
    this.#clock = clock;
    this.#documents = documents;
    this.#turns = new Turns(clock);
  }

  begin(database: Database, options: TransactionOptions | null): Transaction {
    const now = this.#clock.now();
    const readOnly = options?.mode === 'readOnly';
    const given = readOnly ? options?.readOnly?.readTime : undefined;
    const transaction: Transaction = {
      id: randomBytes(16),
      database,
      readTime: !readOnly
        ? undefined
        : given
          ? this.#documents.checkReadTime(toMicros(given))
          : this.#documents.readTime(),
      began: now,
      lastUsed: now,
      doomed: false,
      keys: new Set(),
      queries: [],
    };
    this.#active.set(transaction.id.toString('hex'), transaction);
    this.#watchIdle();
    return transaction;
  }

  /** The transaction of an id. Throws INVALID_ARGUMENT when it has ended or never was, ABORTED when it is doomed. */
  use(database: Database, id: Uint8Array): Transaction {
    const transaction = this.#active.get(Buffer.from(id).toString('hex'));
    if (transaction) this.#expire(transaction);
    if (!transaction || !this.#active.has(transaction.id.toString('hex'))) {
      throw invalid('The referenced transaction has expired or is no longer valid.');
    }
    if (transaction.database !== database) throw invalid('The transaction is one of another database.');
    transaction.lastUsed = this.#clock.now();
    if (transaction.doomed) throw aborted(CONTENTION);
    return transaction;
  }

  /** Notes that documents are about to be read. Waits for its turn at those that are fought over. */
  async readKeys(transaction: Transaction, keys: readonly string[]): Promise<void> {
    if (transaction.readTime !== undefined) return;
    const fresh = [...new Set(keys)].filter((key) => !transaction.keys.has(key)).sort();
    for (const key of fresh)
      await this.#turns.take(
        transaction,
        `${transaction.database.id}:document:${key}`,
        topicOf(transaction.database, collectionOf(key)),
      );
    if (transaction.doomed) throw aborted(CONTENTION);
    for (const key of fresh) transaction.keys.add(key);
  }

  /** Notes that a query is about to be run. Waits for its turn when it is fought over. */
  async readQuery(transaction: Transaction, query: Query): Promise<void> {
    if (transaction.readTime !== undefined) return;
    const resource = `${transaction.database.id}:query:${JSON.stringify(query)}`;
    await this.#turns.take(transaction, resource, topicOf(transaction.database, query.collection));
    if (transaction.doomed) throw aborted(CONTENTION);
    transaction.queries.push(query);
  }

  /** Runs the commit of a transaction, which writes `keys` and ends the transaction whatever comes of it. */
  commit<T>(transaction: Transaction, keys: readonly string[], work: () => T): T {
    this.#committing = transaction;
    try {
      const answer = work();
      this.#turns.release(transaction, new Set(keys.map((key) => topicOf(transaction.database, collectionOf(key)))));
      return answer;
    } finally {
      this.#committing = undefined;
      this.end(transaction);
    }
  }

  /** Ends the transaction of an id, if there is one. */
  forget(id: Uint8Array): void {
    const transaction = this.#active.get(Buffer.from(id).toString('hex'));
    if (transaction) this.end(transaction);
  }

  end(transaction: Transaction): void {
    this.#active.delete(transaction.id.toString('hex'));
    this.#turns.release(transaction);
  }

  /** Dooms the transactions that have read what was just changed. */
  observe({ database, updates }: Committed): void {
    for (const transaction of this.#active.values()) {
      if (transaction === this.#committing || transaction.doomed || transaction.database !== database) continue;
      const conflict = updates.find((update) => hasRead(transaction, update));
      if (!conflict) continue;
      transaction.doomed = true;
      this.#turns.conflict(topicOf(database, collectionOf(conflict.key)));
      this.#turns.release(transaction);
    }
  }

  close(): void {
    this.#stopTimer?.();
    for (const transaction of [...this.#active.values()]) this.end(transaction);
  }

  #expire(transaction: Transaction): void {
    const now = this.#clock.now();
    if (now < transaction.lastUsed + IDLE_MS && now < transaction.began + LONGEST_MS) return;
    this.end(transaction);
  }

  #watchIdle(): void {
    if (this.#stopTimer) return;
    this.#stopTimer = this.#clock.at(this.#clock.now() + IDLE_MS, () => {
      this.#stopTimer = undefined;
      for (const transaction of [...this.#active.values()]) this.#expire(transaction);
      if (this.#active.size > 0) this.#watchIdle();
    });
  }
}

/** Whether a transaction has read the document, or a query that finds it before or after the update. */
function hasRead(transaction: Transaction, { key, before, after }: DocumentUpdate): boolean {
  if (transaction.keys.has(key)) return true;
  return transaction.queries.some((query) => (before && placeIn(query, before)) || (after && placeIn(query, after)));
}

/** What conflicts are learned about: a collection. */
function topicOf(database: Database, collection: string): string {
  return `${database.id}:${collection}`;
}
