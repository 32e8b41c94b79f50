/** Messages of google.cloud.secretmanager.v1 as they come off the wire and go onto it (`loadService` says how). */

export interface Timestamp {
  readonly seconds: string;
  readonly nanos: number;
}

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
  readonly ttl?: { readonly seconds: string; readonly nanos: number } | null;
}

export type VersionState = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export interface VersionMessage {
  readonly name: string;
  readonly createTime: Timestamp;
  readonly destroyTime?: Timestamp;
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
