import { HttpError } from '../plumbing/http.ts';
import type { Acl } from './acl.ts';
import { invalid, unsupported } from './errors.ts';
import { checkLifecycle, type LifecycleRule } from './lifecycle-rules.ts';
import { isJson, type Json } from './object-fields.ts';

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  readonly origin?: readonly string[];
  readonly method?: readonly string[];
  readonly responseHeader?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** Access control lists that a bucket was given; absent ones are Google's usual. */
export interface BucketAcls {
  readonly acl?: Acl;
  /** What new objects have. */
  readonly defaultObjectAcl?: Acl;
}

/** What a client says of a bucket. */
export interface BucketSettings extends BucketAcls {
  readonly location: string;
  readonly storageClass: string;
  readonly versioning?: { readonly enabled?: boolean };
  readonly lifecycle?: { readonly rule?: readonly LifecycleRule[] };
  readonly cors?: readonly CorsRule[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly iamConfiguration?: {
    readonly uniformBucketLevelAccess?: { readonly enabled?: boolean; readonly lockedTime?: string };
    readonly publicAccessPrevention?: string;
  };
  readonly defaultEventBasedHold?: boolean;
  readonly retentionPolicy?: RetentionPolicy;
  /** Whether objects may have a retention of their own; only set when the bucket is made. */
  readonly objectRetention?: { readonly mode: 'Enabled' };
}

/** How long a bucket's objects are kept at least. */
export interface RetentionPolicy {
  /** Seconds, as text. */
  readonly retentionPeriod: string;
  /** RFC 3339. */
  readonly effectiveTime: string;
  readonly isLocked?: boolean;
}

const KEPT = [
  'location',
  'storageClass',
  'versioning',
  'lifecycle',
  'cors',
  'labels',
  'iamConfiguration',
  'defaultEventBasedHold',
  'retentionPolicy',
];
const REFUSED = [
  'encryption',
  'logging',
  'website',
  'autoclass',
  'billing',
  'customPlacementConfig',
  'hierarchicalNamespace',
  'ipFilter',
  'rpo',
];

/** Storage classes that objects and buckets can have; the last three are of old and stand for STANDARD. */
export const STORAGE_CLASSES = [
  ...['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
  ...['MULTI_REGIONAL', 'REGIONAL', 'DURABLE_REDUCED_AVAILABILITY'],
];

const LOCKS_AFTER_MS = 90 * 24 * 3600 * 1000;
const LONGEST_RETENTION_S = 100 * 365.25 * 24 * 3600;

/**
 * Applies a JSON merge patch (RFC 7396) of a bucket resource.
 * @param now milliseconds since the epoch.
 * @throws HttpError 400 for a wrong value, 501 for a field that the service does not act on.
 */
export function patchSettings(settings: BucketSettings, patch: Json, now: number): BucketSettings {
  for (const name of REFUSED) if (isOn(patch[name]) && patch[name] !== 'DEFAULT') throw unsupported(`bucket.${name}`);
  const soft = patch.softDeletePolicy;
  if (isJson(soft) && Number(soft.retentionDurationSeconds ?? 0) !== 0) throw unsupported('bucket.softDeletePolicy');
  const kept = Object.fromEntries(Object.entries(patch).filter(([name]) => KEPT.includes(name)));
  const next = merge(settings as unknown as Json, kept) as unknown as BucketSettings;
  if (!STORAGE_CLASSES.includes(next.storageClass)) throw invalid(`Invalid storage class: ${next.storageClass}`);
  if (next.versioning && typeof next.versioning.enabled !== 'boolean')
    throw invalid('Invalid value for: versioning.enabled');
  if (next.cors && !Array.isArray(next.cors)) throw invalid('Invalid value for: cors');
  checkLifecycle(next.lifecycle);
  checkUnlocked(settings, next);
  if (next.defaultEventBasedHold !== undefined && typeof next.defaultEventBasedHold !== 'boolean')
    throw invalid('Invalid value for: defaultEventBasedHold');
  const { cors, labels, ...rest } = next;
  return {
    ...rest,
    ...(cors && cors.length > 0 && { cors }),
    ...(labels && Object.keys(labels).length > 0 && { labels }),
    location: next.location.toUpperCase(),
    iamConfiguration: accessOf(next, now),
    ...(next.retentionPolicy && { retentionPolicy: retentionOf(settings, next.retentionPolicy, now) }),
  };
}

/** Whether the bucket's retention policy can only be made longer. */
export function isLocked({ retentionPolicy }: BucketSettings): boolean {
  return retentionPolicy?.isLocked === true;
}

function accessOf({ iamConfiguration = {} }: BucketSettings, now: number) {
  const { publicAccessPrevention = 'inherited', uniformBucketLevelAccess: uniform } = iamConfiguration;
  if (publicAccessPrevention !== 'inherited' && publicAccessPrevention !== 'enforced') {
    throw invalid(`Invalid value for: iamConfiguration.publicAccessPrevention: ${publicAccessPrevention}`);
  }
  const lockedTime = uniform?.lockedTime ?? new Date(now + LOCKS_AFTER_MS).toISOString();
  const access = uniform?.enabled ? { enabled: true, lockedTime } : { enabled: false };
  return { bucketPolicyOnly: access, uniformBucketLevelAccess: access, publicAccessPrevention };
}

function retentionOf(before: BucketSettings, { retentionPeriod }: RetentionPolicy, now: number): RetentionPolicy {
  const seconds = Number(retentionPeriod);
  if (!Number.isInteger(seconds) || seconds <= 0 || seconds > LONGEST_RETENTION_S) {
    throw invalid(`Invalid value for: retentionPolicy.retentionPeriod: ${retentionPeriod}`);
  }
  const { effectiveTime = new Date(now).toISOString() } = before.retentionPolicy ?? {};
  return { retentionPeriod: String(seconds), effectiveTime, ...(isLocked(before) && { isLocked: true }) };
}

function checkUnlocked(before: BucketSettings, next: BucketSettings): void {
  if (!isLocked(before)) return;
  const seconds = Number(next.retentionPolicy?.retentionPeriod ?? 0);
  if (seconds >= Number(before.retentionPolicy?.retentionPeriod)) return;
  throw new HttpError(
    403,
    'forbidden',
    'Cannot reduce the retention duration of a locked Retention Policy for a bucket, or remove it.',
  );
}

function merge(target: Json, patch: Json): Json {
  const next = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete next[name];
    // The rules of a lifecycle are set as a whole, as everything but labels and switches is.
    else if (isJson(value) && name !== 'lifecycle') next[name] = merge(isJson(next[name]) ? next[name] : {}, value);
    else if (isJson(value) && Object.keys(value).length === 0) delete next[name];
    else next[name] = value;
  }
  return next;
}

function isOn(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (isJson(value)) return Object.values(value).some(isOn);
  return true;
}
