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

/** What a client says of a bucket. */
export interface BucketSettings {
  readonly location: string;
  readonly storageClass: string;
  readonly versioning?: { readonly enabled?: boolean };
  readonly lifecycle?: { readonly rule?: readonly LifecycleRule[] };
  readonly cors?: readonly CorsRule[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly iamConfiguration?: unknown;
}

const KEPT = ['location', 'storageClass', 'versioning', 'lifecycle', 'cors', 'labels', 'iamConfiguration'];
const REFUSED = [
  'acl',
  'defaultObjectAcl',
  'defaultEventBasedHold',
  'retentionPolicy',
  'encryption',
  'logging',
  'website',
  'autoclass',
  'billing',
  'customPlacementConfig',
  'hierarchicalNamespace',
  'objectRetention',
  'ipFilter',
];

/** Storage classes that objects and buckets can have. */
export const STORAGE_CLASSES = ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'];

/**
 * Applies a JSON merge patch (RFC 7396) of a bucket resource.
 * @throws HttpError 400 for a wrong value, 501 for a field that the service does not act on.
 */
export function patchSettings(settings: BucketSettings, patch: Json): BucketSettings {
  for (const name of REFUSED) if (isOn(patch[name])) throw unsupported(`bucket.${name}`);
  const soft = patch.softDeletePolicy;
  if (isJson(soft) && Number(soft.retentionDurationSeconds ?? 0) !== 0) throw unsupported('bucket.softDeletePolicy');
  const kept = Object.fromEntries(Object.entries(patch).filter(([name]) => KEPT.includes(name)));
  const next = merge(settings as unknown as Json, kept) as unknown as BucketSettings;
  if (!STORAGE_CLASSES.includes(next.storageClass)) throw invalid(`Invalid storage class: ${next.storageClass}`);
  if (next.versioning && typeof next.versioning.enabled !== 'boolean')
    throw invalid('Invalid value for: versioning.enabled');
  if (next.cors && !Array.isArray(next.cors)) throw invalid('Invalid value for: cors');
  checkLifecycle(next.lifecycle);
  return { ...next, location: next.location.toUpperCase() };
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
