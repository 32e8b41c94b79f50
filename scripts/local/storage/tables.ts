import type { Store } from '../plumbing/store.ts';

/** A bucket as it is stored. Times are milliseconds since the epoch. */
export interface BucketRow {
  readonly name: string;
  readonly metageneration: number;
  readonly created: number;
  readonly updated: number;
  /** JSON of BucketSettings. */
  readonly settings: string;
}

/** One generation of an object as it is stored. Times are milliseconds since the epoch. */
export interface ObjectRow {
  readonly bucket: string;
  readonly name: string;
  readonly generation: number;
  readonly metageneration: number;
  /** 1 for the live version, 0 for a noncurrent one. */
  readonly live: number;
  /** The file that has the bytes; copies share it. */
  readonly blob: string;
  readonly size: number;
  /** Base64, as the API gives it. */
  readonly crc32c: string;
  /** Base64; null for a composite object. */
  readonly md5: string | null;
  /** How many components a composite object has. */
  readonly components: number | null;
  readonly storage_class: string;
  readonly created: number;
  readonly updated: number;
  readonly class_updated: number;
  /** When it became noncurrent. */
  readonly deleted: number | null;
  /** JSON of ObjectFields. */
  readonly fields: string;
}

/** A resumable upload as it is stored. */
export interface UploadRow {
  readonly id: string;
  /** JSON of NewObject. */
  readonly request: string;
  readonly created: number;
  /** JSON of the object resource once the upload is complete. */
  readonly result: string | null;
}

/** Makes the tables that do not exist yet. */
export function createTables(store: Store): void {
  store.exec(`
    CREATE TABLE IF NOT EXISTS storage_buckets (
      name TEXT PRIMARY KEY, metageneration INTEGER NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
      settings TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS storage_objects (
      bucket TEXT NOT NULL REFERENCES storage_buckets (name), name TEXT NOT NULL, generation INTEGER NOT NULL,
      metageneration INTEGER NOT NULL, live INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL,
      crc32c TEXT NOT NULL, md5 TEXT, components INTEGER, storage_class TEXT NOT NULL, created REAL NOT NULL,
      updated REAL NOT NULL, class_updated REAL NOT NULL, deleted REAL, fields TEXT NOT NULL,
      PRIMARY KEY (bucket, name, generation)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX IF NOT EXISTS storage_objects_live ON storage_objects (bucket, name) WHERE live = 1;
    CREATE INDEX IF NOT EXISTS storage_objects_blob ON storage_objects (blob);
    CREATE TABLE IF NOT EXISTS storage_uploads (
      id TEXT PRIMARY KEY, request TEXT NOT NULL, created REAL NOT NULL, result TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS storage_notifications (
      bucket TEXT NOT NULL, id INTEGER NOT NULL, config TEXT NOT NULL, PRIMARY KEY (bucket, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS storage_policies (
      bucket TEXT PRIMARY KEY, policy TEXT NOT NULL, revision INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS storage_sequence (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
    INSERT OR IGNORE INTO storage_sequence VALUES (1, 0);
  `);
}

/** The next generation: microseconds since the epoch as Google's, and always above every earlier one. */
export function nextGeneration(store: Store, now: number): number {
  const row = store.get<{ last: number }>(
    'UPDATE storage_sequence SET last = max(last + 1, ?) RETURNING last',
    Math.floor(now) * 1000,
  );
  return row?.last ?? 0;
}
