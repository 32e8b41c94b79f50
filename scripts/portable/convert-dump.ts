import { randomBytes } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { Timestamp } from '@google-cloud/firestore';
import { createCipher } from '../../shared/platform/cipher.ts';
import { derivedId, type IdPrefix } from '../../shared/platform/ids.ts';
import type { ExportedDocument } from './export.ts';
import { toJson } from './json-values.ts';
import { type MappedField, type Mapping, targets } from './mapping.ts';
import { ExportError, type Part, writeManifest, writePart } from './parts.ts';
import { type DumpRow, readDump } from './postgres-dump.ts';

/** What a dump was made of. */
export interface ConvertedDump {
  /** Documents by collection. */
  readonly documents: Readonly<Record<string, number>>;
  /** Rows of tables that the mapping does not name, by table: they are left out. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Columns that the mapping neither takes nor ignores: `users.phone`. */
  readonly columnsLeftOut: readonly string[];
  /** What is wrong with rows; with one, nothing is written. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 50;
const KEY_BYTES = 32;

/**
 * Makes an export of a dump of PostgreSQL, for `virtuoso import`. All rows are looked at before anything is written.
 * @param folder undefined: nothing is written
 * @throws ExportError for a file that is no such dump, or a folder that holds something
 */
export async function convertDump(file: string, mapping: Mapping, folder: string | undefined): Promise<ConvertedDump> {
  const keys = { 1: randomBytes(KEY_BYTES).toString('base64') };
  const cipher = createCipher(
    { read: async () => ({ value: keys[1], version: '1' }) },
    { randomBytes: (length) => randomBytes(length) },
  );
  const found = new Map<string, ExportedDocument[]>();
  const leftOut: Record<string, number> = {};
  const columnsLeftOut = new Set<string>();
  const problems: string[] = [];
  for await (const row of readDump(file)) {
    const mapped = mapping.filter(({ table }) => table === row.table);
    if (mapped.length === 0) leftOut[row.table] = (leftOut[row.table] ?? 0) + 1;
    for (const name of unused(row, mapped)) columnsLeftOut.add(`${row.table}.${name}`);
    for (const target of mapped) {
      const made = await documentOf(row, target, (plain) => cipher.encrypt(plain));
      const at = `line ${row.line}, ${row.table} → ${target.into}`;
      if (problems.length < MOST_PROBLEMS) problems.push(...made.problems.map((problem) => `${at}: ${problem}`));
      if (made.document) found.set(target.into, [...(found.get(target.into) ?? []), made.document]);
    }
  }
  if (folder !== undefined && problems.length === 0) await write(folder, found, keys);
  const documents = Object.fromEntries([...found].map(([name, all]) => [name, all.length]));
  return { documents, leftOut, columnsLeftOut: [...columnsLeftOut].sort(), problems: problems.slice(0, MOST_PROBLEMS) };
}

function unused({ values }: DumpRow, mapped: readonly Mapping[number][]): string[] {
  const used = new Set(
    mapped.flatMap(({ id, fields, ignore = [] }) => [
      ...[id.column, ...ignore],
      ...Object.values(fields).flatMap(({ column, or }) => [column, or]),
    ]),
  );
  return mapped.length === 0 ? [] : Object.keys(values).filter((name) => !used.has(name));
}

interface Made {
  readonly document?: ExportedDocument;
  readonly problems: readonly string[];
}

async function documentOf(
  { values }: DumpRow,
  { into, id, fields, table }: Mapping[number],
  seal: (plain: string) => Promise<string>,
): Promise<Made> {
  const key = values[id.column];
  if (key === null || key === undefined) return { problems: [`there is no ${id.column}`] };
  const problems: string[] = [];
  const document: Record<string, unknown> = { id: idOf(id.prefix, key) };
  for (const [name, field] of Object.entries(fields)) {
    try {
      const value = await valueFor(values, field, seal);
      if (value !== undefined) document[name] = value;
    } catch (error) {
      problems.push(`${table}.${field.column} is ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) return { problems };
  const wrong = targets[into].problems(document).map(({ pointer, message }) => `${pointer || '/'} ${message}`);
  if (wrong.length > 0) return { problems: wrong };
  return {
    problems: [],
    document: { path: `${into}/${document.id}`, fields: toJson(document) as ExportedDocument['fields'] },
  };
}

/** Ids follow from the keys, so that rows that name each other still do. */
const idOf = (prefix: string, key: string): string => derivedId(prefix as IdPrefix, 'postgresql', key);

async function valueFor(
  values: DumpRow['values'],
  field: MappedField,
  seal: (plain: string) => Promise<string>,
): Promise<unknown> {
  const given = textOf(values, field.column) ?? textOf(values, field.or);
  if (given === undefined) return timeIn(field.else);
  if (field.id !== undefined) return idOf(field.id, given);
  if (field.secret) return [{ sealed: await seal(signingSecret(given)) }];
  if (field.values) return given in field.values ? field.values[given] : field.else;
  const value = readers[field.type ?? 'text'](given);
  return field.not ? !value : value;
}

const textOf = (values: DumpRow['values'], column: string | undefined): string | undefined =>
  column === undefined ? undefined : (values[column] ?? undefined);

/** A secret of Standard Webhooks; other texts are its bytes. */
const signingSecret = (given: string): string =>
  given.startsWith('whsec_') ? given : `whsec_${Buffer.from(given).toString('base64')}`;

function timeIn(value: unknown): unknown {
  const { $timestamp } = (value ?? {}) as { $timestamp?: string };
  return $timestamp === undefined ? value : Timestamp.fromDate(new Date($timestamp));
}

const readers: Readonly<Record<NonNullable<MappedField['type']>, (text: string) => unknown>> = {
  text: (text) => text,
  integer: (text) => numberOf(text, /^-?\d+$/, 'no whole number'),
  number: (text) => numberOf(text, /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i, 'no number'),
  boolean(text) {
    if (text === 't' || text === 'true') return true;
    if (text === 'f' || text === 'false') return false;
    throw new Error(`no boolean: ${text}`);
  },
  time(text) {
    // PostgreSQL writes `2026-01-31 12:00:00.123456+00`; without a zone, times were kept in UTC.
    const [, day, clock, zone = '+00'] =
      /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
    const offset = zone === 'Z' ? 'Z' : zone.length === 3 ? `${zone}:00` : zone;
    const time = Date.parse(`${day}T${clock}${offset}`);
    if (Number.isNaN(time)) throw new Error(`no time: ${text}`);
    return Timestamp.fromMillis(time);
  },
  json(text) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`no JSON: ${text.slice(0, 40)}`);
    }
  },
  list(text) {
    if (text.startsWith('[')) return readers.json(text);
    if (!/^\{.*\}$/s.test(text)) throw new Error(`no array: ${text.slice(0, 40)}`);
    return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/gs)].map(
      ([, quoted, bare]) => quoted?.replace(/\\(.)/gs, '$1') ?? bare,
    );
  },
};

function numberOf(text: string, form: RegExp, otherwise: string): number {
  if (!form.test(text)) throw new Error(`${otherwise}: ${text}`);
  return Number(text);
}

async function write(
  folder: string,
  found: ReadonlyMap<string, readonly ExportedDocument[]>,
  keys: Record<string, string>,
) {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new ExportError(`${folder} is not empty: name another folder.`);
  const parts: Part[] = [];
  for (const [name, documents] of found)
    parts.push(await writePart(folder, { file: `documents/${name}.jsonl`, kind: 'documents', name }, each(documents)));
  await writeManifest(folder, { format: 'virtuoso-export', version: 1, time: new Date().toISOString(), parts, keys });
}

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
