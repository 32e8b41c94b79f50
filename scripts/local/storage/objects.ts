import type { Change, ServiceContext } from '../plumbing/service.ts';
import type { Acl } from './acl.ts';
import type { Blobs, Content } from './blobs.ts';
import { type BucketSettings, STORAGE_CLASSES } from './bucket-settings.ts';
import type { Buckets } from './buckets.ts';
import { invalid, noObject } from './errors.ts';
import type { EventType, Notifications, Related } from './notifications.ts';
import { type Json, type ObjectFields, patchFields } from './object-fields.ts';
import type { ObjectRetention } from './object-retention.ts';
import { check, type Preconditions } from './preconditions.ts';
import { objectResource } from './resources.ts';
import { checkRemovable } from './retention.ts';
import { nextGeneration, type ObjectRow } from './tables.ts';

/** What a client asks for when it makes an object. */
export interface NewObject {
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  /** The bucket's when absent. */
  readonly storageClass?: string;
  readonly conditions: Preconditions;
}

/** What a request sets of an object beside its metadata. */
interface Given {
  readonly acl?: Acl;
  /** What its retention becomes. @throws HttpError 400, 403. */
  readonly retention?: (before: ObjectRetention | undefined) => ObjectRetention | undefined;
}

type ObjectChange = Extract<Change, { kind: 'object' }>['type'];
/** Bytes of an object; composite ones have no MD5. */
export type ObjectContent = Omit<Content, 'md5'> & { readonly md5: string | null; readonly components?: number | null };

const LONGEST_NAME = 1024;
/** Names that no object may have: https://cloud.google.com/storage/docs/objects#naming */
const FORBIDDEN = /[\r\n]|^\.\.?$|^\.well-known\/acme-challenge\//;
const EVENT_TYPES: Readonly<Record<ObjectChange, EventType>> = {
  finalized: 'OBJECT_FINALIZE',
  metadataUpdated: 'OBJECT_METADATA_UPDATE',
  deleted: 'OBJECT_DELETE',
  archived: 'OBJECT_ARCHIVE',
};

/** The objects and their versions. Every change and what is told of it are one transaction. */
export class Objects {
  readonly #context: ServiceContext;
  readonly #buckets: Buckets;
  readonly #blobs: Blobs;
  readonly #notifications: Notifications;

  constructor(context: ServiceContext, buckets: Buckets, blobs: Blobs, notifications: Notifications) {
    this.#context = context;
    this.#buckets = buckets;
    this.#blobs = blobs;
    this.#notifications = notifications;
  }

  /** The object as the JSON API gives it. @param origin of the links. */
  resource(row: ObjectRow, origin: string): Record<string, unknown> {
    return objectResource(row, origin, this.#buckets.settings(row.bucket));
  }

  /** @param generation that version; the live one when undefined. */
  find(bucket: string, name: string, generation?: number): ObjectRow | undefined {
    const { store } = this.#context;
    if (generation === undefined) {
      return store.get<ObjectRow>(
        'SELECT * FROM storage_objects WHERE bucket = ? AND name = ? AND live = 1',
        bucket,
        name,
      );
    }
    const sql = 'SELECT * FROM storage_objects WHERE bucket = ? AND name = ? AND generation = ?';
    return store.get<ObjectRow>(sql, bucket, name, generation);
  }

  /** @throws HttpError 404. */
  get(bucket: string, name: string, generation?: number): ObjectRow {
    this.#buckets.get(bucket);
    const row = this.find(bucket, name, generation);
    if (!row) throw noObject(bucket, name, generation);
    return row;
  }

  /** Refuses what `put` would refuse, before the bytes come. @throws HttpError 400, 404, 412. */
  prepare({ bucket, name, storageClass, conditions }: NewObject): void {
    this.#buckets.get(bucket);
    const bytes = Buffer.byteLength(name);
    if (bytes === 0 || bytes > LONGEST_NAME || FORBIDDEN.test(name)) {
      throw invalid(`Invalid object name: '${name}'`);
    }
    if (storageClass !== undefined && !STORAGE_CLASSES.includes(storageClass))
      throw invalid(`Invalid storage class: ${storageClass}`);
    check(conditions, this.find(bucket, name));
  }

  /** Makes an object, or a new generation of it. Bytes that are then nobody's are removed. */
  put(object: NewObject, content: ObjectContent): ObjectRow {
    const { store, clock } = this.#context;
    try {
      return store.transaction(() => {
        this.prepare(object);
        const { bucket, name } = object;
        const settings = this.#buckets.settings(bucket);
        const replaced = this.find(bucket, name);
        const now = clock.now();
        const generation = nextGeneration(store, now);
        if (replaced) {
          const related = { overwrittenByGeneration: String(generation) };
          this.#retire(replaced, settings, { keep: settings.versioning?.enabled === true, related });
        }
        const { defaultObjectAcl: acl, defaultEventBasedHold: eventBasedHold } = settings;
        const fields = { ...(acl && { acl }), ...(eventBasedHold && { eventBasedHold }), ...object.fields };
        store.run(
          'INSERT INTO storage_objects VALUES (?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)',
          ...[
            bucket,
            name,
            generation,
            content.blob,
            content.size,
            content.crc32c,
            content.md5,
            content.components ?? null,
          ],
          ...[object.storageClass ?? settings.storageClass, now, now, now, JSON.stringify(fields)],
        );
        const related = replaced ? { overwroteGeneration: String(replaced.generation) } : {};
        return this.#tell('finalized', this.get(bucket, name), related);
      });
    } catch (error) {
      this.#release(content.blob);
      throw error;
    }
  }

  /** Changes metadata: a merge patch, or with `whole` everything that clients can set. */
  patch(row: ObjectRow, body: Json, whole = false, given: Given = {}): ObjectRow {
    const current = JSON.parse(row.fields) as ObjectFields;
    if (typeof body.storageClass === 'string' && body.storageClass !== row.storage_class) {
      throw invalid('The storage class is changed by rewriting the object.');
    }
    const { holdReleased, acl, retention } = current;
    const kept = {
      ...(holdReleased !== undefined && { holdReleased }),
      ...(acl && { acl }),
      ...(retention && { retention }),
    };
    const patched = withGiven(patchFields(whole ? kept : current, body), given);
    const released = current.eventBasedHold === true && !patched.eventBasedHold;
    return this.#setFields(row, released ? { ...patched, holdReleased: this.#context.clock.now() } : patched);
  }

  /** Sets the access control list, without a look at what it says. */
  setAcl(row: ObjectRow, acl: Acl): ObjectRow {
    return this.#setFields(row, { ...(JSON.parse(row.fields) as ObjectFields), acl });
  }

  #setFields(row: ObjectRow, fields: ObjectFields): ObjectRow {
    return this.#context.store.transaction(() => {
      this.#update(row, 'fields = ?', JSON.stringify(fields));
      return this.#tell('metadataUpdated', this.get(row.bucket, row.name, row.generation));
    });
  }

  /** Sets the storage class in place, as lifecycle rules do. */
  setStorageClass(row: ObjectRow, storageClass: string): void {
    const now = this.#context.clock.now();
    this.#context.store.transaction(() => {
      this.#update(row, 'storage_class = ?, class_updated = ?', storageClass, now);
      this.#tell('metadataUpdated', this.get(row.bucket, row.name, row.generation));
    });
  }

  /** Deletes a version for good; a live one of a bucket with versioning stays as noncurrent unless `forGood`. */
  delete(row: ObjectRow, forGood: boolean): void {
    this.#context.store.transaction(() => {
      const settings = this.#buckets.settings(row.bucket);
      this.#retire(row, settings, { keep: settings.versioning?.enabled === true && row.live === 1 && !forGood });
    });
  }

  #retire(
    row: ObjectRow,
    settings: BucketSettings,
    { keep, related = {} }: { keep: boolean; related?: Related },
  ): void {
    const { store, clock } = this.#context;
    checkRemovable(row, settings, clock.now(), keep);
    const key = [row.bucket, row.name, row.generation] as const;
    const where = 'WHERE bucket = ? AND name = ? AND generation = ?';
    if (keep) {
      store.run(`UPDATE storage_objects SET live = 0, deleted = ? ${where}`, clock.now(), ...key);
      this.#tell('archived', { ...row, live: 0, deleted: clock.now() }, related);
      return;
    }
    store.run(`DELETE FROM storage_objects ${where}`, ...key);
    this.#tell('deleted', { ...row, deleted: row.deleted ?? clock.now() }, related);
    store.afterCommit(() => this.#release(row.blob));
  }

  #update(row: ObjectRow, set: string, ...values: (string | number)[]): void {
    this.#context.store.run(
      `UPDATE storage_objects SET ${set}, updated = ?, metageneration = metageneration + 1
         WHERE bucket = ? AND name = ? AND generation = ?`,
      ...[...values, this.#context.clock.now(), row.bucket, row.name, row.generation],
    );
  }

  #tell(type: ObjectChange, row: ObjectRow, related: Related = {}): ObjectRow {
    const resource = this.resource(row, this.#context.origin());
    this.#notifications.tell(EVENT_TYPES[type], row, resource, related);
    this.#context.emit({
      kind: 'object',
      type,
      bucket: row.bucket,
      name: row.name,
      resource,
      time: new Date(this.#context.clock.now()).toISOString(),
    });
    return row;
  }

  #release(blob: string): void {
    if (!this.#context.store.get('SELECT 1 FROM storage_objects WHERE blob = ? LIMIT 1', blob))
      this.#blobs.remove(blob);
  }
}

function withGiven({ retention: before, ...fields }: ObjectFields, { acl, retention }: Given): ObjectFields {
  const next = retention ? retention(before) : before;
  return { ...fields, ...(acl && { acl }), ...(next && { retention: next }) };
}
