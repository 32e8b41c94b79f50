import { nearest } from '../../schemas/problems.ts';
import { type Entry, isNothing, kindOf, type Located, type Place, plain, textAt } from './located.ts';
import type { Report } from './report.ts';
import { type Shape, written } from './shapes.ts';
import { optionKeys } from './step-options.ts';
import { bestOf, fieldsOf, innerOf, suits, wordOf } from './suit-shape.ts';

/** A field's value, and where it was read. */
export interface FieldValue {
  readonly value: unknown;
  readonly at: Place;
}

export type Fields = Map<string, FieldValue>;

type Takes = Extract<Shape, { shape: 'scalar' }>['takes'];
type Keys = Extract<Shape, { shape: 'keys' }>;

/** Reads a value that fits the shape. Problems go to the report. */
export function readShape(shape: Shape, value: Located, of: string, report: Report): Fields {
  const fields: Fields = new Map();
  readInto(fields, shape, value, of, report);
  return fields;
}

function readInto(fields: Fields, shape: Shape, value: Located, of: string, report: Report): void {
  const set = (field: string, given: unknown, at: Place): void => {
    if (fields.has(field)) report.error('same-field', `'${field}' of '${of}' is given twice`, at, 'Keep one of them.');
    fields.set(field, { value: given, at });
  };
  switch (shape.shape) {
    case 'nothing':
      break;
    case 'words':
      for (const [field, given] of Object.entries(wordOf(shape.words, writtenIn(value)) ?? {}))
        set(field, given, value);
      return;
    case 'parts':
      for (const [field, given] of Object.entries(shape.pattern.exec(writtenIn(value))?.groups ?? {}))
        set(field, Number(given), value);
      return;
    case 'scalar':
      set(shape.field, scalarValue(shape.takes, value), value);
      break;
    case 'pair':
      readPair(fields, shape, value, of, report);
      break;
    case 'keys':
      if (value.kind === 'mapping') for (const entry of value.entries) readKey(fields, shape, entry, of, report);
      break;
  }
  for (const [field, given] of Object.entries(shape.fixed ?? {})) if (!fields.has(field)) set(field, given, value);
}

const writtenIn = (value: Located): string => (value.kind === 'scalar' ? value.written : '');

function scalarValue(takes: Takes, value: Located): unknown {
  const asText = (takes === 'text' || takes === 'target') && value.kind === 'scalar' && value.value !== null;
  if (asText) return typeof value.value === 'string' ? value.value : value.written;
  // Steps and conditions are read by who knows the form and the command.
  if (takes === 'steps' || takes === 'condition') return value;
  if (takes === 'reference' && value.kind === 'scalar') return `{{${value.written.replace(/^\$/, '')}}}`;
  return takes === 'number' && value.kind === 'scalar' ? value.value : plain(value);
}

function readPair(
  fields: Fields,
  shape: Extract<Shape, { shape: 'pair' }>,
  value: Located,
  of: string,
  report: Report,
) {
  if (value.kind !== 'mapping') return;
  const [first, second] = value.entries;
  if (!first) return report.error('missing-value', `'${of}' is empty`, value, `Write {${shape.key.toUpperCase()}: …}.`);
  if (second) {
    const message = `'${of}' does one thing at a time: '${first.key}' and '${second.key}'`;
    return report.error('two-actions', message, second.at, `Write a step of its own for each: - ${of}: {…}`);
  }
  fields.set(shape.key, { value: first.key, at: first.at });
  const nothing = isNothing(first.value);
  if (suits(shape.value, first.value) > 0 || (shape.value.shape === 'scalar' && !nothing))
    return readInto(fields, shape.value, first.value, of, report);
  if (nothing)
    return report.error(
      'missing-value',
      `'${first.key}' of '${of}' has no value`,
      first.at,
      'Write a value after the colon.',
    );
  report.error('wrong-value', `'${first.key}' of '${of}' cannot be read`, first.value);
}

function readKey(fields: Fields, shape: Keys, { key, at, value }: Entry, of: string, report: Report) {
  if (shape.when?.names.includes(key)) return;
  const inner = innerOf(shape, key);
  if (inner.length === 0) {
    const known = [...(shape.when?.names.slice(0, 1) ?? []), ...Object.keys(shape.keys)];
    const near = nearest(key, known);
    const hint = near
      ? `Did you mean '${near}'?`
      : known.length > 0
        ? `Known here: ${known.join(', ')}.`
        : 'Remove it.';
    const beside = optionKeys.includes(key) ? `'${key}' is an option of the step: put it beside '${of}'.` : hint;
    return report.error('unknown-key', `unknown key '${key}' in '${of}'`, at, beside);
  }
  const best = bestOf(inner, value)?.shape;
  if (best) return readInto(fields, best, value, of, report);
  if (isNothing(value))
    return report.error('missing-value', `'${key}' of '${of}' has no value`, at, 'Write a value after the colon.');
  // What no shape takes goes on as it is: the command's contract says what is wrong with it.
  const field = inner.flatMap(fieldsOf)[0];
  if (field === undefined || !inner.some(({ shape }) => shape === 'scalar'))
    return report.error(
      'wrong-value',
      `'${key}' of '${of}' does not take ${kindOf(value)}`,
      value,
      `Write ${key}: ${inner.map(written).join(' | ')}`,
    );
  if (fields.has(field)) report.error('same-field', `'${field}' of '${of}' is given twice`, at, 'Keep one of them.');
  fields.set(field, { value: plain(value), at: value });
}

/** A text that was taken out of a sentence, as a value that can be read by a shape. */
export function loose(given: string, at: Place): Located {
  const quoted = /^(?:'([^']*)'|"([^"]*)")$/.exec(given);
  if (quoted) return textAt(quoted[1] ?? quoted[2] ?? '', at);
  if (given === '') return { ...textAt('', at), value: null };
  if (/^-?\d+(?:\.\d+)?$/.test(given)) return { ...textAt(given, at), value: Number(given) };
  return textAt(given, at);
}
