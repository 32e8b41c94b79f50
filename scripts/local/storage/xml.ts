import { answerEmpty, bodyOf, type Call, header } from './call.ts';
import { corsHeaders } from './cors.ts';
import { statedIn, verify } from './digest.ts';
import { sendObject } from './downloading.ts';
import { invalid, NotModified, unsupported } from './errors.ts';
import { type Json, patchFields } from './object-fields.ts';
import type { NewObject } from './objects.ts';
import { check, integerOf, preconditionsOf } from './preconditions.ts';
import { checkSignature, isSigned } from './signature.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';
import { sendXmlError, XmlError } from './xml-error.ts';

/**
 * The XML API on `/BUCKET/OBJECT`, as signed URLs reach it: GET, HEAD, PUT, DELETE, and POST that begins a resumable upload.
 * @param path the path as it was sent.
 * @returns false when the request is not for a bucket.
 */
export async function serveXml(storage: Storage, call: Call, path: string): Promise<boolean> {
  const [, bucket = '', escaped = ''] = /^\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (bucket === '' || !(isSigned(call.params) || storage.buckets.find(bucket))) return false;
  try {
    await serve(storage, call, path, { bucket, name: decodeURIComponent(escaped) });
  } catch (error) {
    if (error instanceof NotModified) answerEmpty(call, 304);
    else if (call.request.errored || call.response.destroyed) call.response.destroy();
    else sendXmlError(call.response, error);
  }
  call.request.resume();
  return true;
}

async function serve(
  storage: Storage,
  call: Call,
  path: string,
  place: { bucket: string; name: string },
): Promise<void> {
  const { method = 'GET' } = call.request;
  const found = storage.buckets.find(place.bucket);
  const rules = found ? storage.buckets.settings(place.bucket).cors : [];
  for (const [name, value] of Object.entries(corsHeaders(call, rules))) call.response.setHeader(name, value);
  if (method === 'OPTIONS') return answerEmpty(call, 200);
  if (!isSigned(call.params))
    throw new XmlError(403, 'AccessDenied', 'Anonymous caller does not have access to the object.');
  checkSignature(storage.context, call, path);
  if (method === 'GET' || method === 'HEAD') return read(storage, call, place);
  if (method === 'PUT') return write(storage, call, place);
  if (method === 'POST' && header(call, 'x-goog-resumable') === 'start') return begin(storage, call, place);
  if (method !== 'DELETE') throw unsupported(`${method} ${call.url.pathname}`);
  storage.objects.delete(
    storage.objects.get(place.bucket, place.name, integerOf(call.params, 'generation')),
    call.params.has('generation'),
  );
  answerEmpty(call, 204);
}

async function read(storage: Storage, call: Call, { bucket, name }: { bucket: string; name: string }): Promise<void> {
  storage.context.meter('storage.class_b');
  const row = storage.objects.get(bucket, name, integerOf(call.params, 'generation'));
  check(conditionsOf(call), row, 'read');
  const disposition = call.params.get('response-content-disposition');
  const type = call.params.get('response-content-type');
  const headers = { ...(disposition && { 'content-disposition': disposition }), ...(type && { 'content-type': type }) };
  await sendObject(storage, call, row, { headers, etag: xmlEtag(row) });
}

async function write(storage: Storage, call: Call, place: { bucket: string; name: string }): Promise<void> {
  const { objects, blobs, context } = storage;
  context.meter('storage.class_a');
  const object = newObject(call, place);
  objects.prepare(object);
  const { least, most } = lengthsOf(call);
  const content = await blobs.receive(bodyOf(call), most);
  try {
    if (content.size < least) throw invalid(`The upload has less than ${least} bytes.`);
    const md5 = header(call, 'content-md5');
    verify({ ...(md5 && { md5 }), ...statedIn(header(call, 'x-goog-hash')) }, content);
  } catch (error) {
    blobs.remove(content.blob);
    throw error;
  }
  const row = objects.put(object, content);
  answerEmpty(call, 200, {
    etag: xmlEtag(row),
    'x-goog-generation': String(row.generation),
    'x-goog-metageneration': String(row.metageneration),
    'x-goog-hash': `crc32c=${row.crc32c},md5=${row.md5}`,
  });
}

function begin(storage: Storage, call: Call, place: { bucket: string; name: string }): void {
  storage.context.meter('storage.class_a');
  const { most } = lengthsOf(call);
  const id = storage.uploads.begin({
    object: newObject(call, place),
    expected: {},
    ...(Number.isFinite(most) && { largest: most }),
  });
  const location = `${call.origin}/upload/storage/v1/b/${place.bucket}/o?uploadType=resumable&upload_id=${id}`;
  answerEmpty(call, 201, { location, 'x-guploader-uploadid': id });
}

function newObject(call: Call, place: { bucket: string; name: string }): NewObject {
  const metadata: Json = {};
  for (const [name, value] of Object.entries(call.request.headers)) {
    if (name.startsWith('x-goog-meta-')) metadata[name.slice('x-goog-meta-'.length)] = value;
  }
  const storageClass = header(call, 'x-goog-storage-class');
  const acl = header(call, 'x-goog-acl');
  if (acl && acl !== 'private' && acl !== 'project-private') throw unsupported(`x-goog-acl: ${acl}`);
  const fields = {
    contentType: header(call, 'content-type') ?? 'application/octet-stream',
    contentEncoding: header(call, 'content-encoding'),
    contentDisposition: header(call, 'content-disposition'),
    contentLanguage: header(call, 'content-language'),
    cacheControl: header(call, 'cache-control'),
    metadata,
  };
  return {
    ...place,
    fields: patchFields({}, fields),
    ...(storageClass && { storageClass }),
    conditions: conditionsOf(call),
  };
}

function conditionsOf(call: Call) {
  const params = new URLSearchParams();
  const generation = header(call, 'x-goog-if-generation-match');
  const metageneration = header(call, 'x-goog-if-metageneration-match');
  if (generation) params.set('ifGenerationMatch', generation);
  if (metageneration) params.set('ifMetagenerationMatch', metageneration);
  return preconditionsOf(params);
}

function lengthsOf(call: Call): { least: number; most: number } {
  const range = header(call, 'x-goog-content-length-range');
  const match = /^(\d+),(\d+)$/.exec(range ?? '0,0');
  if (!match) throw invalid(`x-goog-content-length-range must be "least,most", not ${range}`);
  return { least: Number(match[1]), most: range === undefined ? Number.POSITIVE_INFINITY : Number(match[2]) };
}

function xmlEtag(row: ObjectRow): string {
  const tag = row.md5 === null ? `${row.crc32c}-${row.generation}` : Buffer.from(row.md5, 'base64').toString('hex');
  return `"${tag}"`;
}
