import type { Bigquery } from './bigquery.ts';
import type { Entry } from './catalog.ts';
import { invalidQuery } from './errors.ts';
import { dropExpiredPartitions } from './expiration.ts';
import { type Row, resultField, resultRow } from './results.ts';
import type { Field } from './schema.ts';
import type { Reference } from './sql/compilation.ts';

/** Makes the tables of a statement ready to be read. */
export async function prepare(bigquery: Bigquery, references: readonly Reference[]): Promise<void> {
  const used = new Set(references.map((reference) => reference.source.sql));
  const entries: Entry[] = bigquery.catalog.all().filter((entry) => used.has(`w.main."${entry.physical}"`));
  await bigquery.warehouse.ready(entries);
  await dropExpiredPartitions(bigquery, entries);
}

/** Runs a rewritten query: its columns and rows. @throws HttpError invalidQuery */
export async function select(
  bigquery: Bigquery,
  sql: string,
  references: readonly Reference[],
): Promise<{ fields: Field[]; rows: Row[] }> {
  await prepare(bigquery, references);
  const reader = await bigquery.warehouse.read(sql);
  const types = reader.columnTypes();
  const names = reader.columnNames();
  const fields = names.map((title, index) => {
    const type = types[index];
    if (!type) throw new Error('a result has a type for each column');
    return resultField(title, type);
  });
  const seen = new Set<string>();
  for (const title of names) {
    if (seen.has(title.toLowerCase())) {
      throw invalidQuery(`Duplicate column names in the result are not supported. Found duplicate(s): ${title}`);
    }
    seen.add(title.toLowerCase());
  }
  return { fields, rows: reader.getRows().map((values) => resultRow(fields, values)) };
}

/** The columns of a rewritten query, without running it. */
export async function columnsOf(bigquery: Bigquery, sql: string, references: readonly Reference[]): Promise<Field[]> {
  return (await select(bigquery, `SELECT * FROM (${sql}) LIMIT 0`, references)).fields;
}
