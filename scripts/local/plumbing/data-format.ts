import { deadEvents } from './migrations/dead-events.ts';
import { secretColumns } from './migrations/secret-columns.ts';
import type { Store } from './store.ts';

/** Brings a store from one format to the next. Runs in a transaction: what it throws, or a kill, leaves the store as it was. */
export type Migration = (store: Store) => void;

/** The first one leads from format 1 to 2. They are only ever added to; what a folder has been through stays as it is. */
const migrations: readonly Migration[] = [secretColumns, deadEvents];

/** The format of the tables as this version of the code makes them. */
export const DATA_FORMAT = migrations.length + 1;

/** A store that a later version of the code has written. */
export class NewerFormatError extends Error {
  readonly found: number;
  constructor(found: number) {
    super(`data of format ${found} is newer than ${DATA_FORMAT}`);
    this.found = found;
  }
}

/**
 * Brings a store to the present format, all at once or not at all. The format is SQLite's `user_version`; tables without
 * one are of format 1, which knew of none.
 * @throws NewerFormatError and leaves the store as it is.
 */
export function bringUpToDate(store: Store, steps: readonly Migration[] = migrations): void {
  const last = steps.length + 1;
  const found = formatOf(store, last);
  if (found > last) throw new NewerFormatError(found);
  store.transaction(() => {
    for (const migrate of steps.slice(found - 1)) migrate(store);
    store.exec(`PRAGMA user_version = ${last}`);
  });
}

function formatOf(store: Store, last: number): number {
  const version = store.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > 0) return version;
  return store.get('SELECT 1 FROM sqlite_master') ? 1 : last;
}
