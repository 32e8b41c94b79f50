import type { Store } from '../plumbing/store.ts';
import type { QueueSettings } from './queue-settings.ts';

export interface Queue {
  readonly name: string;
  readonly state: 'RUNNING' | 'PAUSED';
  /** Milliseconds since the epoch; null when the queue was never purged. */
  readonly purgeTime: number | null;
  readonly settings: QueueSettings;
}

type QueueRow = Omit<Queue, 'settings'> & { settings: string };

/** The queues, as they are stored. */
export class Queues {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.exec(`CREATE TABLE IF NOT EXISTS tasks_queues (
      name TEXT PRIMARY KEY, state TEXT NOT NULL, purgeTime INTEGER, settings TEXT NOT NULL) WITHOUT ROWID`);
  }

  all(): Queue[] {
    return this.#store.all<QueueRow>('SELECT * FROM tasks_queues ORDER BY name').map(toQueue);
  }

  /** Queues of a location (`projects/P/locations/L`) after a name, in the order of their names. */
  page(location: string, after: string, state: string | undefined, limit: number): Queue[] {
    return this.#store
      .all<QueueRow>(
        'SELECT * FROM tasks_queues WHERE name > ? AND name < ? AND name > ? AND state = coalesce(?, state) ORDER BY name LIMIT ?',
        `${location}/queues/`,
        `${location}/queues0`,
        after,
        state ?? null,
        limit,
      )
      .map(toQueue);
  }

  get(name: string): Queue | undefined {
    const row = this.#store.get<QueueRow>('SELECT * FROM tasks_queues WHERE name = ?', name);
    return row && toQueue(row);
  }

  put(queue: Queue): void {
    this.#store.run(
      'INSERT OR REPLACE INTO tasks_queues (name, state, purgeTime, settings) VALUES (?, ?, ?, ?)',
      queue.name,
      queue.state,
      queue.purgeTime,
      JSON.stringify(queue.settings),
    );
  }

  delete(name: string): void {
    this.#store.run('DELETE FROM tasks_queues WHERE name = ?', name);
  }
}

function toQueue(row: QueueRow): Queue {
  return { ...row, settings: JSON.parse(row.settings) };
}
