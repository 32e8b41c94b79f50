import { invalid } from './errors.ts';
import type { Fields, Value } from './values.ts';
import { isVector } from './vectors.ts';

/** A path to a field: `a.b` is ['a', 'b']. */
export type FieldPath = readonly string[];

export const NAME_FIELD = '__name__';
const SIMPLE = /^[a-zA-Z_][a-zA-Z_0-9]*$/;

/** Reads `a.b`, or with quotes a.`b.c`. Throws INVALID_ARGUMENT. */
export function parseFieldPath(text: string): FieldPath {
  const segments: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = text[at] === '`';
    const end = quoted ? closingQuote(text, at) : endOfSimple(text, at);
    const segment = quoted ? text.slice(at + 1, end).replace(/\\(.)/gs, '$1') : text.slice(at, end);
    if (segment === '' || (!quoted && !SIMPLE.test(segment))) throw invalid(`Property path "${text}" is invalid.`);
    segments.push(segment);
    at = quoted ? end + 1 : end;
    if (at === text.length) return segments;
    if (text[at] !== '.') throw invalid(`Property path "${text}" is invalid at character ${at}.`);
    at += 1;
  }
}

function endOfSimple(text: string, at: number): number {
  const dot = text.indexOf('.', at);
  return dot < 0 ? text.length : dot;
}

function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\') i += 1;
    else if (text[i] === '`') return i;
  }
  throw invalid(`Property path "${text}" has a quote that is not closed.`);
}

/** The path as text, quoted where needed. */
export function formatFieldPath(path: FieldPath): string {
  return path.map((s) => (SIMPLE.test(s) ? s : `\`${s.replace(/[\\`]/g, '\\$&')}\``)).join('.');
}

export function isName(path: FieldPath): boolean {
  return path.length === 1 && path[0] === NAME_FIELD;
}

/** The value at a path, or undefined. */
export function getField(fields: Fields, path: FieldPath): Value | undefined {
  let level: Fields | undefined = fields;
  let value: Value | undefined;
  for (const segment of path) {
    value = level && Object.hasOwn(level, segment) ? level[segment] : undefined;
    level = mapOf(value);
  }
  return value;
}

/** Fields with the value at `path` replaced (maps on the way are made), or taken out when it is undefined. */
export function withField(fields: Fields, path: FieldPath, value: Value | undefined): Fields {
  const [first, ...rest] = path;
  if (first === undefined) return fields;
  if (rest.length === 0) {
    if (value !== undefined) return { ...fields, [first]: value };
    const { [first]: _removed, ...others } = fields;
    return others;
  }
  const level = Object.hasOwn(fields, first) ? mapOf(fields[first]) : undefined;
  if (!level && value === undefined) return fields;
  return { ...fields, [first]: { valueType: 'mapValue', mapValue: { fields: withField(level ?? {}, rest, value) } } };
}

/** The fields of a map. A vector, which is a map on the wire, has none. */
function mapOf(value: Value | undefined): Fields | undefined {
  return value?.valueType === 'mapValue' && !isVector(value.mapValue.fields) ? value.mapValue.fields : undefined;
}

/** Only the fields at the paths. */
export function project(fields: Fields, paths: readonly FieldPath[]): Fields {
  let result: Fields = {};
  for (const path of paths) {
    if (isName(path)) continue;
    const value = getField(fields, path);
    if (value !== undefined) result = withField(result, path, value);
  }
  return result;
}

/** Paths (as text) of the fields in which two documents differ: as deep as both sides are maps. */
export function changedPaths(before: Fields, after: Fields, same: (a: Value, b: Value) => boolean): string[] {
  const paths: string[] = [];
  const visit = (a: Fields, b: Fields, prefix: FieldPath) => {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const x = a[name];
      const y = b[name];
      if (x !== undefined && y !== undefined && same(x, y)) continue;
      const path = [...prefix, name];
      const [within, other] = [mapOf(x), mapOf(y)];
      if (within && other) visit(within, other, path);
      else paths.push(formatFieldPath(path));
    }
  };
  visit(before, after, []);
  return paths;
}
