import type { Bigquery } from './bigquery.ts';
import { invalidQuery } from './errors.ts';
import { FIRST_SHARD, fileOf } from './extracting.ts';
import type { Outcome } from './outcomes.ts';
import type { Execution } from './querying.ts';
import { columnsOf } from './selecting.ts';
import type { Action } from './sql/statements.ts';
import { objectExists, writeObject } from './storage.ts';

/** Formats of EXPORT DATA, as extract jobs call them. */
const FORMATS: Readonly<Record<string, string>> = {
  CSV: 'CSV',
  JSON: 'NEWLINE_DELIMITED_JSON',
  PARQUET: 'PARQUET',
};

/** Runs EXPORT DATA: the rows of a query, into one object of Cloud Storage. @throws HttpError */
export async function exportData(
  bigquery: Bigquery,
  { statement }: Execution,
  { options, sql }: Extract<Action, { kind: 'EXPORT_DATA' }>,
): Promise<Outcome> {
  const { uri, format, overwrite = false, header = true, field_delimiter: delimiter = ',', compression } = options;
  if (typeof uri !== 'string' || uri.split('*').length !== 2)
    throw invalidQuery('Option uri of EXPORT DATA is needed, and must be one with a single wildcard');
  const destinationFormat = FORMATS[String(format).toUpperCase()];
  if (!destinationFormat) throw invalidQuery(`Unrecognized format ${String(format)} of EXPORT DATA`);
  const name = uri.replace('*', FIRST_SHARD);
  if (overwrite !== true && (await objectExists(bigquery, name)))
    throw invalidQuery(`Invalid destination URI ${uri}: there are files already; set the option overwrite to true`);
  const fields = await columnsOf(bigquery, sql, statement.references);
  const { bytes, type, rows } = await fileOf(bigquery, sql, fields, {
    destinationFormat,
    printHeader: header === true,
    fieldDelimiter: String(delimiter),
    ...(typeof compression === 'string' ? { compression } : {}),
  });
  await writeObject(bigquery, name, bytes, type);
  const exportDataStatistics = { fileCount: '1', rowCount: String(rows) };
  return { result: { fields: [], rows: [] }, statistics: { query: { exportDataStatistics } } };
}
