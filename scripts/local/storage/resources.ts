import { createHash } from 'node:crypto';
import type { BucketSettings } from './bucket-settings.ts';
import type { ObjectFields } from './object-fields.ts';
import { retainedUntil } from './retention.ts';
import type { BucketRow, ObjectRow } from './tables.ts';

type Resource = Record<string, unknown>;

/** An object as the JSON API gives it: 64-bit numbers are text. @param origin of the links. @param settings of its bucket. */
export function objectResource(row: ObjectRow, origin: string, settings: BucketSettings): Resource {
  const stored = JSON.parse(row.fields) as ObjectFields;
  const { holdReleased: _, acl: __, ...fields } = stored;
  const until = retainedUntil(row, stored, settings);
  const path = `b/${row.bucket}/o/${encodeURIComponent(row.name)}`;
  return {
    kind: 'storage#object',
    id: `${row.bucket}/${row.name}/${row.generation}`,
    selfLink: `${origin}/storage/v1/${path}`,
    mediaLink: `${origin}/download/storage/v1/${path}?generation=${row.generation}&alt=media`,
    name: row.name,
    bucket: row.bucket,
    generation: String(row.generation),
    metageneration: String(row.metageneration),
    ...fields,
    storageClass: row.storage_class,
    size: String(row.size),
    ...(row.md5 !== null && { md5Hash: row.md5 }),
    crc32c: row.crc32c,
    ...(row.components !== null && { componentCount: row.components }),
    etag: etagOf(row.generation, row.metageneration),
    timeCreated: isoTime(row.created),
    updated: isoTime(row.updated),
    timeStorageClassUpdated: isoTime(row.class_updated),
    timeFinalized: isoTime(row.created),
    ...(until !== undefined && { retentionExpirationTime: isoTime(until) }),
    ...(row.deleted !== null && { timeDeleted: isoTime(row.deleted) }),
  };
}

/** A bucket as the JSON API gives it. */
export function bucketResource(row: BucketRow, origin: string, project: string): Resource {
  const { acl: _, defaultObjectAcl: __, ...settings } = JSON.parse(row.settings) as BucketSettings;
  const locationType = locationTypeOf(settings);
  return {
    kind: 'storage#bucket',
    id: row.name,
    name: row.name,
    selfLink: `${origin}/storage/v1/b/${row.name}`,
    projectNumber: projectNumber(project),
    locationType,
    ...(locationType !== 'region' && { rpo: 'DEFAULT' }),
    softDeletePolicy: { retentionDurationSeconds: '0' },
    ...settings,
    metageneration: String(row.metageneration),
    etag: etagOf(row.metageneration),
    timeCreated: isoTime(row.created),
    updated: isoTime(row.updated),
  };
}

function locationTypeOf({ location }: BucketSettings): 'multi-region' | 'dual-region' | 'region' {
  if (/^(US|EU|ASIA)$/.test(location)) return 'multi-region';
  return /^(ASIA1|EUR[4578]|NAM4)$/.test(location) ? 'dual-region' : 'region';
}

/** A project's number: always the same for the same id. */
export function projectNumber(project: string): string {
  return String(100_000_000_000 + (createHash('sha256').update(project).digest().readUIntBE(0, 6) % 900_000_000_000));
}

/** An entity tag in Google's form: the numbers as fields 1, 2, … of a protobuf message, in base64. */
export function etagOf(...numbers: number[]): string {
  const bytes = numbers.flatMap((number, index) => [((index + 1) << 3) | 0, ...varint(BigInt(number))]);
  return Buffer.from(bytes).toString('base64');
}

/** An entity tag of the XML API: the MD5 in hexadecimal, quoted. */
export function xmlEtag(row: ObjectRow): string {
  const tag = row.md5 === null ? `${row.crc32c}-${row.generation}` : Buffer.from(row.md5, 'base64').toString('hex');
  return `"${tag}"`;
}

function varint(number: bigint): number[] {
  const low = Number(number & 0x7fn);
  return number > 0x7fn ? [low | 0x80, ...varint(number >> 7n)] : [low];
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
