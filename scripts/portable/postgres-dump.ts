import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ExportError } from './parts.ts';

/** A row of a dump. */
export interface DumpRow {
  readonly table: string;
  /** Of the file, from 1. */
  readonly line: number;
  /** Texts as PostgreSQL writes them; null is NULL. */
  readonly values: Readonly<Record<string, string | null>>;
}

const COPY = /^COPY (?:"?(\w+)"?\.)?"?(\w+)"? \(([^)]*)\) FROM stdin;$/;

/**
 * The rows of a plain-text dump of pg_dump, one at a time, in the file's order.
 * @see https://www.postgresql.org/docs/current/sql-copy.html text format
 * @throws ExportError for a dump of another form, one that was cut short, or a row that does not fit its columns
 */
export async function* readDump(file: string): AsyncIterable<DumpRow> {
  let block: { table: string; columns: readonly string[]; from: number } | undefined;
  let line = 0;
  let tables = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line++;
    if (line === 1 && text.startsWith('PGDMP'))
      throw new ExportError(`${file} is a dump in custom form: make it plain with pg_restore --file dump.sql ${file}.`);
    if (!block) {
      if (/^INSERT INTO /i.test(text))
        throw new ExportError(
          `${file}:${line} has INSERT statements: dump without --inserts, so that rows are COPY'd.`,
        );
      const [, , table, columns] = COPY.exec(text) ?? [];
      if (table === undefined || columns === undefined) continue;
      tables++;
      block = { table, columns: columns.split(',').map((name) => name.trim().replaceAll('"', '')), from: line };
      continue;
    }
    if (text === '\\.') {
      block = undefined;
      continue;
    }
    const fields = text.split('\t');
    const { table, columns } = block;
    if (fields.length !== columns.length)
      throw new ExportError(`${file}:${line}: ${table} has ${columns.length} columns, but the row ${fields.length}.`);
    yield { table, line, values: Object.fromEntries(columns.map((name, at) => [name, unescaped(fields[at] ?? '')])) };
  }
  if (block)
    throw new ExportError(
      `${file} ends inside the rows of ${block.table} (from line ${block.from}): it was cut short.`,
    );
  if (tables === 0)
    throw new ExportError(`${file} has no rows as pg_dump writes them: is it a plain-text dump, with data?`);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

function unescaped(field: string): string | null {
  if (field === '\\N') return null;
  return field.replace(/\\(?:x([0-9a-f]{1,2})|([0-7]{1,3})|(.))/gi, (_, hex, octal, letter) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return ESCAPES[letter] ?? letter;
  });
}
