import { type CsvValue, readCsv } from './csv.ts';
import { detectCsv, detectJson } from './detecting.ts';
import { invalid, unimplemented } from './errors.ts';
import { parseJson } from './exact-json.ts';
import type { Field } from './schema.ts';

/** How the files of a load job are written. */
export interface FileFormat {
  readonly sourceFormat?: string;
  readonly skipLeadingRows?: number | string;
  readonly fieldDelimiter?: string;
  readonly quote?: string;
  readonly nullMarker?: string;
  readonly allowQuotedNewlines?: boolean;
  readonly allowJaggedRows?: boolean;
  readonly ignoreUnknownValues?: boolean;
}

/** Reads one record. @throws SyntaxError when it is malformed */
export type ReadRecord = () => Record<string, unknown>;

/** The records of files, and their columns when these were found out. */
export interface Records {
  readonly records: readonly ReadRecord[];
  readonly detected?: readonly Field[];
}

/**
 * Reads newline-delimited JSON or CSV.
 * @param fields the columns of CSV; undefined to find out which there are.
 * @throws HttpError invalid for files that cannot be read, notImplemented for other formats.
 */
export function readRecords(files: readonly string[], format: FileFormat, fields?: readonly Field[]): Records {
  const kind = format.sourceFormat ?? 'CSV';
  if (kind === 'NEWLINE_DELIMITED_JSON') return readJson(files, fields);
  if (kind !== 'CSV') throw unimplemented(`a load of ${kind}`);
  const { fieldDelimiter = ',', quote = '"', allowQuotedNewlines = false } = format;
  const delimiter = fieldDelimiter === '\\t' || fieldDelimiter === 'tab' ? '\t' : fieldDelimiter;
  const lines = files.map((file) => readCsv(file, { delimiter, quote, newlines: allowQuotedNewlines === true }));
  const skip = format.skipLeadingRows === undefined ? undefined : Number(format.skipLeadingRows);
  const detected = fields ? undefined : detectCsv(lines.flat(), skip);
  const rows = lines.flatMap((each) => each.slice(detected?.header ?? skip ?? 0));
  const columns = fields ?? detected?.fields ?? [];
  const records = rows.map((line) => () => csvRecord(line, columns, format));
  return { records, ...(detected ? { detected: detected.fields } : {}) };
}

function readJson(files: readonly string[], fields: readonly Field[] | undefined): Records {
  const lines = files.flatMap((file) => file.split('\n').filter((line) => line.trim() !== ''));
  const records = lines.map((line) => () => jsonRecord(line));
  if (fields) return { records };
  try {
    return { records, detected: detectJson(records.map((read) => read())) };
  } catch (error) {
    throw error instanceof SyntaxError ? invalid(`Error while reading data: ${error.message}`) : error;
  }
}

function jsonRecord(line: string): Record<string, unknown> {
  const record = parseJson(line);
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    throw new SyntaxError('A line of JSON must be an object');
  return record as Record<string, unknown>;
}

function csvRecord(line: readonly CsvValue[], fields: readonly Field[], format: FileFormat): Record<string, unknown> {
  const { nullMarker = '' } = format;
  if (line.length > fields.length && !format.ignoreUnknownValues) throw new SyntaxError('Too many values in row');
  if (line.length < fields.length && !format.allowJaggedRows)
    throw new SyntaxError('CSV table references column position beyond its values');
  return Object.fromEntries(
    fields.map((field, index) => {
      const value = line[index];
      const isNull =
        !value || (!value.quoted && value.text === nullMarker && !(field.type === 'STRING' && nullMarker === ''));
      return [field.name, isNull ? null : csvText(value.text, field)];
    }),
  );
}

const TRUE = /^(?:1|t|true|y|yes)$/i;
const FALSE = /^(?:0|f|false|n|no)$/i;

/** A value of CSV as JSON has it: BOOLs are spelled in more ways. */
function csvText(text: string, { type }: Field): string {
  if (type !== 'BOOLEAN') return text;
  if (TRUE.test(text)) return 'true';
  return FALSE.test(text) ? 'false' : text;
}
