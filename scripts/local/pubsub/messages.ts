import type { Clock } from '../plumbing/clock.ts';
import type { Store } from '../plumbing/store.ts';

/** What is published. */
export interface NewMessage {
  readonly data: Uint8Array;
  readonly attributes: Record<string, string>;
  readonly orderingKey: string;
}

export interface StoredMessage extends NewMessage {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly published: number;
}

/** What a subscription needs to know of a message before it delivers it. */
export interface Held {
  readonly id: number;
  readonly orderingKey: string;
  readonly published: number;
  readonly bytes: number;
  /** How often its delivery has failed. */
  readonly attempts: number;
}

interface MessageRow {
  readonly id: number;
  readonly data: Uint8Array;
  readonly attributes: string;
  readonly orderingKey: string;
  readonly published: number;
}

const HELD = `SELECT m.id, m.orderingKey, m.published, m.bytes, d.attempts
  FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message`;

/** The messages and who still holds them, as they are stored. A message nobody holds is gone, unless its topic retains it. */
export class Messages {
  readonly #store: Store;
  readonly #clock: Clock;
  #lastId: number;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    store.exec(`CREATE TABLE IF NOT EXISTS pubsub_messages (
      id INTEGER PRIMARY KEY AUTOINCREMENT, topicId INTEGER NOT NULL, data BLOB NOT NULL, attributes TEXT NOT NULL,
      orderingKey TEXT NOT NULL, published INTEGER NOT NULL, retained INTEGER NOT NULL, bytes INTEGER NOT NULL);
    DROP INDEX IF EXISTS pubsub_messages_topic;
    CREATE INDEX IF NOT EXISTS pubsub_messages_retained ON pubsub_messages (topicId, published) WHERE retained > 0;
    CREATE TABLE IF NOT EXISTS pubsub_deliveries (
      message INTEGER NOT NULL, holder INTEGER NOT NULL, acked INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (message, holder)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS pubsub_deliveries_holder ON pubsub_deliveries (holder, message)`);
    const row = store.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'pubsub_messages'");
    this.#lastId = row?.seq ?? 0;
  }

  /** An id as Pub/Sub's are: decimal digits, unique, rising with time. */
  nextId(): number {
    this.#lastId = Math.max(this.#lastId + 1, this.#clock.now() * 1000);
    return this.#lastId;
  }

  /** Stores a message for its holders. `retained` is until when its topic keeps it, in ms since the epoch, or 0. */
  insert(message: StoredMessage, topicId: number, retained: number, holders: readonly number[]): void {
    this.#store.run(
      'INSERT INTO pubsub_messages (id, topicId, data, attributes, orderingKey, published, retained, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      message.id,
      topicId,
      message.data,
      JSON.stringify(message.attributes),
      message.orderingKey,
      message.published,
      retained,
      messageBytes(message),
    );
    for (const holder of holders) this.hold(holder, message.id);
  }

  hold(holder: number, id: number): void {
    this.#store.run(
      'INSERT INTO pubsub_deliveries (message, holder) VALUES (?, ?) ON CONFLICT DO UPDATE SET acked = 0, attempts = 0',
      id,
      holder,
    );
  }

  read(id: number): StoredMessage | undefined {
    const row = this.#store.get<MessageRow>(
      'SELECT id, data, attributes, orderingKey, published FROM pubsub_messages WHERE id = ?',
      id,
    );
    return row && { ...row, attributes: JSON.parse(row.attributes) };
  }

  /** What a holder has not acknowledged, oldest first. */
  unacked(holder: number): Held[] {
    return this.#store.all<Held>(`${HELD} WHERE d.holder = ? AND d.acked = 0 ORDER BY d.message`, holder);
  }

  /** Records a failed delivery. */
  failed(holder: number, id: number, attempts: number): void {
    this.#store.run('UPDATE pubsub_deliveries SET attempts = ? WHERE message = ? AND holder = ?', attempts, id, holder);
  }

  /** Acknowledges; `retain` keeps the message for a later seek. */
  ack(holder: number, id: number, retain: boolean): void {
    if (retain) {
      this.#store.run('UPDATE pubsub_deliveries SET acked = 1 WHERE message = ? AND holder = ?', id, holder);
      return;
    }
    this.#store.run('DELETE FROM pubsub_deliveries WHERE message = ? AND holder = ?', id, holder);
    this.#store.run(
      `DELETE FROM pubsub_messages WHERE id = ?1 AND retained <= ?2
       AND NOT EXISTS (SELECT 1 FROM pubsub_deliveries WHERE message = ?1)`,
      id,
      this.#clock.now(),
    );
  }

  /** A holder lets go of everything it has. */
  release(holder: number): void {
    this.#store.run('DELETE FROM pubsub_deliveries WHERE holder = ?', holder);
    this.forgetUnheld();
  }

  /** A holder lets go of what was published before `time`; `forgetUnheld` then frees it. */
  releaseBefore(holder: number, time: number): void {
    this.#store.run(
      `DELETE FROM pubsub_deliveries WHERE holder = ? AND message IN (
         SELECT d.message FROM pubsub_deliveries d JOIN pubsub_messages m ON m.id = d.message
         WHERE d.holder = ? AND m.published < ?)`,
      holder,
      holder,
      time,
    );
  }

  /** One holder takes over what another has not acknowledged, instead of what it had itself; `retain` keeps that as acknowledged. */
  copy(from: number, to: number, retain: boolean): void {
    if (retain) this.#store.run('UPDATE pubsub_deliveries SET acked = 1 WHERE holder = ?', to);
    else this.#store.run('DELETE FROM pubsub_deliveries WHERE holder = ?', to);
    this.#store.run(
      `INSERT INTO pubsub_deliveries (message, holder) SELECT message, ? FROM pubsub_deliveries WHERE holder = ? AND acked = 0
       ON CONFLICT DO UPDATE SET acked = 0, attempts = 0`,
      to,
      from,
    );
    this.forgetUnheld();
  }

  /** Sets what was published before `time` as acknowledged, and the rest as not. */
  seek(holder: number, time: number, retain: boolean): void {
    const acked = (operator: '<' | '>=') =>
      `holder = ? AND message IN (SELECT id FROM pubsub_messages WHERE published ${operator} ?)`;
    this.#store.run(
      `UPDATE pubsub_deliveries SET acked = 0, attempts = 0 WHERE acked = 1 AND ${acked('>=')}`,
      holder,
      time,
    );
    if (retain) this.#store.run(`UPDATE pubsub_deliveries SET acked = 1 WHERE ${acked('<')}`, holder, time);
    else this.releaseBefore(holder, time);
    this.forgetUnheld();
  }

  /** A topic keeps its messages for another time from now on, those it has too; 0 keeps only what is held. */
  retain(topicId: number, retentionMs: number): void {
    this.#store.run(
      'UPDATE pubsub_messages SET retained = CASE WHEN ?1 = 0 THEN 0 ELSE published + ?1 END WHERE topicId = ?2',
      retentionMs,
      topicId,
    );
    if (retentionMs === 0) this.forgetUnheld();
  }

  /** What a topic retains of what was published at `time` or later. */
  retained(topicId: number, time: number): StoredMessage[] {
    return this.#store
      .all<MessageRow>(
        `SELECT id, data, attributes, orderingKey, published FROM pubsub_messages
         WHERE topicId = ? AND published >= ? AND retained > 0 AND retained > ?`,
        topicId,
        time,
        this.#clock.now(),
      )
      .map((row) => ({ ...row, attributes: JSON.parse(row.attributes) }));
  }

  /** Frees what nobody holds and no topic retains. Looks at every message. */
  forgetUnheld(): void {
    this.#store.run(
      `DELETE FROM pubsub_messages WHERE retained <= ?
       AND NOT EXISTS (SELECT 1 FROM pubsub_deliveries WHERE message = pubsub_messages.id)`,
      this.#clock.now(),
    );
  }
}

/** What a message counts for: its data, attributes and ordering key, in bytes. */
export function messageBytes({ data, attributes, orderingKey }: NewMessage): number {
  let bytes = data.byteLength + Buffer.byteLength(orderingKey);
  for (const [key, value] of Object.entries(attributes)) bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes;
}
