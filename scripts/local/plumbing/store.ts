import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export type Row = Record<string, unknown>;

/** Work that waits to be done with other work, in one transaction. */
interface Job {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The durable store every local service keeps its state in: one SQLite file in write-ahead mode.
 * What a `transaction` has written survives `kill -9` of the process once it returns, and the file stays sound whatever
 * happens; a power cut, or a crash of the machine, may take the last transactions back (`synchronous = NORMAL`).
 * All calls are synchronous, so a transaction is never interleaved with another one. Services name their tables with
 * their own prefix (`firestore_documents`, `pubsub_messages`).
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;
  #afterCommit: (() => void)[] = [];
  #jobs: Job[] = [];

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

  /** Inserts one row. Returns its id: cheaper than `RETURNING`, for which SQLite keeps a table of its own. */
  insert(sql: string, ...parameters: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...parameters).lastInsertRowid);
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
    this.run('BEGIN IMMEDIATE');
    this.#depth = 1;
    let result: T;
    try {
      result = work();
      this.run('COMMIT');
    } catch (error) {
      this.#afterCommit = [];
      // A disk that is full ends the transaction by itself.
      if (this.#db.isTransaction) this.run('ROLLBACK');
      throw error;
    } finally {
      this.#depth = 0;
    }
    const hooks = this.#afterCommit;
    this.#afterCommit = [];
    for (const hook of hooks) hook();
    return result;
  }

  /**
   * Runs `work` as `transaction` does, made durable together with what else comes in this turn of the event loop: one
   * write to the disk for all. Each is atomic by itself; one that throws takes nothing back but its own writes.
   */
  grouped<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const count = this.#jobs.push({ work, resolve: resolve as Job['resolve'], reject });
      if (count === 1) setImmediate(() => this.#runGroup());
    });
  }

  #runGroup(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    try {
      const answers = this.transaction(() => jobs.map((job) => this.#attempt(job)));
      for (const answer of answers) answer();
    } catch (error) {
      // Nothing of the group is durable.
      for (const { reject } of jobs) reject(error);
    }
  }

  /** Does one of a group; what it gives back answers, once the group is durable. */
  #attempt({ work, resolve, reject }: Job): () => void {
    const hooks = this.#afterCommit.length;
    this.run('SAVEPOINT job');
    try {
      const result = work();
      this.run('RELEASE job');
      return () => resolve(result);
    } catch (error) {
      if (!this.#db.isTransaction) throw error;
      this.#afterCommit.length = hooks;
      this.run('ROLLBACK TO job');
      this.run('RELEASE job');
      return () => reject(error);
    }
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
