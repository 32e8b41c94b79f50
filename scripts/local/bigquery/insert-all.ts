import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { type Bigquery, liveEntry } from './bigquery.ts';
import type { Entry, TableReference } from './catalog.ts';
import { invalid, unimplemented } from './errors.ts';
import { quote } from './sql/reader.ts';
import { rowValues, ValueError } from './values.ts';

/** How long an insertId is remembered. Google promises about a minute; this is longer, and survives a restart. */
export const REMEMBERED_MS = 10 * 60_000;
const MOST_ROWS = 50_000;

interface InsertBody {
  readonly rows?: readonly { readonly insertId?: string; readonly json?: Readonly<Record<string, unknown>> }[];
  readonly skipInvalidRows?: boolean;
  readonly ignoreUnknownValues?: boolean;
  readonly templateSuffix?: string;
}

interface RowError {
  readonly index: number;
  readonly errors: readonly { reason: string; location: string; debugInfo: string; message: string }[];
}

/** A row is billed as so many bytes at least (https://cloud.google.com/bigquery/pricing). */
const LEAST_BILLED_ROW = 1024;

/**
 * tabledata.insertAll: appends the rows, and is durable when answered. Unless `skipInvalidRows` is set, one bad row
 * stops all: what is wrong comes before what it stopped. A row whose insertId came before within REMEMBERED_MS is taken as that row: it is not inserted again.
 * @throws HttpError notFound, invalid for no or too many rows, notImplemented for templateSuffix.
 */
export async function insertAll(bigquery: Bigquery, reference: TableReference, body: InsertBody): Promise<object> {
  const { context, catalog, warehouse } = bigquery;
  if (body.templateSuffix) throw unimplemented('templateSuffix of insertAll');
  const entry = liveEntry(bigquery, reference);
  if (entry.table.type !== 'TABLE') throw invalid(`${reference.tableId} is not a table that takes rows.`);
  const rows = body.rows ?? [];
  if (rows.length === 0) throw invalid('No rows present in the request.');
  if (rows.length > MOST_ROWS)
    throw invalid(`Too many rows present in the request: ${rows.length}; at most ${MOST_ROWS}.`);
  if (!entry.table.schema?.fields.length) throw invalid('The destination table has no schema.');
  const duck = await warehouse.duck();
  const errors: RowError[] = [];
  const good: { insertId?: string; values: DuckDBValue[] }[] = [];
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    try {
      const options = { duck, ignoreUnknown: body.ignoreUnknownValues === true };
      const values = rowValues(entry.table.schema?.fields ?? [], row.json ?? {}, options);
      good.push(row.insertId ? { insertId: row.insertId, values } : { values });
      bytes += Math.max(LEAST_BILLED_ROW, Buffer.byteLength(JSON.stringify(row.json ?? {})));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      errors.push({ index, errors: [problem('invalid', error.location, error.message)] });
    }
  }
  if (errors.length > 0 && !body.skipInvalidRows) {
    const bad = new Set(errors.map(({ index }) => index));
    for (const index of rows.keys()) if (!bad.has(index)) errors.push({ index, errors: [problem('stopped', '', '')] });
    return answer(errors);
  }
  if (good.length > 0) {
    await warehouse.ready([entry]);
    catalog.touch(entry.physical, context.clock.now());
    await warehouse.write((connection) => append(connection, { entry, rows: good, now: context.clock.now() }));
  }
  context.meter('bigquery.insert_bytes', bytes);
  return answer(errors);
}

function problem(reason: string, location: string, message: string): RowError['errors'][number] {
  return { reason, location, debugInfo: '', message };
}

function answer(insertErrors: readonly RowError[]): object {
  return { kind: 'bigquery#tableDataInsertAllResponse', ...(insertErrors.length > 0 ? { insertErrors } : {}) };
}

async function append(
  connection: DuckDBConnection,
  batch: { entry: Entry; rows: readonly { insertId?: string; values: DuckDBValue[] }[]; now: number },
): Promise<void> {
  const { entry, rows, now } = batch;
  const seen = await known(connection, batch);
  const fresh = rows.filter(({ insertId }) => {
    if (insertId === undefined) return true;
    if (seen.has(insertId)) return false;
    seen.add(insertId);
    return true;
  });
  await appendRows(
    connection,
    entry.physical,
    fresh.map(({ values }) => values),
  );
  const appender = await connection.createAppender('insert_ids', 'main', 'w');
  for (const { insertId } of fresh) {
    if (insertId === undefined) continue;
    appender.appendVarchar(entry.physical);
    appender.appendVarchar(insertId);
    appender.appendBigInt(BigInt(Math.floor(now)));
    appender.endRow();
  }
  appender.closeSync();
}

/** The insertIds of the batch that the table has had. Those too old to count are forgotten. */
async function known(
  connection: DuckDBConnection,
  batch: { entry: Entry; rows: readonly { insertId?: string }[]; now: number },
): Promise<Set<string>> {
  const ids = batch.rows.flatMap(({ insertId }) => (insertId === undefined ? [] : [quote(insertId)]));
  if (ids.length === 0) return new Set();
  const limit = Math.floor(batch.now - REMEMBERED_MS);
  await connection.run(`DELETE FROM w.main.insert_ids WHERE inserted_at < ${limit}`);
  const reader = await connection.runAndReadAll(
    `SELECT insert_id FROM w.main.insert_ids WHERE physical = ${quote(batch.entry.physical)} AND insert_id IN (${ids.join(', ')})`,
  );
  return new Set(reader.getRows().map(([id]) => String(id)));
}

/** Appends rows of values in the order of the table's columns, in the connection's transaction. */
export async function appendRows(
  connection: DuckDBConnection,
  physical: string,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const appender = await connection.createAppender(physical, 'main', 'w');
  const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index));
  for (const values of rows) {
    for (const [index, value] of values.entries()) {
      if (value === null) appender.appendNull();
      else appender.appendValue(value, types[index]);
    }
    appender.endRow();
  }
  appender.closeSync();
}
