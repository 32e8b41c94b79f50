import { givenFields } from './access.ts';
import { answer, type Call, readJson } from './call.ts';
import { conditionNotMet, invalid } from './errors.ts';
import { isJson, type Json, type ObjectFields, patchFields } from './object-fields.ts';
import type { NewObject } from './objects.ts';
import { check, integerOf, preconditionsOf } from './preconditions.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';
import { refuseParameters } from './uploading.ts';

/** Bucket and name of an object. */
export interface Place {
  readonly bucket: string;
  readonly name: string;
}

const MOST_SOURCES = 32;

/** `copyTo`: answers with the new object. */
export async function copyObject(storage: Storage, call: Call, from: Place, to: Place): Promise<void> {
  const { object, source } = await planCopy(storage, call, from, to);
  answer(call, storage.objects.resource(storage.objects.put(object, source), call.origin));
}

/** `moveTo`: gives an object another name in its bucket. */
export async function moveObject({ context, objects }: Storage, call: Call, from: Place, to: Place): Promise<void> {
  if (from.name === to.name) throw invalid('The source and destination object names must differ.');
  const source = objects.get(from.bucket, from.name, integerOf(call.params, 'sourceGeneration'));
  check(preconditionsOf(call.params, 'ifSource'), source, 'source');
  const fields = JSON.parse(source.fields) as ObjectFields;
  const row = context.store.transaction(() => {
    const conditions = preconditionsOf(call.params);
    const made = objects.put({ ...to, fields, storageClass: source.storage_class, conditions }, source);
    objects.delete(source, false);
    return made;
  });
  answer(call, objects.resource(row, call.origin));
}

/** What a copy makes, and of what. @throws HttpError 400, 404, 412. */
export async function planCopy(
  storage: Storage,
  call: Call,
  from: Place,
  to: Place,
): Promise<{ object: NewObject; source: ObjectRow; body: Json }> {
  const { objects } = storage;
  refuseParameters(call.params, 'destinationKmsKeyName');
  const body = await readJson(call);
  const source = objects.get(from.bucket, from.name, integerOf(call.params, 'sourceGeneration'));
  check(preconditionsOf(call.params, 'ifSource'), source, 'source');
  const { holdReleased: _, ...sourceFields } = JSON.parse(source.fields) as ObjectFields;
  const { temporaryHold: __, eventBasedHold: ___, acl: ____, retention: _____, ...copied } = sourceFields;
  // A body that says more than the storage class replaces all of the source's metadata.
  const replaces = Object.keys(body).some((name) => name !== 'storageClass');
  const { contentType } = sourceFields;
  const base = replaces ? { ...(contentType !== undefined && { contentType }) } : copied;
  const predefined = call.params.get('destinationPredefinedAcl');
  const storageClass = typeof body.storageClass === 'string' ? body.storageClass : undefined;
  const object = {
    ...to,
    fields: { ...patchFields(base, body), ...givenFields(storage, to.bucket, predefined, body) },
    ...(storageClass !== undefined && { storageClass }),
    conditions: preconditionsOf(call.params),
  };
  return { object, source, body };
}

/** `compose`: joins up to 32 objects of a bucket into one. */
export async function composeObject(storage: Storage, call: Call, to: Place): Promise<void> {
  const { blobs, objects } = storage;
  refuseParameters(call.params, 'kmsKeyName');
  const body = await readJson(call);
  const sources = sourcesOf(storage, to.bucket, body.sourceObjects);
  const destination = isJson(body.destination) ? body.destination : {};
  const object = {
    ...to,
    fields: {
      ...patchFields({ contentType: 'application/octet-stream' }, destination),
      ...givenFields(storage, to.bucket, call.params.get('destinationPredefinedAcl'), destination),
    },
    ...(typeof destination.storageClass === 'string' && { storageClass: destination.storageClass }),
    conditions: preconditionsOf(call.params),
  };
  objects.prepare(object);
  const content = await blobs.receive(concatenate(storage, sources));
  const components = sources.reduce((sum, source) => sum + (source.components ?? 1), 0);
  const row = storage.context.store.transaction(() => {
    const made = objects.put(object, { ...content, md5: null, components });
    if (body.deleteSourceObjects === true) deleteSources(storage, sources, made);
    return made;
  });
  answer(call, objects.resource(row, call.origin));
}

function deleteSources({ objects }: Storage, sources: readonly ObjectRow[], made: ObjectRow): void {
  for (const { bucket, name, generation } of sources) {
    const row = objects.find(bucket, name, generation);
    if (row && row.generation !== made.generation) objects.delete(row, row.live === 0);
  }
}

function sourcesOf({ objects }: Storage, bucket: string, list: unknown): ObjectRow[] {
  if (!Array.isArray(list) || list.length === 0) throw invalid('You must provide at least one source component.');
  if (list.length > MOST_SOURCES)
    throw invalid(`The number of source components provided (${list.length}) exceeds the maximum (${MOST_SOURCES})`);
  return list.map((source: unknown) => {
    const { name, generation, objectPreconditions } = isJson(source) ? source : ({} as Json);
    if (typeof name !== 'string') throw invalid('A source component needs a name.');
    const row = objects.get(bucket, name, generation === undefined ? undefined : Number(generation));
    const match = isJson(objectPreconditions) ? objectPreconditions.ifGenerationMatch : undefined;
    if (match !== undefined && Number(match) !== row.generation) throw conditionNotMet();
    return row;
  });
}

async function* concatenate({ blobs }: Storage, sources: readonly ObjectRow[]): AsyncGenerator<Buffer> {
  // All are opened now, so that one that is deleted meanwhile is still read.
  const streams = sources.map(({ blob }) => blobs.read(blob));
  try {
    for (const stream of streams) yield* stream as AsyncIterable<Buffer>;
  } finally {
    for (const stream of streams) stream.destroy();
  }
}
