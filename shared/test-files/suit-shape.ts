import { target } from '../commands/fields.ts';
import { isNothing, type Located, type Mapping } from './located.ts';
import type { Shape } from './shapes.ts';

type Keys = Extract<Shape, { shape: 'keys' }>;

/** The names of a target's strategies: a mapping of these alone is a target. */
const strategies = Object.keys((target as { properties?: object }).properties ?? {});

/** How well a value fits a shape: 0 is not at all, more is better. */
export function suits(shape: Shape, value: Located): number {
  const scalar = value.kind === 'scalar' && value.value !== null ? value : undefined;
  switch (shape.shape) {
    case 'nothing':
      return isNothing(value) ? 5 : 0;
    case 'words':
      return scalar && wordOf(shape.words, scalar.written) !== undefined ? 5 : 0;
    case 'parts':
      return scalar && shape.pattern.test(scalar.written) ? 4 : 0;
    case 'scalar':
      if (shape.takes === 'number') return typeof scalar?.value === 'number' ? 3 : 0;
      if (shape.takes === 'steps') return value.kind === 'list' ? 3 : 0;
      if (shape.takes === 'condition') return value.kind === 'mapping' ? 3 : 0;
      if (scalar || shape.takes === 'anything') return 1;
      return shape.takes === 'target' && isStrategy(value) ? 3 : 0;
    case 'pair':
      return value.kind === 'mapping' ? 0.5 + suitsFirst(shape.value, value) / 10 : 0;
    case 'keys':
      return value.kind === 'mapping' ? suitsKeys(shape, value) : 0;
  }
}

function suitsFirst(shape: Shape, { entries: [first] }: Mapping): number {
  return first ? suits(shape, first.value) : 0;
}

function isStrategy(value: Located): boolean {
  return (
    value.kind === 'mapping' && value.entries.length > 0 && value.entries.every(({ key }) => strategies.includes(key))
  );
}

/** A mapping whose discriminator says otherwise does not fit; one without what the shape needs fits badly. */
function suitsKeys(shape: Keys, value: Mapping): number {
  if (shape.when && !chosen(shape.when, value)) return 0;
  const fields = new Set(value.entries.flatMap(({ key }) => innerOf(shape, key).flatMap(fieldsOf)));
  const known = value.entries.filter(({ key }) => Object.hasOwn(shape.keys, key)).length;
  const closeness = value.entries.reduce(
    (sum, { key, value }) => sum + (bestOf(innerOf(shape, key), value)?.score ?? 0),
    0,
  );
  const missing = shape.needs.filter((field) => !fields.has(field)).length;
  if (known === 0 && !shape.when) return missing > 0 || value.entries.length > 0 ? 0.1 : 0.2;
  return 2 + known / Math.max(1, value.entries.length) - (missing > 0 ? 1.5 : 0) + closeness / 1000;
}

function chosen(when: NonNullable<Keys['when']>, value: Mapping): boolean {
  const given = value.entries.find(({ key }) => when.names.includes(key))?.value;
  return given?.kind === 'scalar' && when.values.includes(fold(given.written));
}

/** The shapes that the value of a key may have. */
export const innerOf = (shape: Keys, key: string): readonly Shape[] =>
  Object.hasOwn(shape.keys, key) ? [shape.keys[key] ?? []].flat() : [];

/** The shape that a value suits best, when it suits any. */
export function bestOf(shapes: readonly Shape[], value: Located): { shape: Shape; score: number } | undefined {
  const scored = shapes.map((shape) => ({ shape, score: suits(shape, value) })).filter(({ score }) => score > 0);
  return scored.sort((a, b) => b.score - a.score)[0];
}

/** Words of a discriminator are read without regard to case and to how they are joined: `elementText`, `element_text`. */
export function fold(word: string): string {
  return word
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase();
}

/** The fields that a shape sets. */
export function fieldsOf(shape: Shape | undefined): string[] {
  switch (shape?.shape) {
    case undefined:
      return [];
    case 'nothing':
      return Object.keys(shape.fixed ?? {});
    case 'scalar':
      return [shape.field, ...Object.keys(shape.fixed ?? {})];
    case 'words':
      return [...new Set(Object.values(shape.words).flatMap((fixed) => Object.keys(fixed)))];
    case 'parts':
      return [...shape.pattern.source.matchAll(/\?<(\w+)>/g)].map((group) => group[1] ?? '');
    case 'pair':
      return [shape.key, ...fieldsOf(shape.value), ...Object.keys(shape.fixed ?? {})];
    case 'keys':
      return [...Object.values(shape.keys).flat().flatMap(fieldsOf), ...Object.keys(shape.fixed ?? {})];
  }
}

/** The fields of the word that a value is, when it is one of them. */
export function wordOf(words: Readonly<Record<string, Readonly<Record<string, unknown>>>>, given: string) {
  const word = fold(given);
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
