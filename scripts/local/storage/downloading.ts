import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { byteRangeOf } from './byte-range.ts';
import { answerEmpty, type Call, header } from './call.ts';
import { NotModified } from './errors.ts';
import type { ObjectFields } from './object-fields.ts';
import { etagOf } from './resources.ts';
import type { Storage } from './storage.ts';
import type { ObjectRow } from './tables.ts';

/** Headers that replace the object's own: those that a signed URL states. */
export interface DownloadOptions {
  readonly headers?: Record<string, string>;
  /** The ETag of the JSON API, or the quoted MD5 of the XML API. */
  readonly etag?: string;
}

const UNPACKED = {
  warning: '214 UploadServer gunzipped',
  'x-guploader-response-body-transformations': 'gunzipped',
};
/** Types of files that are compressed themselves; Google does not say which these are to it. */
const COMPRESSED = /^(image\/(?!svg|bmp)|video\/|audio\/|application\/(x-)?(gzip|zip)\b)/i;

/** Answers with an object's bytes, or the range of them that is asked for. A gzip object is unpacked for clients that do not take gzip. */
export async function sendObject(
  { blobs }: Storage,
  call: Call,
  row: ObjectRow,
  options: DownloadOptions = {},
): Promise<void> {
  const { request, response } = call;
  const fields = JSON.parse(row.fields) as ObjectFields;
  const etag = options.etag ?? etagOf(row.generation, row.metageneration);
  if (header(call, 'if-none-match') === etag) throw new NotModified();
  const headers = { ...headersOf(row, fields), etag, ...options.headers };

  if (unpacks(call, fields)) {
    response.writeHead(200, { ...headers, ...UNPACKED });
    if (request.method === 'HEAD') return void response.end();
    return pipeline(blobs.read(row.blob), createGunzip(), response);
  }
  const encoding = fields.contentEncoding ? { 'content-encoding': fields.contentEncoding } : {};
  const range = byteRangeOf(header(call, 'range'), row.size);
  if (range === 'unsatisfiable') return answerEmpty(call, 416, { 'content-range': `bytes */${row.size}` });
  const { start, end } = range ?? { start: 0, end: row.size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    ...encoding,
    'accept-ranges': 'bytes',
    'content-length': String(end - start + 1),
    ...(range && { 'content-range': `bytes ${start}-${end}/${row.size}` }),
  });
  if (request.method === 'HEAD' || row.size === 0) return void response.end();
  await pipeline(blobs.read(row.blob, start, end), response);
}

/**
 * Objects whose type is a compressed one are never sent with another compression around it.
 * @see https://cloud.google.com/storage/docs/transcoding#gzip-gzip
 */
function unpacks(call: Call, { contentEncoding, cacheControl, contentType = '' }: ObjectFields): boolean {
  if (contentEncoding !== 'gzip' || /\bno-transform\b/.test(cacheControl ?? '')) return false;
  if (COMPRESSED.test(contentType)) return true;
  return !/\bgzip\b/.test(header(call, 'accept-encoding') ?? '');
}

/** The headers that tell of an object, whatever part of it is sent. */
export function headersOf(row: ObjectRow, fields: ObjectFields): Record<string, string> {
  return {
    'content-type': fields.contentType ?? 'application/octet-stream',
    'cache-control': fields.cacheControl ?? 'private, max-age=0',
    ...(fields.contentDisposition && { 'content-disposition': fields.contentDisposition }),
    ...(fields.contentLanguage && { 'content-language': fields.contentLanguage }),
    'last-modified': new Date(row.updated).toUTCString(),
    vary: 'Accept-Encoding',
    'x-goog-generation': String(row.generation),
    'x-goog-metageneration': String(row.metageneration),
    'x-goog-hash': `crc32c=${row.crc32c}${row.md5 === null ? '' : `,md5=${row.md5}`}`,
    'x-goog-storage-class': row.storage_class,
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(row.size),
    ...Object.fromEntries(
      Object.entries(fields.metadata ?? {})
        .filter(isHeader)
        .map(([key, value]) => [`x-goog-meta-${key}`, value]),
    ),
  };
}

/** Only what HTTP can carry as a header (RFC 9110 §5). */
function isHeader([key, value]: [string, string]): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(key) && /^[\t\x20-\x7e]*$/.test(value);
}
