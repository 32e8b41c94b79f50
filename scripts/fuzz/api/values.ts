import { pick, type Random } from '../../../shared/test-files/testing/random.ts';
import type { Schema } from './operations.ts';

/** Texts that are often taken wrongly. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\n',
  '../../etc/passwd',
  '%00',
  '{{x}}',
  "'; DROP TABLE x; --",
  '<script>alert(1)</script>',
  '__proto__',
  '__name__',
  '__x__',
  'constructor',
  'a.b',
  '`a`',
  '\u202etxt',
  '日本語',
  '😀',
  '\ud800',
  '\udc00x',
  'e\u0301',
  '\uffff',
  'x'.repeat(300),
  'x'.repeat(1600),
  '-1',
  'NaN',
  '1e400',
  '9007199254740993',
  '2026-02-30T25:61:61Z',
];

const words = ['a', 'Log in', 'https://a.example/', 'http://127.0.0.1:9/', 'run.completed', 'ada@example.com', '1'];
const LONGEST = 40;

/** Any JSON. */
export function anyValue(next: Random, depth = 3): unknown {
  const kinds = depth > 0 ? 9 : 7;
  switch (next(kinds)) {
    case 0:
      return null;
    case 1:
      return next(2) === 0;
    case 2:
      return next(1000) - 500;
    case 3:
      return pick([0.1, -0, 1e21, 2 ** 53 + 2, Number.MAX_VALUE, Number.MIN_VALUE], next);
    case 4:
      return pick(oddTexts, next);
    case 5:
      return pick(words, next);
    case 6:
      return new Date(next(2 ** 31) * 1000).toISOString();
    case 7:
      return Array.from({ length: next(4) }, () => anyValue(next, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: next(4) }, () => [pick([...oddTexts, ...words], next), anyValue(next, depth - 1)]),
      );
  }
}

/** A value that fits the schema, as far as its keywords are known here; `ids` are what texts may name. */
export function fitting(schema: Schema, next: Random, ids: readonly string[]): unknown {
  const { anyOf, enum: listed, const: constant, type } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(listed)) return pick(listed, next);
  if (Array.isArray(anyOf)) return fitting(pick(anyOf as Schema[], next), next, ids);
  switch (Array.isArray(type) ? pick(type, next) : type) {
    case 'string':
      return textOf(schema, next, ids);
    case 'integer':
    case 'number':
      return numberOf(schema, next);
    case 'boolean':
      return next(2) === 0;
    case 'null':
      return null;
    case 'array':
      return listOf(schema, next, ids);
    case 'object':
      return objectOf(schema, next, ids);
    default:
      return anyValue(next);
  }
}

const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

function numberOf({ minimum, maximum }: Schema, next: Random): number {
  const least = number(minimum, -1000);
  const most = number(maximum, least + 2000);
  return pick([least, most, least + next(most - least + 1)], next);
}

/** Texts that patterns and formats of the API's schemas ask for. */
const shaped: readonly string[] = [
  ...words,
  'staging',
  '50',
  '200',
  '*',
  'run.*',
  'req-1',
  'report',
  'report.json',
  'report.xml',
  'report.html',
];

function textOf({ pattern, format, minLength, maxLength }: Schema, next: Random, ids: readonly string[]): string {
  if (format === 'uri') return pick(['https://a.example/', 'http://127.0.0.1:9/a?b#c', 'http://localhost/'], next);
  if (typeof pattern === 'string') {
    const matching = shaped.filter((text) => new RegExp(pattern).test(text));
    if (matching.length > 0) return pick(matching, next);
  }
  if (ids.length > 0 && next(2) === 0) return pick(ids, next);
  const text = pick([...words, ...oddTexts], next);
  return text.padEnd(number(minLength, 0), 'x').slice(0, number(maxLength, LONGEST * LONGEST));
}

function listOf({ items, minItems, maxItems }: Schema, next: Random, ids: readonly string[]): unknown[] {
  const least = number(minItems, 0);
  const length = least + next(Math.min(4, number(maxItems, LONGEST) - least + 1));
  return Array.from({ length }, () => fitting((items as Schema | undefined) ?? {}, next, ids));
}

function objectOf(schema: Schema, next: Random, ids: readonly string[]): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  const required = new Set((schema.required ?? []) as readonly string[]);
  const chosen = Object.entries(properties).filter(([name]) => required.has(name) || next(2) === 0);
  if (chosen.length === 0 && schema.minProperties) chosen.push(pick(Object.entries(properties), next));
  const patterns = Object.values((schema.patternProperties ?? {}) as Readonly<Record<string, Schema>>);
  const free = Object.keys(properties).length > 0 ? [] : Array.from({ length: next(4) }, () => pick(patterns, next));
  return Object.fromEntries([
    ...chosen.map(([name, property]) => [name, fitting(property, next, ids)]),
    ...free.map((property, i) => [pick([`NAME_${i}`, `name.${i}`], next), fitting(property ?? {}, next, ids)]),
  ]);
}
