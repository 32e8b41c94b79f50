import { AppError } from '../platform/errors.ts';

/** Firestore has no arrays of arrays: an inner one is kept as a map with this one field. */
const INNER_ARRAY = '_array';
/** Firestore's limits: levels of maps and arrays, and bytes of a field's name together with those it lies in. */
const DEEPEST = 20;
const LONGEST_PATH = 1500;
const RESERVED = /^__.*__$/s;

/**
 * A value as Firestore can keep it. `plain` gives it back.
 * @throws AppError unprocessable for what a document cannot hold: values of users may be anything
 */
export function storable<T>(value: T): T {
  const convert = (item: unknown, inArray: boolean, path: readonly string[], depth: number): unknown => {
    const isArray = Array.isArray(item);
    if (!isArray && !isPlainObject(item)) return item;
    const own = depth + (isArray && inArray ? 2 : 1);
    if (own > DEEPEST) throw refused(path, `it lies deeper than ${DEEPEST} levels`);
    if (isArray) {
      const items = item.map((element, i) => convert(element, true, [...path, String(i)], own));
      return inArray ? { [INNER_ARRAY]: items } : items;
    }
    return Object.fromEntries(
      Object.entries(item).map(([name, field]) => {
        const inner = [...path, name];
        checkName(name, inner);
        return [name, convert(field, false, inner, own)];
      }),
    );
  };
  return convert(value, false, [], 0) as T;
}

const isPlainObject = (item: unknown): item is object =>
  item !== null && typeof item === 'object' && Object.getPrototypeOf(item) === Object.prototype;

function checkName(name: string, path: readonly string[]): void {
  if (name === '') throw refused(path, 'a name is empty');
  if (RESERVED.test(name)) throw refused(path, `the name '${name}' is reserved`);
  if (Buffer.byteLength(path.join('.')) > LONGEST_PATH)
    throw refused(path, `names are longer than ${LONGEST_PATH} bytes`);
}

const LONGEST_POINTER = 200;

function refused(path: readonly string[], message: string): AppError {
  const pointer = path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const place = pointer.slice(0, LONGEST_POINTER).toWellFormed();
  return new AppError('unprocessable', `A value cannot be stored: at ${place}, ${message.slice(0, LONGEST_POINTER)}.`, {
    details: [{ pointer: place, message }],
  });
}

/** A stored value as code has it: timestamps are Dates, inner arrays arrays again. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value) || value instanceof Date) return value;
  if ('toDate' in value && typeof value.toDate === 'function') return value.toDate();
  if (INNER_ARRAY in value && Array.isArray(value[INNER_ARRAY]) && Object.keys(value).length === 1) {
    return value[INNER_ARRAY].map(plain);
  }
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
