import { objectAcl } from './access.ts';
import { projectionOf } from './acl-methods.ts';
import { answer, answerEmpty, type Call, readJson } from './call.ts';
import { sendObject } from './downloading.ts';
import { invalid, noObject } from './errors.ts';
import { listingOf, listObjects } from './listing.ts';
import { nextRetention, type ObjectRetention } from './object-retention.ts';
import { check, integerOf, preconditionsOf } from './preconditions.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';
import { insertObject } from './uploading.ts';

/** `objects.list`. */
export function listObjectsOf(storage: Storage, call: Call, bucket: string): void {
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

/** `objects.insert`, and what goes on with a resumable upload. */
export async function uploadObject(storage: Storage, call: Call, bucket: string): Promise<void> {
  const id = call.params.get('upload_id');
  if (id && call.request.method === 'DELETE') return storage.uploads.cancel(call, id);
  if (id) return storage.uploads.receive(call, id);
  if (call.request.method !== 'POST') throw invalid('Required parameter: upload_id');
  storage.context.meter('storage.class_a');
  await insertObject(storage, call, bucket);
}

/** `objects.get`: the resource, or with `alt=media` the bytes. */
export async function getObject(storage: Storage, call: Call, bucket: string, name: string): Promise<void> {
  const generation = integerOf(call.params, 'generation');
  const row = storage.objects.get(bucket, name, generation);
  // Soft delete is off: no object is ever in that state.
  if (call.params.get('softDeleted') === 'true') throw noObject(bucket, name, generation);
  check(preconditionsOf(call.params), row, 'read');
  if (call.params.get('alt') === 'media') return sendObject(storage, call, row);
  answer(call, resourceOf(storage, call, row));
}

function resourceOf(storage: Storage, call: Call, row: ObjectRow): Record<string, unknown> {
  const lists = projectionOf(storage, call, row.bucket, row);
  return { ...storage.objects.resource(row, call.origin), ...lists };
}

/** `objects.patch`, or with `whole` `objects.update`. */
export async function patchObject(
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

/** `objects.delete`. */
export function deleteObject({ objects }: Storage, call: Call, bucket: string, name: string): void {
  const generation = integerOf(call.params, 'generation');
  const row = objects.get(bucket, name, generation);
  check(preconditionsOf(call.params), row);
  objects.delete(row, generation !== undefined);
  answerEmpty(call, 204);
}
