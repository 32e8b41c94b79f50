import { givenBucketAcls } from './acl.ts';
import { projectionOf } from './acl-methods.ts';
import { answer, answerEmpty, type Call, readJson } from './call.ts';
import { noBucket } from './errors.ts';
import { integerOf, preconditionsOf } from './preconditions.ts';
import { bucketResource } from './resources.ts';
import type { Storage } from './storage.ts';

/** `buckets.list`. */
export function listBuckets({ context, buckets }: Storage, call: Call): void {
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

/** `buckets.insert`. */
export async function insertBucket(storage: Storage, call: Call): Promise<void> {
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

/** `buckets.get`. */
export function getBucket(storage: Storage, call: Call, bucket: string): void {
  if (call.params.get('softDeleted') === 'true') throw noBucket();
  const row = storage.buckets.get(bucket, preconditionsOf(call.params), 'read');
  const lists = projectionOf(storage, call, bucket);
  answer(call, { ...bucketResource(row, call.origin, storage.context.project), ...lists });
}

/** `buckets.patch`, or with `whole` `buckets.update`. */
export async function patchBucket(
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
  const lists = projectionOf(storage, call, bucket);
  answer(call, { ...bucketResource(row, call.origin, context.project), ...lists });
}

/** `buckets.delete`. */
export function deleteBucket({ buckets }: Storage, call: Call, bucket: string): void {
  buckets.delete(bucket, preconditionsOf(call.params));
  answerEmpty(call, 204);
}

/** `buckets.lockRetentionPolicy`. */
export function lockRetention({ context, buckets }: Storage, call: Call, bucket: string): void {
  answer(
    call,
    bucketResource(buckets.lockRetention(bucket, preconditionsOf(call.params)), call.origin, context.project),
  );
}

/** `notifications.list`. */
export function listNotifications({ buckets, notifications }: Storage, call: Call, bucket: string): void {
  buckets.get(bucket);
  const items = notifications.list(bucket, call.origin);
  answer(call, { kind: 'storage#notifications', ...(items.length > 0 && { items }) });
}

/** `notifications.insert`. */
export async function insertNotification(
  { buckets, notifications }: Storage,
  call: Call,
  bucket: string,
): Promise<void> {
  buckets.get(bucket);
  answer(call, await notifications.insert(bucket, await readJson(call), call.origin));
}

/** `notifications.get`. */
export function getNotification({ buckets, notifications }: Storage, call: Call, bucket: string, id: string): void {
  buckets.get(bucket);
  answer(call, notifications.get(bucket, id, call.origin));
}

/** `notifications.delete`. */
export function deleteNotification({ buckets, notifications }: Storage, call: Call, bucket: string, id: string): void {
  buckets.get(bucket);
  notifications.delete(bucket, id);
  answerEmpty(call, 204);
}
