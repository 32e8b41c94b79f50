import type { Operator } from '../../schemas/condition.ts';
import { StepError } from '../engine/step-error.ts';
import { boundedPattern, type Pattern } from './bounded-pattern.ts';

/** Compares two values: as text, or as numbers for `gt`, `gte`, `lt` and `lte`. @throws StepError invalid-value. */
export function compare(actual: unknown, operator: Operator, expected: unknown): boolean {
  switch (operator) {
    case 'equals':
      return asText(actual) === asText(expected);
    case 'not-equals':
      return asText(actual) !== asText(expected);
    case 'contains':
      return contains(actual, expected);
    case 'not-contains':
      return !contains(actual, expected);
    case 'matches':
      return asPattern(asText(expected)).test(asText(actual));
    case 'gt':
      return asNumber(actual) > asNumber(expected);
    case 'gte':
      return asNumber(actual) >= asNumber(expected);
    case 'lt':
      return asNumber(actual) < asNumber(expected);
    case 'lte':
      return asNumber(actual) <= asNumber(expected);
  }
}

function contains(whole: unknown, part: unknown): boolean {
  if (Array.isArray(whole)) return whole.some((item) => asText(item) === asText(part));
  return asText(whole).includes(asText(part));
}

/** A value as people write it; objects and lists as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Reads `/source/flags` or a bare source. @throws StepError invalid-value. */
export function asPattern(given: string): Pattern {
  const slashed = /^\/(.+)\/([dimsuvy]*)$/s.exec(given);
  try {
    return boundedPattern(slashed ? new RegExp(slashed[1] ?? '', slashed[2]) : new RegExp(given));
  } catch (error) {
    throw new StepError('invalid-value', `'${given}' is not a regular expression: ${(error as Error).message}`, {
      hint: 'Escape special characters with a backslash.',
    });
  }
}

/**
 * Reads the one number of a text: currency signs, words and thousands separators around it are allowed, and both
 * `1,234.50` and `1.234,50` are understood.
 * @throws StepError invalid-value when there is none or more than one.
 */
export function asNumber(given: unknown): number {
  if (typeof given === 'number') return given;
  const found = asText(given).match(NUMBER) ?? [];
  const only = found[0];
  const value = only === undefined || found.length > 1 ? undefined : parseSeparated(only);
  if (value !== undefined) return value;
  throw new StepError(
    'invalid-value',
    `'${asText(given)}' ${found.length > 1 ? 'holds more than one number' : 'is not a number'}`,
    { hint: 'Point the target at the element that holds only the number.' },
  );
}

/** A dash after a letter or a digit is no sign, and a space or an apostrophe groups where three digits follow. */
const NUMBER = /(?:(?<![\p{L}\d])[-−+])?\s?\p{Sc}?\s?(?:(?<!\.)\.\d+|\d+(?:[.,]\d+|['’\s]\d{3}(?!\d))*)/gu;

/** Undefined for what only looks like a number: a date, a version, an address. */
function parseSeparated(found: string): number | undefined {
  const negative = /^[-−]/.test(found);
  const digits = found.replace(/[^\d.,]/g, '');
  const decimal = decimalSeparator(digits);
  const at = decimal ? digits.lastIndexOf(decimal) : digits.length;
  const whole = digits.slice(0, at);
  if (!GROUPED.test(whole)) return undefined;
  return Number(`${whole.replace(/[.,]/g, '')}.${digits.slice(at + 1)}`) * (negative ? -1 : 1);
}

/** All by one separator, in threes; in India, only the last are three. */
const GROUPED = /^\d*$|^\d{1,3}([.,])\d{2,3}(?:\1\d{2,3})*(?<=\d{3})$/;

/** The last separator is the decimal one, unless it groups: repeated, or a lone comma before exactly three digits. */
function decimalSeparator(digits: string): string | undefined {
  const last = digits.match(/[.,](?=\d*$)/)?.[0];
  if (!last) return undefined;
  const repeated = digits.indexOf(last) !== digits.lastIndexOf(last);
  const other = last === ',' ? '.' : ',';
  const lone = !digits.includes(other);
  if (repeated || (lone && last === ',' && /^\d{1,3},\d{3}$/.test(digits))) return undefined;
  return last;
}
