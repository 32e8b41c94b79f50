import { MOST_ROWS, parseCsv } from './csv.ts';
import { type Entry, entryOf, kindOf, type List, type Located, type Mapping, plain } from './located.ts';
import type { Report } from './report.ts';
import { type Files, takeInText } from './take-in.ts';

type Row = Record<string, unknown>;

const written = 'Write a list of rows, {columns: […], rows: […]}, or {csv: |} with lines, or {csv: FILE}.';

/** Reads `data`: a list of rows, a table of columns and rows, or CSV with a header line, here or in a file of its own. */
export function readData(entry: Entry, files: Files, report: Report): Row[] {
  const rows = readAny(entry, files, report);
  if (rows.length <= MOST_ROWS) return rows;
  report.error('too-many-rows', `there are more than ${MOST_ROWS} rows`, entry.at, 'Split the test into several.');
  return [];
}

function readAny({ value, at }: Entry, files: Files, report: Report): Row[] {
  if (value.kind === 'list') return readRows(value, report);
  if (value.kind === 'scalar' && typeof value.value === 'string') return readCsv(value.value, value, files, report);
  if (value.kind === 'mapping' && entryOf(value, 'csv')) return readCsvEntry(value, files, report);
  if (value.kind === 'mapping' && (entryOf(value, 'columns') || entryOf(value, 'rows')))
    return readTable(value, report);
  report.error(
    'wrong-value',
    `'data' does not take ${kindOf(value)} like this`,
    value.kind === 'scalar' ? at : value,
    written,
  );
  return [];
}

function readRows(list: List, report: Report): Row[] {
  return list.items.flatMap((item) => {
    if (item.kind === 'mapping') return [plain(item) as Row];
    report.error(
      'wrong-value',
      `a row is a mapping of columns to values, not ${kindOf(item)}`,
      item,
      'Write {column: value}.',
    );
    return [];
  });
}

function readTable(table: Mapping, report: Report): Row[] {
  onlyKeys(table, ['columns', 'rows'], report);
  const columns = entryOf(table, 'columns')?.value;
  const rows = entryOf(table, 'rows')?.value;
  if (columns?.kind !== 'list' || rows?.kind !== 'list') {
    const missing = columns?.kind === 'list' ? 'rows' : 'columns';
    report.error('missing-key', `a table needs a list of '${missing}'`, entryOf(table, missing)?.at ?? table, written);
    return [];
  }
  const names = columns.items.map((column) => (column.kind === 'scalar' ? column.written : ''));
  const seen = new Set(['']);
  const twice = columns.items.find((_, at) => seen.size === seen.add(names[at] ?? '').size);
  if (twice) report.error('wrong-value', 'a column needs a name of its own', twice, 'Give each column another name.');
  return rows.items.flatMap((row) => readTableRow(row, names, report));
}

function readTableRow(row: Located, names: readonly string[], report: Report): Row[] {
  if (row.kind === 'list' && row.items.length === names.length)
    return [Object.fromEntries(names.map((name, at) => [name, plain(row.items[at] as Located)]))];
  const found = row.kind === 'list' ? `${row.items.length} values` : kindOf(row);
  report.error(
    'wrong-value',
    `the row has ${found} for ${names.length} columns`,
    row,
    'Write a list with one value a column.',
  );
  return [];
}

function readCsvEntry(mapping: Mapping, files: Files, report: Report): Row[] {
  onlyKeys(mapping, ['csv'], report);
  const value = entryOf(mapping, 'csv')?.value;
  if (value?.kind === 'scalar' && typeof value.value === 'string') return readCsv(value.value, value, files, report);
  report.error('wrong-value', "'csv' takes text with a header line and rows, or a file", value ?? mapping, written);
  return [];
}

/** One line that ends like a file's name is one. */
const FILE = /^[^\r\n]*\.\w+$/;

function readCsv(given: string, at: Located, files: Files, report: Report): Row[] {
  const path = FILE.test(given.trim()) ? given.trim() : undefined;
  if (path !== undefined) {
    const text = takeInText(path, at, files, report);
    return text === undefined ? [] : parseRows(text, path, at, report);
  }
  if (/[\r\n]/.test(given.trim())) return parseRows(given, 'the CSV', at, report);
  report.error('wrong-value', 'CSV needs a header line and rows', at, written);
  return [];
}

function parseRows(text: string, where: string, at: Located, report: Report): Row[] {
  const parsed = parseCsv(text);
  if ('rows' in parsed) return parsed.rows;
  const { message, line } = parsed.problem;
  const hint = 'Quote values that hold commas or quotation marks, and double the marks inside.';
  report.error('csv-syntax', `${message} (line ${line} of ${where})`, at, hint);
  return [];
}

function onlyKeys(mapping: Mapping, known: readonly string[], report: Report): void {
  for (const { key, at } of mapping.entries)
    if (!known.includes(key))
      report.error('unknown-key', `unknown key '${key}' in 'data'`, at, `Known here: ${known.join(', ')}.`);
}
