import { givenFields } from './access.ts';
import { answerEmpty, bodyOf, type Call, header } from './call.ts';
import { corsHeaders } from './cors.ts';
import { statedIn, verify } from './digest.ts';
import { sendObject } from './downloading.ts';
import { invalid, NotModified, unsupported } from './errors.ts';
import { type Json, patchFields } from './object-fields.ts';
import type { NewObject } from './objects.ts';
import { receiveForm } from './post-form.ts';
import { check, integerOf, preconditionsOf } from './preconditions.ts';
import { isPublic } from './public-access.ts';
import { xmlEtag } from './resources.ts';
import { checkSignature, isSigned } from './signature.ts';
import type { Storage } from './storage.ts';
import { sendXmlError, XmlError } from './xml-error.ts';
import { listBucket } from './xml-list.ts';

/**
 * The XML API as signed URLs, forms with a signed policy and browsers reach it: `/BUCKET/OBJECT` with GET, HEAD, PUT,
 * DELETE, and POST that begins a resumable upload; `/BUCKET` with GET (a list) and POST (a form).
 * @param path the path as it was sent.
 * @returns false when the request is not for a bucket.
 */
export async function serveXml(storage: Storage, call: Call, path: string): Promise<boolean> {
  const [, bucket = '', escaped = ''] = /^\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  if (bucket === '' || !(isSigned(call.params) || storage.buckets.find(bucket))) return false;
  try {
    await serve(storage, call, path, { bucket, name: nameOf(path, escaped) });
  } catch (error) {
    if (error instanceof NotModified) answerEmpty(call, 304);
    else if (call.request.errored || call.response.destroyed) call.response.destroy();
    else sendXmlError(call.response, error);
  }
  call.request.resume();
  return true;
}

/** The object's name. @throws XmlError 400 where the path, as signatures are over all of it, has a malformed escape */
function nameOf(path: string, escaped: string): string {
  try {
    decodeURIComponent(path);
    return decodeURIComponent(escaped);
  } catch {
    throw new XmlError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
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
  if (method === 'POST' && place.name === '') return receiveForm(storage, call, place.bucket);
  authorize(storage, call, path, place);
  const strange = Object.keys(call.request.headers).find((name) => UNSUPPORTED_HEADERS.test(name));
  if (strange !== undefined) throw unsupported(strange);
  for (const name of UNSUPPORTED) if (call.params.has(name)) throw unsupported(`${method} ${path}?${name}`);
  if (place.name === '') return method === 'GET' ? listBucket(storage, call, place.bucket) : refuse(call);
  if (method === 'GET' || method === 'HEAD') return read(storage, call, place);
  if (method === 'PUT') return write(storage, call, place);
  if (method === 'POST' && header(call, 'x-goog-resumable') === 'start') return begin(storage, call, place);
  return method === 'DELETE' ? remove(storage, call, place) : refuse(call);
}

/** Subresources of the XML API, multipart uploads among them. */
const UNSUPPORTED = ['uploads', 'uploadId', 'acl', 'cors', 'lifecycle', 'versioning', 'tagging', 'compose', 'policy'];

/** Of copies, of keys of the customer, and of retention. */
const UNSUPPORTED_HEADERS = /^x-goog-(copy-source|metadata-directive|encryption-|object-lock-)/;

/** A signed URL, or a bearer token: every caller with one may do everything. Others may read what everybody may. */
function authorize(
  storage: Storage,
  call: Call,
  path: string,
  { bucket, name }: { bucket: string; name: string },
): void {
  if (isSigned(call.params)) {
    checkSignature(storage.context, call, path);
    return;
  }
  if (/^Bearer \S/i.test(header(call, 'authorization') ?? '')) return;
  const { method = 'GET' } = call.request;
  if (/^(GET|HEAD)$/.test(method) && isPublic(storage, bucket, name, integerOf(call.params, 'generation'))) return;
  const action = { GET: name === '' ? 'list' : 'get', HEAD: 'get', DELETE: 'delete' }[method] ?? 'create';
  const details = `Anonymous caller does not have storage.objects.${action} access to the Google Cloud Storage ${name === '' ? 'bucket' : 'object'}.`;
  throw new XmlError(403, 'AccessDenied', 'Access denied.', details);
}

function refuse({ request, url }: Call): never {
  throw unsupported(`${request.method} ${url.pathname}`);
}

function remove({ objects }: Storage, call: Call, { bucket, name }: { bucket: string; name: string }): void {
  const generation = integerOf(call.params, 'generation');
  const row = objects.get(bucket, name, generation);
  check(conditionsOf(call), row);
  objects.delete(row, generation !== undefined);
  answerEmpty(call, 204);
}

const RESPONSE_HEADERS = [
  'content-disposition',
  'content-type',
  'content-language',
  'content-encoding',
  'cache-control',
];

async function read(storage: Storage, call: Call, { bucket, name }: { bucket: string; name: string }): Promise<void> {
  storage.context.meter('storage.class_b');
  const row = storage.objects.get(bucket, name, integerOf(call.params, 'generation'));
  check(conditionsOf(call), row, 'read');
  const asked = RESPONSE_HEADERS.map((header) => [header, call.params.get(`response-${header}`)] as const);
  const headers = Object.fromEntries(asked.flatMap(([header, value]) => (value ? [[header, value]] : [])));
  await sendObject(storage, call, row, { headers, etag: xmlEtag(row) });
}

async function write(storage: Storage, call: Call, place: { bucket: string; name: string }): Promise<void> {
  const { objects, blobs, context } = storage;
  context.meter('storage.class_a');
  const object = newObject(storage, call, place);
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
    object: newObject(storage, call, place),
    expected: {},
    ...(Number.isFinite(most) && { largest: most }),
  });
  const location = `${call.origin}/upload/storage/v1/b/${place.bucket}/o?uploadType=resumable&upload_id=${id}`;
  answerEmpty(call, 201, { location, 'x-guploader-uploadid': id });
}

function newObject(storage: Storage, call: Call, place: { bucket: string; name: string }): NewObject {
  const metadata: Json = {};
  for (const [name, value] of Object.entries(call.request.headers)) {
    if (name.startsWith('x-goog-meta-')) metadata[name.slice('x-goog-meta-'.length)] = value;
  }
  const storageClass = header(call, 'x-goog-storage-class');
  const fields = {
    contentType: header(call, 'content-type') ?? 'application/octet-stream',
    contentEncoding: header(call, 'content-encoding'),
    contentDisposition: header(call, 'content-disposition'),
    contentLanguage: header(call, 'content-language'),
    cacheControl: header(call, 'cache-control'),
    customTime: header(call, 'x-goog-custom-time'),
    metadata,
  };
  return {
    ...place,
    fields: { ...patchFields({}, fields), ...givenFields(storage, place.bucket, header(call, 'x-goog-acl')) },
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
