import { HttpError } from '../plumbing/http.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { checkAllowed } from './acl.ts';
import { type BucketAcls, type BucketSettings, isLocked, patchSettings } from './bucket-settings.ts';
import { conditionNotMet, invalid, NotModified, noBucket } from './errors.ts';
import type { Json } from './object-fields.ts';
import type { Preconditions } from './preconditions.ts';
import type { BucketRow } from './tables.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const DEFAULTS: BucketSettings = { location: 'US', storageClass: 'STANDARD' };

/** What a bucket is made with beside its settings. */
export type NewBucket = BucketAcls & Pick<BucketSettings, 'objectRetention'>;

/** The buckets. */
export class Buckets {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  find(name: string): BucketRow | undefined {
    return this.#context.store.get<BucketRow>('SELECT * FROM storage_buckets WHERE name = ?', name);
  }

  /** @throws HttpError 404, 412; of a read, NotModified when the NotMatch condition fails. */
  get(
    name: string,
    { metagenerationMatch, metagenerationNotMatch }: Preconditions = {},
    kind: 'read' | 'write' = 'write',
  ): BucketRow {
    const row = this.find(name);
    if (!row) throw noBucket();
    if (kind === 'read' && metagenerationNotMatch === row.metageneration) throw new NotModified();
    if (metagenerationMatch !== undefined && metagenerationMatch !== row.metageneration) throw conditionNotMet();
    if (metagenerationNotMatch === row.metageneration) throw conditionNotMet();
    return row;
  }

  settings(name: string): BucketSettings {
    return JSON.parse(this.get(name).settings) as BucketSettings;
  }

  /** @throws HttpError 400, 409 when it exists. */
  insert(body: Json, more: NewBucket = {}): BucketRow {
    const { name } = body;
    if (typeof name !== 'string' || !NAME.test(name) || /^goog|google/.test(name))
      throw invalid(`Invalid bucket name: '${String(name)}'`);
    if (this.find(name)) {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      throw new HttpError(409, 'conflict', message);
    }
    const now = this.#context.clock.now();
    const settings = JSON.stringify(withAcls(patchSettings(DEFAULTS, body, now), more));
    this.#context.store.run('INSERT INTO storage_buckets VALUES (?, 1, ?, ?, ?)', name, now, now, settings);
    return this.get(name);
  }

  /** In the order of their names, after `after`. */
  list(prefix: string, after: string, limit: number): BucketRow[] {
    return this.#context.store.all<BucketRow>(
      'SELECT * FROM storage_buckets WHERE substr(name, 1, ?) = ? AND name > ? ORDER BY name LIMIT ?',
      prefix.length,
      prefix,
      after,
      limit,
    );
  }

  /** Changes the settings that the body names, or with `whole` all of them. */
  patch(name: string, body: Json, conditions: Preconditions, whole = false, acls: BucketAcls = {}): BucketRow {
    const row = this.get(name, conditions);
    const current = JSON.parse(row.settings) as BucketSettings;
    if (typeof body.location === 'string' && body.location.toUpperCase() !== current.location) {
      throw invalid('The location of a bucket cannot be changed.');
    }
    const { location, storageClass, retentionPolicy, objectRetention, acl, defaultObjectAcl } = current;
    const kept = {
      ...(isLocked(current) && retentionPolicy && { retentionPolicy }),
      ...(objectRetention && { objectRetention }),
      ...(acl && { acl }),
      ...(defaultObjectAcl && { defaultObjectAcl }),
    };
    const base = whole ? { location, storageClass, ...kept } : current;
    return this.#set(name, withAcls(patchSettings(base, body, this.#context.clock.now()), acls));
  }

  /** Sets access control lists, without a look at what they say. */
  setAcl(name: string, acls: BucketAcls): BucketRow {
    return this.#set(name, { ...this.settings(name), ...acls });
  }

  /** From now on the retention policy can only be made longer. @throws HttpError 400 when there is none. */
  lockRetention(name: string, conditions: Preconditions): BucketRow {
    if (conditions.metagenerationMatch === undefined) throw invalid('Required parameter: ifMetagenerationMatch');
    const settings = JSON.parse(this.get(name, conditions).settings) as BucketSettings;
    const { retentionPolicy } = settings;
    if (!retentionPolicy) throw invalid('The bucket has no retention policy to lock.');
    return this.#set(name, { ...settings, retentionPolicy: { ...retentionPolicy, isLocked: true } });
  }

  #set(name: string, settings: BucketSettings): BucketRow {
    this.#context.store.run(
      'UPDATE storage_buckets SET settings = ?, updated = ?, metageneration = metageneration + 1 WHERE name = ?',
      JSON.stringify(settings),
      this.#context.clock.now(),
      name,
    );
    return this.get(name);
  }

  /** @throws HttpError 409 when it is not empty: noncurrent versions count. */
  delete(name: string, conditions: Preconditions): void {
    this.get(name, conditions);
    if (this.#context.store.get('SELECT 1 FROM storage_objects WHERE bucket = ? LIMIT 1', name)) {
      throw new HttpError(409, 'conflict', 'The bucket you tried to delete is not empty.');
    }
    const { store } = this.#context;
    store.transaction(() => {
      for (const table of ['storage_notifications', 'storage_policies']) {
        store.run(`DELETE FROM ${table} WHERE bucket = ?`, name);
      }
      store.run('DELETE FROM storage_buckets WHERE name = ?', name);
    });
  }
}

/** @throws HttpError 400 where access is uniform, 412 where public access is prevented. */
function withAcls(settings: BucketSettings, acls: BucketAcls): BucketSettings {
  for (const acl of [acls.acl, acls.defaultObjectAcl]) if (acl) checkAllowed(settings.iamConfiguration ?? {}, acl);
  return { ...settings, ...acls };
}
