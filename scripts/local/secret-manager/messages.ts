/** Messages of google.cloud.secretmanager.v1 as they come off the wire and go onto it (`loadService` says how). */

export interface Timestamp {
  readonly seconds: string;
  readonly nanos: number;
}

export type Duration = Timestamp;

export interface Replication {
  readonly automatic?: { readonly customerManagedEncryption?: unknown };
  readonly userManaged?: {
    readonly replicas: readonly { readonly location: string; readonly customerManagedEncryption?: unknown }[];
  };
}

export interface SecretMessage {
  readonly name: string;
  readonly replication?: Replication | null;
  readonly createTime?: Timestamp | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly versionAliases: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly expireTime?: Timestamp | null;
  readonly ttl?: Duration | null;
  readonly topics?: readonly { readonly name: string }[];
  readonly rotation?: {
    readonly nextRotationTime?: Timestamp | null;
    readonly rotationPeriod?: Duration | null;
  } | null;
  readonly versionDestroyTtl?: Duration | null;
}

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export interface VersionMessage {
  readonly name: string;
  readonly createTime: Timestamp;
  readonly destroyTime?: Timestamp;
  readonly scheduledDestroyTime?: Timestamp;
  readonly state: VersionState;
  readonly replicationStatus: unknown;
  readonly etag: string;
  readonly clientSpecifiedPayloadChecksum: boolean;
}

/** @param time milliseconds since the epoch. */
export function timestamp(time: number): Timestamp {
  const seconds = Math.floor(time / 1000);
  return { seconds: String(seconds), nanos: Math.round((time - seconds * 1000) * 1e6) };
}

/** Milliseconds of a Timestamp or a Duration. */
export function milliseconds(time: { readonly seconds: string; readonly nanos: number }): number {
  return Number(time.seconds) * 1000 + time.nanos / 1e6;
}

/** A message as the JSON API has it: times in RFC 3339, durations in seconds, no empty fields. Filters and notices use it. */
export function toJson(message: SecretMessage | VersionMessage): Record<string, unknown> {
  const convert = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => convert(each, key));
    if (typeof value !== 'object' || value === null) return value;
    if ('seconds' in value) {
      const ms = milliseconds(value as Timestamp);
      return /Time$/.test(key) ? new Date(ms).toISOString() : `${ms / 1000}s`;
    }
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, name)]));
  };
  const filled = Object.entries(message).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(filled.map(([key, value]) => [key, convert(value, key)]));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
