import type { Store } from '../plumbing/store.ts';

/** How a task is sent, as it is stored. The body is a column of its own. */
export interface TaskRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly oidc?: { readonly serviceAccountEmail: string; readonly audience: string };
}

/** A task. Times are milliseconds since the epoch. */
export interface TaskRow {
  readonly id: number;
  readonly name: string;
  readonly queue: string;
  /** Whether the caller chose the name. */
  readonly named: number;
  /** TaskRequest as JSON. */
  readonly request: string;
  readonly body: Uint8Array | null;
  readonly created: number;
  /** When it is to be dispatched: the schedule time, later the time of the next attempt. */
  readonly due: number;
  /** 1 while an attempt is under way. */
  readonly leased: number;
  /** Milliseconds an attempt may take. */
  readonly deadline: number;
  readonly dispatches: number;
  readonly responses: number;
  readonly firstDispatch: number | null;
  /** Attempt as JSON. */
  readonly lastAttempt: string | null;
}

/** How an attempt went. Times are milliseconds since the epoch. */
export interface Attempt {
  readonly scheduled: number;
  readonly dispatched: number;
  readonly responded?: number;
  /** HTTP status; absent when there was no response. */
  readonly status?: number;
  readonly reason?: string;
}

const TOMBSTONE_MS = 3_600_000;
/** How long a task may live, and how long one that failed for good is kept. */
const LONGEST_LIFE_MS = 31 * 24 * 3_600_000;

/** The tasks, as they are stored, and the tombstones of the names that were used. */
export class Tasks {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.exec(`CREATE TABLE IF NOT EXISTS tasks_tasks (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, named INTEGER NOT NULL,
      request TEXT NOT NULL, body BLOB, created INTEGER NOT NULL, due INTEGER NOT NULL, leased INTEGER NOT NULL DEFAULT 0,
      deadline INTEGER NOT NULL, dispatches INTEGER NOT NULL DEFAULT 0, responses INTEGER NOT NULL DEFAULT 0,
      firstDispatch INTEGER, lastAttempt TEXT);
    CREATE INDEX IF NOT EXISTS tasks_due ON tasks_tasks (queue, leased, due);
    CREATE INDEX IF NOT EXISTS tasks_order ON tasks_tasks (queue, id);
    CREATE TABLE IF NOT EXISTS tasks_tombstones (name TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS tasks_tombstones_until ON tasks_tombstones (until);
    CREATE TABLE IF NOT EXISTS tasks_dead (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, queue TEXT NOT NULL, request TEXT NOT NULL, body BLOB,
      created INTEGER NOT NULL, died INTEGER NOT NULL, dispatches INTEGER NOT NULL, status INTEGER, response TEXT)`);
  }

  get(name: string): TaskRow | undefined {
    return this.#store.get<TaskRow>('SELECT * FROM tasks_tasks WHERE name = ?', name);
  }

  /** Tasks of a queue in the order they were created, after an id. */
  page(queue: string, after: number, limit: number): TaskRow[] {
    return this.#store.all<TaskRow>(
      'SELECT * FROM tasks_tasks WHERE queue = ? AND id > ? ORDER BY id LIMIT ?',
      queue,
      after,
      limit,
    );
  }

  insert(task: Pick<TaskRow, 'name' | 'queue' | 'named' | 'request' | 'body' | 'created' | 'due' | 'deadline'>): void {
    this.#store.run(
      'INSERT INTO tasks_tasks (name, queue, named, request, body, created, due, deadline) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      task.name,
      task.queue,
      task.named,
      task.request,
      task.body,
      task.created,
      task.due,
      task.deadline,
    );
  }

  /** Whether a task of this name ended less than an hour ago. */
  isBuried(name: string, now: number): boolean {
    return this.#store.get('SELECT 1 FROM tasks_tombstones WHERE name = ? AND until > ?', name, now) !== undefined;
  }

  /** Forgets the tombstones whose hour is over, and after 31 days tasks that were not done and tasks that failed for good. */
  forgetOld(now: number): void {
    const oldest = now - LONGEST_LIFE_MS;
    this.#store.run('DELETE FROM tasks_tombstones WHERE until <= ?', now);
    this.#store.run('DELETE FROM tasks_dead WHERE died <= ?', oldest);
    this.#store.run('DELETE FROM tasks_tasks WHERE leased = 0 AND created <= ?', oldest);
  }

  /** Removes a task that has ended; a chosen name stays taken for an hour. */
  end(task: Pick<TaskRow, 'id' | 'name' | 'named'>, now: number): void {
    const removed = this.#store.run('DELETE FROM tasks_tasks WHERE id = ?', task.id);
    if (removed > 0 && task.named) {
      this.#store.run('INSERT OR REPLACE INTO tasks_tombstones VALUES (?, ?)', task.name, now + TOMBSTONE_MS);
    }
  }

  /** Removes all tasks of a queue. */
  endAll(queue: string, now: number): void {
    this.#store.run(
      'INSERT OR REPLACE INTO tasks_tombstones SELECT name, ? FROM tasks_tasks WHERE queue = ? AND named = 1',
      now + TOMBSTONE_MS,
      queue,
    );
    this.#store.run('DELETE FROM tasks_tasks WHERE queue = ?', queue);
  }

  /** Gives the attempts that were under way when the process ended back to their queues. */
  releaseAll(): void {
    this.#store.run('UPDATE tasks_tasks SET leased = 0 WHERE leased = 1');
  }

  /** Due tasks of a queue, oldest first. */
  due(queue: string, now: number, limit: number): TaskRow[] {
    return this.#store.all<TaskRow>(
      'SELECT * FROM tasks_tasks WHERE queue = ? AND leased = 0 AND due <= ? ORDER BY due, id LIMIT ?',
      queue,
      now,
      limit,
    );
  }

  /** When the next task of a queue is due. */
  nextDue(queue: string): number | undefined {
    const row = this.#store.get<{ due: number | null }>(
      'SELECT min(due) AS due FROM tasks_tasks WHERE queue = ? AND leased = 0',
      queue,
    );
    return row?.due ?? undefined;
  }

  /** Marks an attempt as begun. */
  lease(id: number, now: number): void {
    this.#store.run(
      'UPDATE tasks_tasks SET leased = 1, dispatches = dispatches + 1, firstDispatch = coalesce(firstDispatch, ?) WHERE id = ?',
      now,
      id,
    );
  }

  /** Records a failed attempt and when the next one is due. */
  retry(id: number, attempt: Attempt, due: number): void {
    this.#store.run(
      'UPDATE tasks_tasks SET leased = 0, due = ?, responses = responses + ?, lastAttempt = ? WHERE id = ?',
      due,
      attempt.status === undefined ? 0 : 1,
      JSON.stringify(attempt),
      id,
    );
  }

  /** Ends a task that has failed for good and keeps it in `tasks_dead` with its last response. */
  die(task: TaskRow, attempt: Attempt, response: string, now: number): void {
    this.#store.run(
      `INSERT INTO tasks_dead (name, queue, request, body, created, died, dispatches, status, response)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      task.name,
      task.queue,
      task.request,
      task.body,
      task.created,
      now,
      task.dispatches + 1,
      attempt.status ?? null,
      response,
    );
    this.end(task, now);
  }

  exists(id: number): boolean {
    return this.#store.get('SELECT 1 FROM tasks_tasks WHERE id = ?', id) !== undefined;
  }

  /** How many tasks of a queue are under way or due before `until`. */
  countDue(queue: string, until: number): number {
    const row = this.#store.get<{ count: number }>(
      `SELECT (SELECT count(*) FROM tasks_tasks WHERE queue = ?1 AND leased = 0 AND due <= ?2) +
              (SELECT count(*) FROM tasks_tasks WHERE queue = ?1 AND leased = 1) AS count`,
      queue,
      until,
    );
    return row?.count ?? 0;
  }
}
