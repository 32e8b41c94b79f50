import type { Acl } from './acl.ts';
import { invalid, unsupported } from './errors.ts';
import type { ObjectRetention } from './object-retention.ts';

/** What a client says of an object beside its bytes. */
export interface ObjectFields {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  /** RFC 3339. */
  readonly customTime?: string;
  readonly temporaryHold?: boolean;
  readonly eventBasedHold?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retention?: ObjectRetention;
  /** What the bucket's objects usually have when absent. Not shown. */
  readonly acl?: Acl;
  /** When the last event-based hold was released, in milliseconds since the epoch: retention begins then. Not shown. */
  readonly holdReleased?: number;
}

export type Json = Record<string, unknown>;

const TEXTS = ['contentType', 'contentEncoding', 'contentDisposition', 'contentLanguage', 'cacheControl', 'customTime'];
const HOLDS = ['temporaryHold', 'eventBasedHold'];
const REFUSED = ['contexts', 'kmsKeyName', 'customerEncryption'];
const LARGEST_METADATA = 8 * 1024;

/**
 * Applies a JSON merge patch (RFC 7396) of an object resource: null removes a field, `metadata` is merged key by key,
 * what only Google sets is passed over, and so are `acl` and `retention`, which have
 * rules of their own.
 * @throws HttpError 400 for a wrong value, 501 for a field that the service does not act on.
 */
export function patchFields(fields: ObjectFields, patch: Json): ObjectFields {
  const next: Json = { ...fields };
  for (const name of REFUSED) if (isSet(patch[name])) throw unsupported(`object.${name}`);
  for (const name of [...TEXTS, ...HOLDS]) {
    const value = patch[name];
    if (value === undefined) continue;
    if (value === null || value === '') delete next[name];
    else if (typeof value !== (HOLDS.includes(name) ? 'boolean' : 'string'))
      throw invalid(`Invalid value for: ${name}`);
    else next[name] = value;
  }
  if (typeof next.customTime === 'string') next.customTime = timeOf(next.customTime);
  if (patch.metadata !== undefined) {
    const metadata = patchMetadata(fields.metadata ?? {}, patch.metadata);
    if (Object.keys(metadata).length > 0) next.metadata = metadata;
    else delete next.metadata;
  }
  return next as ObjectFields;
}

function patchMetadata(current: Readonly<Record<string, string>>, patch: unknown): Record<string, string> {
  if (patch === null) return {};
  if (!isJson(patch)) throw invalid('Invalid value for: metadata');
  const next: Record<string, string> = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete next[key];
    else if (typeof value === 'object') throw invalid(`Invalid value for: metadata.${key}`);
    else next[key] = String(value);
  }
  if (Buffer.byteLength(Object.entries(next).flat().join('')) > LARGEST_METADATA) {
    throw invalid('The total size of the custom metadata exceeds 8 KiB.');
  }
  return next;
}

/** Whether the value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function timeOf(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`Invalid value for: customTime: ${text} is not a time`);
  return new Date(time).toISOString();
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}
