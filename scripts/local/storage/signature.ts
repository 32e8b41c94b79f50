import { createHash, createVerify } from 'node:crypto';
import type { Clock } from '../plumbing/clock.ts';
import type { ServiceContext } from '../plumbing/service.ts';
import { type Call, header } from './call.ts';
import { XmlError } from './xml-error.ts';

const LONGEST_S = 7 * 24 * 3600;
/** How far ahead a client's clock may be. */
const SKEW_MS = 15 * 60 * 1000;

/** Whether the URL carries a signature of either version. */
export function isSigned(params: URLSearchParams): boolean {
  return params.has('X-Goog-Signature') || (params.has('Signature') && params.has('GoogleAccessId'));
}

/**
 * Checks a signed URL, version 4 or 2: that it has not expired, and that it was signed with a key of the local cloud, as
 * published in the table `metadata_keys`. Signers date by the real time; how long ago that was is told by the local
 * clock. Version 2 does not say when it was signed: it expires by the real time.
 * @param path the path as it was sent.
 * @see https://cloud.google.com/storage/docs/authentication/canonical-requests
 * @throws XmlError 400, 403.
 */
export function checkSignature(context: ServiceContext, call: Call, path: string): void {
  if (call.params.has('X-Goog-Signature')) checkVersion4(context, call, path);
  else checkVersion2(context, call, path);
}

function checkVersion4(context: ServiceContext, call: Call, path: string): void {
  const { params } = call;
  const algorithm = params.get('X-Goog-Algorithm');
  if (algorithm !== 'GOOG4-RSA-SHA256') throw malformed(`The algorithm ${algorithm} is not supported locally.`);
  const date = params.get('X-Goog-Date') ?? '';
  const from = parseDate(date);
  const lifetime = Number(params.get('X-Goog-Expires'));
  if (from === undefined || !(lifetime > 0 && lifetime <= LONGEST_S)) {
    throw malformed('X-Goog-Date or X-Goog-Expires is not valid.');
  }
  checkTime(context.clock, from, lifetime * 1000);
  const scope = (params.get('X-Goog-Credential') ?? '').split('/').slice(1).join('/');
  const signature = Buffer.from(params.get('X-Goog-Signature') ?? '', 'hex');
  const names = (params.get('X-Goog-SignedHeaders') ?? '').split(';');
  if (!names.includes('host')) throw malformed('The host header must be signed.');
  // The client signs the host without its port.
  const hosts = [header(call, 'host') ?? '', call.url.hostname];
  const isValid = hosts.some((host) => {
    const request = canonicalRequest(call, path, names, host);
    const text = ['GOOG4-RSA-SHA256', date, scope, createHash('sha256').update(request).digest('hex')].join('\n');
    return isSignedLocally(context, text, signature);
  });
  if (!isValid) throw mismatch();
}

function canonicalRequest(call: Call, path: string, names: readonly string[], host: string): string {
  const query = [...call.params]
    .filter(([name]) => name !== 'X-Goog-Signature')
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .sort();
  const headers = names.map((name) => {
    const value = name === 'host' ? host : (header(call, name) ?? '');
    return `${name}:${value.trim().replace(/\s{2,}/g, ' ')}\n`;
  });
  const escapedPath = path
    .split('/')
    .map((part) => percentEncode(decodeURIComponent(part)))
    .join('/');
  const payload = header(call, 'x-goog-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  const method = call.request.method ?? 'GET';
  return [method, escapedPath, query.join('&'), headers.join(''), names.join(';'), payload].join('\n');
}

function checkVersion2(context: ServiceContext, call: Call, path: string): void {
  const { params } = call;
  if (!(Number(params.get('Expires')) * 1000 > Date.now())) throw expired();
  const extensions = Object.keys(call.request.headers)
    .filter((name) => name.startsWith('x-goog-'))
    .sort()
    .map((name) => `${name}:${header(call, name)}\n`);
  const text = [
    call.request.method,
    header(call, 'content-md5') ?? '',
    header(call, 'content-type') ?? '',
    params.get('Expires'),
    extensions.join('') + path,
  ].join('\n');
  if (!isSignedLocally(context, text, Buffer.from(params.get('Signature') ?? '', 'base64'))) throw mismatch();
}

/** Reads `20260131T235959Z`: milliseconds since the epoch. */
export function parseDate(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, ...rest] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

/** @param from when it was signed, by the real time. @throws XmlError 403 when that is to come, 400 when it has expired. */
export function checkTime(clock: Clock, from: number, lifetime: number): void {
  const elapsed = clock.elapsedSince(from);
  if (elapsed < -SKEW_MS) throw new XmlError(403, 'AccessDenied', 'The signed URL is not valid yet.');
  if (elapsed >= lifetime) throw expired();
}

function expired(): XmlError {
  return new XmlError(400, 'ExpiredToken', 'The provided token has expired.');
}

/** Whether the text was signed with a key of the local cloud. */
export function isSignedLocally({ store }: ServiceContext, text: string, signature: Buffer): boolean {
  // Another service publishes its keys there; without it there are none, and every signature is refused.
  if (!store.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'metadata_keys'")) return false;
  const keys = store.all<{ public_key: string }>('SELECT public_key FROM metadata_keys');
  return keys.some((key) => createVerify('sha256').update(text).verify(key.public_key, signature));
}

/** Percent-encodes everything but the unreserved characters (RFC 3986 §2.3). */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function malformed(message: string): XmlError {
  return new XmlError(400, 'AuthorizationQueryParametersError', message);
}

function mismatch(): XmlError {
  const message = 'Access denied: the signature was not made by the local cloud for this request.';
  return new XmlError(403, 'SignatureDoesNotMatch', message);
}
