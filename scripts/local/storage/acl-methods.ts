import { HttpError } from '../plumbing/http.ts';
import { type Acl, type AclKind, checkAllowed, entityFields, READ_MORE, readEntry, usualAcl } from './acl.ts';
import { answer, answerEmpty, type Call, readJson } from './call.ts';
import { invalid } from './errors.ts';
import type { Json, ObjectFields } from './object-fields.ts';
import { integerOf } from './preconditions.ts';
import { etagOf } from './resources.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';

/** Whose a list is: a bucket's own, the one that its new objects get, or an object's. */
export type AclOwner = 'bucket' | 'default' | 'object';

interface Holder {
  readonly kind: AclKind;
  /** What every entry says of where it is. */
  readonly place: Readonly<Record<string, string>>;
  readonly path: string;
  read(): Acl;
  /** The numbers of the entity tag. */
  version(): readonly number[];
  write(acl: Acl): void;
}

/**
 * The methods of bucketAccessControls, defaultObjectAccessControls and objectAccessControls.
 * @param entity of an entry; undefined for the list.
 * @throws HttpError 400 where access is uniform, 404, 412.
 */
export async function serveAcl(
  storage: Storage,
  call: Call,
  owner: AclOwner,
  { bucket, name, entity }: { bucket: string; name: string; entity: string | undefined },
): Promise<void> {
  const { method = 'GET' } = call.request;
  checkFineGrained(storage, method, owner, bucket, name);
  const holder =
    owner === 'object'
      ? ofObject(storage, bucket, name, integerOf(call.params, 'generation'))
      : ofBucket(storage, owner, bucket);
  if (entity === undefined && method === 'GET') return answerList(call, holder);
  if (entity !== undefined && method === 'GET') return answerEntry(call, holder, entity);
  if (method === 'DELETE') {
    const { [entity ?? '']: gone, ...rest } = holder.read();
    if (!gone) throw noEntry(entity ?? '');
    holder.write(rest);
    return answerEmpty(call, 204);
  }
  const body = await readJson(call);
  const old = holder.read();
  const before = entity !== undefined && method === 'PATCH' ? old[entity] : undefined;
  if (method === 'PATCH' && before === undefined) throw noEntry(entity ?? '');
  const [who, role] = readEntry(holder.kind, { role: before, ...body, ...(entity !== undefined && { entity }) });
  checkAllowed(storage.buckets.settings(bucket).iamConfiguration ?? {}, { [who]: role });
  holder.write({ ...old, [who]: role });
  answerEntry(call, holder, who);
}

/** What buckets, or an object, say of their lists with `projection=full`; nothing where access is uniform. */
export function projectionOf(storage: Storage, { origin, params }: Call, bucket: string, object?: ObjectRow) {
  const { iamConfiguration } = storage.buckets.settings(bucket);
  if (params.get('projection') !== 'full' || iamConfiguration?.uniformBucketLevelAccess?.enabled) return {};
  if (object) return { acl: itemsOf(ofObject(storage, bucket, object.name, object.generation), origin) };
  return {
    acl: itemsOf(ofBucket(storage, 'bucket', bucket), origin),
    defaultObjectAcl: itemsOf(ofBucket(storage, 'default', bucket), origin),
  };
}

function answerList(call: Call, holder: Holder): void {
  const items = itemsOf(holder, call.origin);
  answer(call, { kind: `storage#${holder.kind}AccessControls`, ...(items.length > 0 && { items }) });
}

function answerEntry(call: Call, holder: Holder, entity: string): void {
  answer(call, entryOf(holder, holder.read(), entity, call.origin));
}

function itemsOf(holder: Holder, origin: string): Json[] {
  const acl = holder.read();
  return Object.keys(acl).map((entity) => entryOf(holder, acl, entity, origin));
}

function entryOf(holder: Holder, acl: Acl, entity: string, origin: string): Json {
  if (!Object.hasOwn(acl, entity)) throw noEntry(entity);
  const role = acl[entity];
  return {
    kind: `storage#${holder.kind}AccessControl`,
    id: [...Object.values(holder.place), entity].join('/'),
    selfLink: `${origin}/storage/v1${holder.path}/${encodeURIComponent(entity)}`,
    ...holder.place,
    ...{ entity, role, ...entityFields(entity), etag: etagOf(...holder.version()) },
  };
}

function ofBucket({ buckets, context }: Storage, owner: 'bucket' | 'default', bucket: string): Holder {
  const [kind, property] =
    owner === 'bucket' ? (['bucket', 'acl'] as const) : (['object', 'defaultObjectAcl'] as const);
  return {
    kind,
    place: { bucket },
    path: `/b/${bucket}/${property}`,
    read: () => buckets.settings(bucket)[property] ?? usualAcl(kind, context.project),
    version: () => [buckets.get(bucket).metageneration],
    write: (acl) => buckets.setAcl(bucket, { [property]: acl }),
  };
}

function ofObject({ objects, context }: Storage, bucket: string, name: string, generation?: number): Holder {
  const row = objects.get(bucket, name, generation);
  const now = () => objects.get(bucket, name, row.generation);
  return {
    kind: 'object',
    place: { bucket, object: name, generation: String(row.generation) },
    path: `/b/${bucket}/o/${encodeURIComponent(name)}/acl`,
    read: () => (JSON.parse(now().fields) as ObjectFields).acl ?? usualAcl('object', context.project),
    version: () => [row.generation, now().metageneration],
    write: (acl) => void objects.setAcl(now(), acl),
  };
}

function checkFineGrained(storage: Storage, method: string, owner: AclOwner, bucket: string, name: string): void {
  const { iamConfiguration } = storage.buckets.settings(bucket);
  if (!iamConfiguration?.uniformBucketLevelAccess?.enabled) return;
  if (owner === 'object') storage.objects.get(bucket, name);
  const what = owner === 'object' ? 'object' : 'bucket';
  if (method !== 'GET') {
    throw invalid(
      `Cannot use ACL API to update ${what} policy when uniform bucket-level access is enabled. ${READ_MORE}`,
    );
  }
  throw invalid(
    what === 'bucket'
      ? `Cannot get legacy ACL for a bucket that has uniform bucket-level access. ${READ_MORE}`
      : `Cannot get legacy ACL for an object when uniform bucket-level access is enabled. ${READ_MORE}`,
  );
}

function noEntry(entity: string): HttpError {
  return new HttpError(404, 'notFound', `The specified ACL entry does not exist: ${entity}`);
}
