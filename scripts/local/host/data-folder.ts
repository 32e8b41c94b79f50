import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bringUpToDate, DATA_FORMAT, NewerFormatError } from '../plumbing/data-format.ts';
import { Store } from '../plumbing/store.ts';
import { CloudError, explainFolderError } from './cloud-error.ts';

/** The folder everything durable is in, held by this process alone. */
export interface DataFolder {
  readonly path: string;
  readonly store: Store;
  /** A service's own folder; made when it is missing. */
  folderOf(service: string): string;
  /** Closes the store, lets go of the folder, and removes it when it was a temporary one. */
  close(): void;
}

/**
 * Opens the data folder, or a temporary one when `path` is undefined. One of an older format is brought up to date.
 * @throws CloudError when another process holds it, it is of a newer format, or it cannot be written.
 */
export function openDataFolder(path: string | undefined): DataFolder {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'virtuoso-')) : resolve(path);
  let letGo: (() => void) | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    letGo = hold(folder);
    const store = openStore(folder);
    return {
      path: folder,
      store,
      folderOf(service) {
        const own = join(folder, service);
        mkdirSync(own, { recursive: true });
        return own;
      },
      close() {
        store.close();
        letGo?.();
        if (path === undefined) rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    letGo?.();
    throw explainFolderError(error, folder);
  }
}

function openStore(folder: string): Store {
  const store = new Store(join(folder, 'cloud.db'));
  try {
    bringUpToDate(store);
    return store;
  } catch (error) {
    store.close();
    if (!(error instanceof NewerFormatError)) throw error;
    throw new CloudError(
      `The data folder ${folder} has format ${error.found}, and this version of Virtuoso knows up to ${DATA_FORMAT}: update Virtuoso, or choose another folder with --data.`,
    );
  }
}

/**
 * Takes the folder's lock: SQLite's lock on a file, which the operating system takes back when the process dies, even
 * by `kill -9`; so no lock is ever stale. The holder's pid stands in a file beside it, to be told to those who come later.
 */
function hold(folder: string): () => void {
  const holder = join(folder, 'pid');
  const lock = new DatabaseSync(join(folder, 'lock.db'));
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw error;
    throw new CloudError(
      `The data folder ${folder} is in use by process ${readHolder(holder)}: stop that one, or choose another folder with --data.`,
    );
  }
  writeFileSync(holder, String(process.pid));
  return () => {
    rmSync(holder, { force: true });
    lock.close();
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '(unknown)';
  }
}
