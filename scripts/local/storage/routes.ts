import { getPolicy, objectAcl, setPolicy, testPermissions } from './access.ts';
import { givenBucketAcls } from './acl.ts';
import { type AclOwner, fullProjection, serveAcl } from './acl-methods.ts';
import { answer, answerEmpty, type Call, readJson } from './call.ts';
import { composeObject, copyObject, moveObject } from './copying.ts';
import { sendObject } from './downloading.ts';
import { invalid, noBucket, noObject, unsupported } from './errors.ts';
import { listingOf, listObjects } from './listing.ts';
import { nextRetention, type ObjectRetention } from './object-retention.ts';
import { check, integerOf, preconditionsOf } from './preconditions.ts';
import { bucketResource } from './resources.ts';
import { rewriteObject } from './rewriting.ts';
import type { OperationClass, Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';
import { insertObject } from './uploading.ts';

type Handle = (
  storage: Storage,
  call: Call,
  bucket: string,
  name: string,
  rest: readonly string[],
) => void | Promise<void>;

interface Route {
  readonly method: string;
  /** Segments below `/b`; `*` stands for any one. */
  readonly path: string;
  readonly upload?: true;
  readonly meter?: OperationClass;
  readonly handle: Handle;
}

const A: OperationClass = 'storage.class_a';
const B: OperationClass = 'storage.class_b';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '', meter: A, handle: listBuckets },
  { method: 'POST', path: '', meter: A, handle: insertBucket },
  { method: 'GET', path: '*', meter: B, handle: getBucket },
  { method: 'PATCH', path: '*', meter: A, handle: (...args) => patchBucket(...args, false) },
  { method: 'PUT', path: '*', meter: A, handle: (...args) => patchBucket(...args, true) },
  { method: 'DELETE', path: '*', handle: deleteBucket },
  { method: 'GET', path: '*/iam/testPermissions', meter: B, handle: testPermissions },
  { method: 'GET', path: '*/iam', meter: B, handle: getPolicy },
  { method: 'PUT', path: '*/iam', meter: A, handle: setPolicy },
  { method: 'POST', path: '*/lockRetentionPolicy', meter: A, handle: lockRetention },
  { method: 'GET', path: '*/notificationConfigs', meter: B, handle: listNotifications },
  { method: 'POST', path: '*/notificationConfigs', meter: A, handle: insertNotification },
  { method: 'GET', path: '*/notificationConfigs/*', meter: B, handle: getNotification },
  { method: 'DELETE', path: '*/notificationConfigs/*', handle: deleteNotification },
  ...aclRoutes('*/acl', 'bucket'),
  ...aclRoutes('*/defaultObjectAcl', 'default'),
  ...aclRoutes('*/o/*/acl', 'object'),
  { method: 'GET', path: '*/o', meter: A, handle: list },
  { method: 'POST', path: '*/o', upload: true, handle: upload },
  { method: 'PUT', path: '*/o', upload: true, handle: upload },
  { method: 'DELETE', path: '*/o', upload: true, handle: upload },
  { method: 'GET', path: '*/o/*', meter: B, handle: getObject },
  { method: 'HEAD', path: '*/o/*', meter: B, handle: getObject },
  { method: 'PATCH', path: '*/o/*', meter: A, handle: (...args) => patchObject(...args, false) },
  { method: 'PUT', path: '*/o/*', meter: A, handle: (...args) => patchObject(...args, true) },
  { method: 'DELETE', path: '*/o/*', handle: deleteObject },
  {
    method: 'POST',
    path: '*/o/*/compose',
    meter: A,
    handle: (s, call, bucket, name) => composeObject(s, call, { bucket, name }),
  },
  { method: 'POST', path: '*/o/*/rewriteTo/b/*/o/*', meter: A, handle: between(rewriteObject) },
  { method: 'POST', path: '*/o/*/copyTo/b/*/o/*', meter: A, handle: between(copyObject) },
  {
    method: 'POST',
    path: '*/o/*/moveTo/o/*',
    meter: A,
    handle: (s, call, bucket, name, rest) => moveObject(s, call, { bucket, name }, { bucket, name: rest[2] ?? '' }),
  },
];

/** Answers a request of the JSON API. @param path what follows `/b`, decoded, split at slashes. @throws HttpError 501 for what it does not know. */
export async function serveJson(
  storage: Storage,
  call: Call,
  path: readonly string[],
  isUpload: boolean,
): Promise<void> {
  const { method = 'GET' } = call.request;
  const route = ROUTES.find((candidate) => candidate.method === method && fits(candidate, path, isUpload));
  if (!route) throw unsupported(`${method} ${call.url.pathname}`);
  if (call.request.headers['x-goog-encryption-algorithm']) throw unsupported('x-goog-encryption-algorithm');
  if (route.meter) storage.context.meter(route.meter);
  const [bucket = '', , name = '', ...rest] = path;
  await route.handle(storage, call, bucket, name, rest);
}

function fits(route: Route, path: readonly string[], isUpload: boolean): boolean {
  const parts = route.path === '' ? [] : route.path.split('/');
  if (parts.length !== path.length || (route.upload === true) !== isUpload) return false;
  return parts.every((part, index) => part === '*' || part === path[index]);
}

function aclRoutes(path: string, owner: AclOwner): Route[] {
  const handle: Handle = (storage, call, bucket, name, rest) =>
    owner === 'object'
      ? serveAcl(storage, call, owner, { bucket, name, entity: rest[1] })
      : serveAcl(storage, call, owner, { bucket, name: '', entity: name || undefined });
  const route = (method: string, at: string) => ({ method, path: at, meter: method === 'GET' ? B : A, handle });
  return [
    ...['GET', 'POST'].map((method) => route(method, path)),
    ...['GET', 'PUT', 'PATCH'].map((method) => route(method, `${path}/*`)),
    { method: 'DELETE', path: `${path}/*`, handle },
  ];
}

function between(work: typeof copyObject): Handle {
  return (storage, call, bucket, name, rest) =>
    work(storage, call, { bucket, name }, { bucket: rest[2] ?? '', name: rest[4] ?? '' });
}

function listBuckets({ context, buckets }: Storage, call: Call): void {
  const limit = Math.min(integerOf(call.params, 'maxResults') || 1000, 1000);
  const after = Buffer.from(call.params.get('pageToken') ?? '', 'base64url').toString();
  // Soft delete is off: no bucket is ever in that state.
  const rows =
    call.params.get('softDeleted') === 'true' ? [] : buckets.list(call.params.get('prefix') ?? '', after, limit + 1);
  const items = rows.slice(0, limit).map((row) => bucketResource(row, call.origin, context.project));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const nextPageToken = last && Buffer.from(last.name).toString('base64url');
  answer(call, { kind: 'storage#buckets', items, ...(nextPageToken && { nextPageToken }) });
}

async function insertBucket(storage: Storage, call: Call): Promise<void> {
  const { context, buckets } = storage;
  const retains = call.params.get('enableObjectRetention') === 'true';
  const body = await readJson(call);
  const acls = givenBucketAcls(context.project, call.params, body);
  answer(
    call,
    bucketResource(
      buckets.insert(body, { ...acls, ...(retains && { objectRetention: { mode: 'Enabled' } }) }),
      call.origin,
      context.project,
    ),
  );
}

function getBucket(storage: Storage, call: Call, bucket: string): void {
  if (call.params.get('softDeleted') === 'true') throw noBucket();
  const row = storage.buckets.get(bucket, preconditionsOf(call.params), 'read');
  const lists = isFull(call) ? fullProjection(storage, call, bucket) : {};
  answer(call, { ...bucketResource(row, call.origin, storage.context.project), ...lists });
}

function isFull({ params }: Call): boolean {
  return params.get('projection') === 'full';
}

async function patchBucket(
  storage: Storage,
  call: Call,
  bucket: string,
  _name: string,
  _rest: readonly string[],
  whole: boolean,
): Promise<void> {
  const { context, buckets } = storage;
  const body = await readJson(call);
  const acls = givenBucketAcls(context.project, call.params, body);
  const row = buckets.patch(bucket, body, preconditionsOf(call.params), whole, acls);
  const lists = isFull(call) ? fullProjection(storage, call, bucket) : {};
  answer(call, { ...bucketResource(row, call.origin, context.project), ...lists });
}

function deleteBucket({ buckets }: Storage, call: Call, bucket: string): void {
  buckets.delete(bucket, preconditionsOf(call.params));
  answerEmpty(call, 204);
}

function lockRetention({ context, buckets }: Storage, call: Call, bucket: string): void {
  answer(
    call,
    bucketResource(buckets.lockRetention(bucket, preconditionsOf(call.params)), call.origin, context.project),
  );
}

function listNotifications({ buckets, notifications }: Storage, call: Call, bucket: string): void {
  buckets.get(bucket);
  const items = notifications.list(bucket, call.origin);
  answer(call, { kind: 'storage#notifications', ...(items.length > 0 && { items }) });
}

async function insertNotification({ buckets, notifications }: Storage, call: Call, bucket: string): Promise<void> {
  buckets.get(bucket);
  answer(call, await notifications.insert(bucket, await readJson(call), call.origin));
}

function getNotification({ buckets, notifications }: Storage, call: Call, bucket: string, id: string): void {
  buckets.get(bucket);
  answer(call, notifications.get(bucket, id, call.origin));
}

function deleteNotification({ buckets, notifications }: Storage, call: Call, bucket: string, id: string): void {
  buckets.get(bucket);
  notifications.delete(bucket, id);
  answerEmpty(call, 204);
}

function list(storage: Storage, call: Call, bucket: string): void {
  const { context, buckets } = storage;
  buckets.get(bucket);
  const { items, prefixes, nextPageToken } = listObjects(context.store, bucket, listingOf(call.params));
  answer(call, {
    kind: 'storage#objects',
    ...(nextPageToken && { nextPageToken }),
    ...(prefixes.length > 0 && { prefixes }),
    ...(items.length > 0 && { items: items.map((row) => resourceOf(storage, call, row)) }),
  });
}

async function upload(storage: Storage, call: Call, bucket: string): Promise<void> {
  const id = call.params.get('upload_id');
  if (id && call.request.method === 'DELETE') return storage.uploads.cancel(call, id);
  if (id) return storage.uploads.receive(call, id);
  if (call.request.method !== 'POST') throw invalid('Required parameter: upload_id');
  storage.context.meter(A);
  await insertObject(storage, call, bucket);
}

async function getObject(storage: Storage, call: Call, bucket: string, name: string): Promise<void> {
  const generation = integerOf(call.params, 'generation');
  const row = storage.objects.get(bucket, name, generation);
  // Soft delete is off: no object is ever in that state.
  if (call.params.get('softDeleted') === 'true') throw noObject(bucket, name, generation);
  check(preconditionsOf(call.params), row, 'read');
  if (call.params.get('alt') === 'media') return sendObject(storage, call, row);
  answer(call, resourceOf(storage, call, row));
}

function resourceOf(storage: Storage, call: Call, row: ObjectRow): Record<string, unknown> {
  const lists = isFull(call) ? fullProjection(storage, call, row.bucket, row.name, row.generation) : {};
  return { ...storage.objects.resource(row, call.origin), ...lists };
}

async function patchObject(
  storage: Storage,
  call: Call,
  bucket: string,
  name: string,
  _rest: readonly string[],
  whole: boolean,
): Promise<void> {
  const { objects } = storage;
  const body = await readJson(call);
  const row = objects.get(bucket, name, integerOf(call.params, 'generation'));
  check(preconditionsOf(call.params), row);
  const change = {
    settings: storage.buckets.settings(bucket),
    now: storage.context.clock.now(),
    override: call.params.get('overrideUnlockedRetention') === 'true',
  };
  const given = {
    ...objectAcl(storage, bucket, call.params.get('predefinedAcl'), body.acl),
    retention: (before: ObjectRetention | undefined) => nextRetention(before, body.retention, change),
  };
  answer(call, resourceOf(storage, call, objects.patch(row, body, whole, given)));
}

function deleteObject({ objects }: Storage, call: Call, bucket: string, name: string): void {
  const generation = integerOf(call.params, 'generation');
  const row = objects.get(bucket, name, generation);
  check(preconditionsOf(call.params), row);
  objects.delete(row, generation !== undefined);
  answerEmpty(call, 204);
}
