import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export type Row = Record<string, unknown>;

/**
 * The durable store every local service keeps its state in: one SQLite file in write-ahead mode.
 * What a `transaction` has written survives `kill -9` of the process once it returns, and the file stays sound whatever
 * happens; a power cut, or a crash of the machine, may take the last transactions back (`synchronous = NORMAL`).
 * All calls are synchronous, so a transaction is never interleaved with another one.
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 * Services name their tables with their own prefix
 * (`firestore_documents`, `pubsub_messages`).
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;
  #afterCommit: (() => void)[] = [];

  /** @param path file of the database, or `:memory:` to forget everything on close. */
  constructor(path: string) {
    this.#db = new DatabaseSync(path);
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  }

  /** Runs statements without parameters, usually `CREATE TABLE IF NOT EXISTS …`. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Runs a statement that returns nothing. Returns how many rows it changed. */
  run(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...parameters).changes);
  }

  /** The first row, or undefined. Blobs are Uint8Array. */
  get<T extends object = Row>(sql: string, ...parameters: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...parameters) as T | undefined;
  }

  /** All rows. */
  all<T extends object = Row>(sql: string, ...parameters: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...parameters) as T[];
  }

  /** Rows one at a time. Do not write to the store while iterating. */
  iterate<T extends object = Row>(sql: string, ...parameters: SQLInputValue[]): Iterable<T> {
    return this.#prepare(sql).iterate(...parameters) as Iterable<T>;
  }

  /** Runs `work` atomically: all of its writes or, when it throws, none. A nested call joins the outer transaction. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
    let result: T;
    try {
      result = work();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#afterCommit = [];
      this.#db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
    const hooks = this.#afterCommit;
    this.#afterCommit = [];
    for (const hook of hooks) hook();
    return result;
  }

  /** Calls `hook` after the current transaction has committed (at once when there is none); never when it rolls back. */
  afterCommit(hook: () => void): void {
    if (this.#depth > 0) this.#afterCommit.push(hook);
    else hook();
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
