import { statSync } from 'node:fs';

/** Why the local cloud cannot start or go on, in one sentence that says what to do. */
export class CloudError extends Error {}

const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** What went wrong with the data folder, as a CloudError; any other error as it is. */
export function explainFolderError(error: unknown, folder: string): unknown {
  if (error instanceof CloudError) return error;
  const { code, errcode: extended } = error as { code?: string; errcode?: number };
  // What SQLite says more exactly stands in the bytes above.
  const errcode = extended === undefined ? undefined : extended & 0xff;
  if (code === 'ENOSPC' || errcode === SQLITE_FULL) {
    return new CloudError(`The disk of the data folder ${folder} is full: free some space, or choose another folder.`, {
      cause: error,
    });
  }
  if (errcode === SQLITE_CORRUPT || errcode === SQLITE_NOTADB) {
    return new CloudError(
      `The data folder ${folder} is damaged: restore a backup into another one (virtuoso restore), or begin anew without it.`,
      { cause: error },
    );
  }
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  // ENOENT is what making a folder below one that cannot be written comes to on some file systems.
  if (
    ['EACCES', 'EROFS', 'EPERM', 'ENOENT'].includes(code ?? '') ||
    errcode === SQLITE_READONLY ||
    (errcode === SQLITE_CANTOPEN && isFolder)
  ) {
    return new CloudError(`The data folder ${folder} cannot be written: change its owner or mode, or choose another.`, {
      cause: error,
    });
  }
  if (['ENOTDIR', 'EEXIST'].includes(code ?? '') || errcode === SQLITE_CANTOPEN) {
    return new CloudError(`The data folder ${folder} cannot be opened: is it, or a part of its path, a file?`, {
      cause: error,
    });
  }
  return error;
}

/** A port that cannot be had, as a CloudError; any other error as it is. */
export function explainPortError(error: unknown, port: number): unknown {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE') {
    return new CloudError(`Port ${port} is taken: stop what listens there, or choose another with --port.`, {
      cause: error,
    });
  }
  if (code === 'EACCES') {
    return new CloudError(`Port ${port} may not be opened by this user: choose one above 1023 with --port.`, {
      cause: error,
    });
  }
  return error;
}
