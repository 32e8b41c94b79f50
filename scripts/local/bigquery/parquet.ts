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

/** The rows of a query as a Parquet file. @throws HttpError notImplemented for another compression */
export async function writeParquet(bigquery: Bigquery, sql: string, compression = 'NONE'): Promise<Buffer> {
  const codec = CODECS[compression];
  if (!codec) throw unimplemented(`an extract to PARQUET with the compression ${compression}`);
  const path = join(tmpdir(), `virtuoso-extract-${randomUUID()}.parquet`);
  try {
    await bigquery.warehouse.read(`COPY (${sql}) TO ${quote(path)} (FORMAT parquet, COMPRESSION ${codec})`);
    return await readFile(path);
  } finally {
    await rm(path, { force: true });
  }
}
