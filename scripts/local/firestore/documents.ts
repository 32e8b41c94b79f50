import type { Clock } from '../plumbing/clock.ts';
import type { Store } from '../plumbing/store.ts';
import { decodeFields } from './codec.ts';
import { failedPrecondition, invalid } from './errors.ts';
import { collectionOf } from './paths.ts';
import type { Fields } from './values.ts';

/** How long old versions can be read: an hour, as in a database without point-in-time recovery. */
export const RETENTION_MICROS = 3600e6;

export interface Database {
  readonly id: number;
  /** `projects/P/databases/D`. */
  readonly name: string;
}

/** One version of a document. Times are microseconds since the epoch. */
export class DocumentVersion {
  readonly key: string;
  readonly created: number;
  readonly updated: number;
  /** The encoded fields. */
  readonly data: Uint8Array;
  #fields: Fields | undefined;

  constructor(row: { key: string; created: number; updated: number; data: Uint8Array }, fields?: Fields) {
    this.key = row.key;
    this.created = row.created;
    this.updated = row.updated;
    this.data = row.data;
    this.#fields = fields;
  }

  /** Decoded when first asked for. Not to be changed. */
  get fields(): Fields {
    this.#fields ??= decodeFields(this.data);
    return this.#fields;
  }
}

interface DocumentRow {
  id: number;
  key: string;
  created: number;
  updated: number;
  data: Uint8Array;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS firestore_databases (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS firestore_time (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
  INSERT OR IGNORE INTO firestore_time VALUES (1, 0);
  CREATE TABLE IF NOT EXISTS firestore_documents (
    id INTEGER PRIMARY KEY, database INTEGER NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (database, key));
  CREATE INDEX IF NOT EXISTS firestore_documents_collection ON firestore_documents (database, collection);
  CREATE TABLE IF NOT EXISTS firestore_history (
    id INTEGER PRIMARY KEY, database INTEGER NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL,
    created INTEGER NOT NULL, updated INTEGER NOT NULL, until INTEGER NOT NULL, data BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS firestore_history_key ON firestore_history (database, collection, key, until);
`;

/** Documents, their old versions, and the time of the database: strictly rising microseconds. */
export class Documents {
  readonly store: Store;
  readonly #clock: Clock;
  readonly #databases = new Map<string, Database>();
  #lastCommit: number;
  /** The latest time a reader was given: later commits come after it. */
  #lastRead = 0;

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.#clock = clock;
    store.exec(TABLES);
    this.#lastCommit = store.get<{ last: number }>('SELECT last FROM firestore_time')?.last ?? 0;
  }

  /** The database of that name (`projects/P/databases/D`), which comes into being when it is first named. */
  database(name: string): Database {
    const known = this.#databases.get(name);
    if (known) return known;
    if (!/^projects\/[^/]+\/databases\/[^/]+$/.test(name)) throw invalid(`"${name}" is not the name of a database.`);
    this.store.run('INSERT OR IGNORE INTO firestore_databases (name) VALUES (?)', name);
    const id = this.store.get<{ id: number }>('SELECT id FROM firestore_databases WHERE name = ?', name)?.id ?? 0;
    const database = { id, name };
    this.#databases.set(name, database);
    return database;
  }

  /** Every database that was ever named. */
  databases(): Database[] {
    const rows = this.store.all<{ name: string }>('SELECT name FROM firestore_databases ORDER BY id');
    return rows.map(({ name }) => this.database(name));
  }

  /** A time at which reads see everything committed so far and nothing that is committed later. */
  readTime(): number {
    this.#lastRead = Math.max(this.#lastCommit, this.#lastRead, this.#clock.now() * 1000);
    return this.#lastRead;
  }

  /** Takes the time of a new commit, inside its transaction. */
  takeCommitTime(): number {
    const before = this.#lastCommit;
    const time = Math.max(this.#clock.now() * 1000, before + 1, this.#lastRead + 1);
    this.#lastCommit = time;
    this.store.run('UPDATE firestore_time SET last = ?', time);
    return time;
  }

  /** Whether nothing was committed after `time`, so that it can be read from the current documents. */
  isCurrent(time: number): boolean {
    return time >= this.#lastCommit;
  }

  /** Throws INVALID_ARGUMENT for a read time in the future, FAILED_PRECONDITION for one that is no longer kept. */
  checkReadTime(time: number): number {
    const now = this.readTime();
    if (time > now) throw invalid('read_time cannot be in the future.');
    if (time < now - RETENTION_MICROS) throw failedPrecondition('The requested snapshot version is too old.');
    return time;
  }

  /** The document at a key, now or at a time. */
  get(database: Database, key: string, at?: number): DocumentVersion | undefined {
    const row = this.#row(database, key);
    if (at === undefined || this.isCurrent(at) || (row && row.updated <= at)) return row && new DocumentVersion(row);
    const old = this.store.get<DocumentRow>(
      `SELECT key, created, updated, data FROM firestore_history
       WHERE database = ? AND collection = ? AND key = ? AND until > ? AND updated <= ?`,
      database.id,
      collectionOf(key),
      key,
      at,
      at,
    );
    return old && new DocumentVersion(old);
  }

  /** The row id of a document, which index entries point to. */
  rowId(database: Database, key: string): number | undefined {
    return this.store.get<{ id: number }>(
      'SELECT id FROM firestore_documents WHERE database = ? AND key = ?',
      database.id,
      key,
    )?.id;
  }

  /** Replaces `before` by `after` at `time`, and keeps `before` as an old version. Returns the row's id. */
  put(
    database: Database,
    before: DocumentVersion | undefined,
    after: DocumentVersion | undefined,
    time: number,
  ): number {
    const key = before?.key ?? after?.key ?? '';
    const id = before ? this.rowId(database, key) : undefined;
    if (before) this.#keep(database, before, time);
    if (after && id !== undefined) {
      const sql = 'UPDATE firestore_documents SET created = ?, updated = ?, data = ? WHERE id = ?';
      this.store.run(sql, after.created, after.updated, after.data, id);
      return id;
    }
    if (after) {
      return this.store.insert(
        `INSERT INTO firestore_documents (database, collection, key, created, updated, data)
         VALUES (?, ?, ?, ?, ?, ?)`,
        database.id,
        collectionOf(key),
        key,
        after.created,
        after.updated,
        after.data,
      );
    }
    if (id !== undefined) this.store.run('DELETE FROM firestore_documents WHERE id = ?', id);
    return id ?? 0;
  }

  /** The versions that were current at `time` and are not any more. `collection` undefined means all collections. */
  replacedSince(database: Database, collection: string | undefined, time: number): DocumentVersion[] {
    const where = collection === undefined ? '' : 'AND collection = ?';
    const sql = `SELECT key, created, updated, data FROM firestore_history
      WHERE database = ? ${where} AND until > ? AND updated <= ?`;
    const parameters = collection === undefined ? [time, time] : [collection, time, time];
    return this.store.all<DocumentRow>(sql, database.id, ...parameters).map((row) => new DocumentVersion(row));
  }

  /** The first key in [from, to) of a document that exists, now or at a time. */
  firstKey(database: Database, from: string, to: string, at?: number): string | undefined {
    const current = 'SELECT key FROM firestore_documents WHERE database = ? AND key >= ? AND key < ?';
    if (at === undefined || this.isCurrent(at)) {
      return this.store.get<{ key: string }>(`${current} ORDER BY key LIMIT 1`, database.id, from, to)?.key;
    }
    return this.store.get<{ key: string }>(
      `SELECT min(key) AS key FROM (${current} AND updated <= ? UNION ALL SELECT key FROM firestore_history
       WHERE database = ? AND key >= ? AND key < ? AND until > ? AND updated <= ? ) HAVING key IS NOT NULL`,
      ...[database.id, from, to, at],
      ...[database.id, from, to, at, at],
    )?.key;
  }

  /** Forgets versions that were replaced before the time that can still be read. */
  forgetHistory(): void {
    const first = this.store.get<{ id: number }>(
      'SELECT id FROM firestore_history WHERE until >= ? ORDER BY id LIMIT 1',
      this.#clock.now() * 1000 - RETENTION_MICROS,
    );
    if (first) this.store.run('DELETE FROM firestore_history WHERE id < ?', first.id);
    else this.store.run('DELETE FROM firestore_history');
  }

  #row(database: Database, key: string): DocumentRow | undefined {
    return this.store.get<DocumentRow>(
      'SELECT id, key, created, updated, data FROM firestore_documents WHERE database = ? AND key = ?',
      database.id,
      key,
    );
  }

  #keep(database: Database, version: DocumentVersion, until: number): void {
    this.store.run(
      `INSERT INTO firestore_history (database, collection, key, created, updated, until, data)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      database.id,
      collectionOf(version.key),
      version.key,
      version.created,
      version.updated,
      until,
      version.data,
    );
  }
}
