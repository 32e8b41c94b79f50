import { givenFields } from './access.ts';
import { answer, answerEmpty, bodyOf, type Call, header, parseJson, readJson } from './call.ts';
import { type Checksums, statedIn, verify } from './digest.ts';
import { invalid, unsupported } from './errors.ts';
import { readRelated } from './multipart.ts';
import { type Json, patchFields } from './object-fields.ts';
import type { NewObject } from './objects.ts';
import { preconditionsOf } from './preconditions.ts';
import type { Storage } from './storage.ts';

const DEFAULT_TYPE = 'application/octet-stream';

/** `POST /upload/storage/v1/b/BUCKET/o`: all bytes in this request, or the beginning of a resumable upload. */
export async function insertObject(storage: Storage, call: Call, bucket: string): Promise<void> {
  const type = call.params.get('uploadType');
  if (type === 'media') return insertMedia(storage, call, bucket);
  if (type === 'multipart') return insertMultipart(storage, call, bucket);
  if (type === 'resumable') return beginResumable(storage, call, bucket);
  throw type ? unsupported(`uploadType=${type}`) : invalid('Required parameter: uploadType');
}

async function insertMedia(storage: Storage, call: Call, bucket: string): Promise<void> {
  const object = newObject(storage, call, bucket, {}, header(call, 'content-type'));
  await store(storage, call, object, bodyOf(call), checksumsOf(call, {}));
}

async function insertMultipart(storage: Storage, call: Call, bucket: string): Promise<void> {
  const parts = await readRelated(bodyOf(call), header(call, 'content-type'));
  const metadata = parseJson(parts.metadata);
  const object = newObject(storage, call, bucket, metadata, parts.contentType);
  await store(storage, call, object, parts.media, checksumsOf(call, metadata));
}

async function beginResumable(storage: Storage, call: Call, bucket: string): Promise<void> {
  const metadata = await readJson(call);
  const object = newObject(storage, call, bucket, metadata, header(call, 'x-upload-content-type'));
  const length = header(call, 'x-upload-content-length');
  if (length !== undefined && !/^\d+$/.test(length)) throw invalid(`Invalid X-Upload-Content-Length: ${length}`);
  const size = length === undefined ? {} : { size: Number(length) };
  const id = storage.uploads.begin({ object, expected: checksumsOf(call, metadata), ...size });
  const location = `${call.origin}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&upload_id=${id}`;
  answerEmpty(call, 200, { location, 'x-guploader-uploadid': id });
}

async function store(
  { objects, blobs }: Storage,
  call: Call,
  object: NewObject,
  media: AsyncIterable<Buffer>,
  expected: Partial<Checksums>,
): Promise<void> {
  objects.prepare(object);
  const content = await blobs.receive(media);
  try {
    verify(expected, content);
  } catch (error) {
    blobs.remove(content.blob);
    throw error;
  }
  answer(call, objects.resource(objects.put(object, content), call.origin));
}

/** What a request says of the object it makes. @throws HttpError 400, or 501 with the parameter's name. */
function newObject(
  storage: Storage,
  { params }: Call,
  bucket: string,
  metadata: Json,
  type: string | undefined,
): NewObject {
  refuseParameters(params, 'kmsKeyName');
  const name = params.get('name') ?? metadata.name;
  if (typeof name !== 'string') throw invalid('Required parameter: name');
  const { storageClass } = metadata;
  const contentEncoding = params.get('contentEncoding');
  const given = { contentType: type ?? DEFAULT_TYPE, ...(contentEncoding && { contentEncoding }) };
  return {
    bucket,
    name,
    fields: {
      ...patchFields(given, metadata),
      ...givenFields(storage, bucket, params.get('predefinedAcl'), metadata),
    },
    ...(typeof storageClass === 'string' && { storageClass }),
    conditions: preconditionsOf(params),
  };
}

/** @throws HttpError 501 for a parameter that has a value. */
export function refuseParameters(params: URLSearchParams, ...names: string[]): void {
  for (const name of names) {
    const value = params.get(name);
    if (value) throw unsupported(`${name}=${value}`);
  }
}

function checksumsOf(call: Call, { crc32c, md5Hash }: Json): Partial<Checksums> {
  const md5 = header(call, 'content-md5');
  return {
    ...(typeof crc32c === 'string' && { crc32c }),
    ...(typeof md5Hash === 'string' && { md5: md5Hash }),
    ...(md5 && { md5 }),
    ...statedIn(header(call, 'x-goog-hash')),
  };
}
