import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bigquery } from './bigquery.ts';
import { unimplemented } from './errors.ts';
import { quote } from './sql/reader.ts';

/** BigQuery's compressions of Parquet, as DuckDB calls them. */
const CODECS: Readonly<Record<string, string>> = {
  NONE: 'uncompressed',
  SNAPPY: 'snappy',
  GZIP: 'gzip',
  ZSTD: 'zstd',
};

/** The rows of a query as a Parquet file, and how many they are. @throws HttpError notImplemented for another compression */
export async function writeParquet(bigquery: Bigquery, sql: string, compression = 'NONE') {
  const codec = CODECS[compression];
  if (!codec) throw unimplemented(`an extract to PARQUET with the compression ${compression}`);
  const path = join(tmpdir(), `virtuoso-extract-${randomUUID()}.parquet`);
  try {
    const copy = `COPY (${sql}) TO ${quote(path)} (FORMAT parquet, COMPRESSION ${codec})`;
    const told = await bigquery.warehouse.read(copy);
    return { bytes: await readFile(path), rows: Number(told.value(0, 0)) };
  } finally {
    await rm(path, { force: true });
  }
}
