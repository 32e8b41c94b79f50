import { isDeepStrictEqual } from 'node:util';
import type { Shape } from './shapes.ts';
import { fieldsOf } from './suit-shape.ts';

type Fields = Readonly<Record<string, unknown>>;
type Keys = Extract<Shape, { shape: 'keys' }>;

/** A value that may be nothing (`back:`). */
export interface WrittenValue {
  readonly value: unknown;
}

/** The value by which a shape says these fields, all of them and no others; undefined when it cannot. */
export function writeShape(shape: Shape, fields: Fields): WrittenValue | undefined {
  switch (shape.shape) {
    case 'nothing':
      return isDeepStrictEqual({ ...shape.fixed }, fields) ? { value: null } : undefined;
    case 'words': {
      const word = Object.entries(shape.words).find(([, fixed]) => isDeepStrictEqual({ ...fixed }, fields));
      return word && { value: word[0] === 'true' ? true : word[0] };
    }
    case 'parts':
      return writeParts(fields);
    case 'scalar':
      return writeScalar(shape, without(fields, shape.fixed));
    case 'pair': {
      const rest = without(fields, shape.fixed);
      const key = rest?.[shape.key];
      if (!rest || typeof key !== 'string') return undefined;
      const value = writeShape(shape.value, omit(rest, [shape.key]));
      return value && { value: { [key]: value.value } };
    }
    case 'keys':
      return writeKeys(shape, without(fields, shape.fixed));
  }
}

/** The fields that are left when these have been said; undefined when they say something else. */
function without(fields: Fields, fixed: Fields = {}): Fields | undefined {
  const same = Object.entries(fixed).every(([name, value]) => isDeepStrictEqual(fields[name], value));
  return same ? omit(fields, Object.keys(fixed)) : undefined;
}

const omit = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

function writeParts(fields: Fields): WrittenValue | undefined {
  const { width, height, x, y, ...others } = fields;
  const numbers = [width, height, x, y].filter((value) => value !== undefined);
  if (Object.keys(others).length > 0 || numbers.length !== 2 || numbers.some((value) => typeof value !== 'number'))
    return undefined;
  if (width !== undefined && height !== undefined) return { value: `${width}x${height}` };
  return x !== undefined && y !== undefined ? { value: `${x},${y}` } : undefined;
}

function writeScalar(
  { field, takes }: Extract<Shape, { shape: 'scalar' }>,
  fields: Fields | undefined,
): WrittenValue | undefined {
  if (!fields || !(field in fields) || Object.keys(fields).length !== 1) return undefined;
  const value = fields[field];
  if (takes === 'number') return typeof value === 'number' ? { value } : undefined;
  if (takes === 'text') return typeof value === 'string' ? { value } : undefined;
  if (takes !== 'reference') return { value };
  const name = typeof value === 'string' ? /^\{\{(\w+)\}\}$/.exec(value)?.[1] : undefined;
  return name === undefined ? undefined : { value: name };
}

/** Each key says what it can, in the order of the shape, until all is said. */
function writeKeys(shape: Keys, fields: Fields | undefined): WrittenValue | undefined {
  if (!fields) return undefined;
  const [word] = shape.when?.values ?? [];
  const value: Record<string, unknown> = shape.when ? { [shape.when.names[0] ?? '']: word } : {};
  let left = fields;
  for (const [key, shapes] of Object.entries(shape.keys)) {
    for (const inner of [shapes].flat() as Shape[]) {
      const names = fieldsOf(inner).filter((name) => name in left);
      const said = names.length > 0 && writeShape(inner, pick(left, names));
      if (!said) continue;
      value[key] = said.value;
      left = omit(left, names);
      break;
    }
  }
  return Object.keys(left).length === 0 ? { value } : undefined;
}

const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]));
