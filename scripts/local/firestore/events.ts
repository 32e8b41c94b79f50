import type { Change } from '../plumbing/service.ts';
import type { Database, DocumentVersion } from './documents.ts';
import { changedPaths } from './field-paths.ts';
import { toName, toPath } from './paths.ts';
import { identical } from './values.ts';
import { bytesField, documentMessage, stringField } from './wire.ts';

/** The document as an encoded `google.firestore.v1.Document`. */
export function encodeDocument(database: Database, version: DocumentVersion): Buffer {
  return documentMessage(toName(database.name, version.key), version.data, version.created, version.updated);
}

/**
 * The change as an event's data (`google.events.cloud.firestore.v1.DocumentEventData`: value 1, old_value 2,
 * update_mask 3). Undefined for a database of another project: its changes start no function of this one.
 */
export function documentChange(
  project: string,
  database: Database,
  before: DocumentVersion | undefined,
  after: DocumentVersion | undefined,
  time: number,
): Change | undefined {
  const databases = `projects/${project}/databases/`;
  const key = (after ?? before)?.key;
  if (!database.name.startsWith(databases) || key === undefined) return undefined;
  let data: Buffer | undefined;
  let path: string | undefined;
  return {
    kind: 'document',
    type: !before ? 'created' : after ? 'updated' : 'deleted',
    database: database.name.slice(databases.length),
    // Most changes start no function: nothing is made of them before it is asked for.
    get path() {
      path ??= toPath(key);
      return path;
    },
    get data() {
      data ??= encodeChange(database, before, after);
      return data;
    },
    get time() {
      return rfc3339(time);
    },
  };
}

function encodeChange(
  database: Database,
  before: DocumentVersion | undefined,
  after: DocumentVersion | undefined,
): Buffer {
  const parts: Buffer[] = [];
  if (after) parts.push(bytesField(1, encodeDocument(database, after)));
  if (before) parts.push(bytesField(2, encodeDocument(database, before)));
  if (before && after) {
    const paths = changedPaths(before.fields, after.fields, identical);
    parts.push(bytesField(3, Buffer.concat(paths.map((path) => stringField(1, path)))));
  }
  return Buffer.concat(parts);
}

/** Microseconds since the epoch as RFC 3339, with all six digits. */
function rfc3339(micros: number): string {
  const millis = Math.floor(micros / 1000);
  return new Date(millis).toISOString().replace('Z', `${String(micros - millis * 1000).padStart(3, '0')}Z`);
}
