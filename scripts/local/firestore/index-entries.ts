import { invalid } from './errors.ts';
import { sizeOf, sizeOfName } from './limits.ts';
import type { Fields, Value } from './values.ts';
import { isVector } from './vectors.ts';

const MOST_ENTRIES = 40_000;
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_VALUE = 1500;

/** The most that a value takes in an index entry: a path of this many bytes, besides the value. */
const LONGEST_PATH = 1500 + 20;
/** The fewest bytes that a value takes in a document that is encoded: two of its own, two before it. */
const SMALLEST_ENCODED = 4;

/**
 * Whether a document of so many encoded bytes is so small that it is within all limits whatever is in it, so that they
 * need not be counted. A value takes at most 16 bytes of storage for each 4 that it takes encoded.
 */
export function isWithinLimits(name: string, encodedBytes: number): boolean {
  const values = encodedBytes / SMALLEST_ENCODED;
  const base = 32 + 2 * (3 * name.length + 20);
  const path = Math.min(encodedBytes, LONGEST_PATH);
  return 2 * values <= MOST_ENTRIES && 2 * (values * (base + path) + 4 * encodedBytes) <= MOST_BYTES;
}

/**
 * Throws INVALID_ARGUMENT when the automatic indexes of the fields have more entries, or larger ones, than a document
 * may have: every value ascending and descending, every element of an array once.
 */
export function checkIndexEntries(name: string, fields: Fields): void {
  const parent = name.split('/').slice(0, -2).join('/');
  const base = 32 + sizeOfName(name) + (parent.endsWith('/documents') ? 0 : sizeOfName(parent));
  let entries = 0;
  let bytes = 0;
  const add = (times: number, path: number, value: Value) => {
    entries += times;
    bytes += times * (base + path + Math.min(sizeOf(value), LONGEST_VALUE));
  };
  const visit = (level: Fields, path: number) => {
    for (const [field, value] of Object.entries(level)) {
      const length = path + Buffer.byteLength(field) + 1;
      if (value.valueType === 'mapValue' && !isVector(value.mapValue.fields)) visit(value.mapValue.fields, length);
      else if (value.valueType === 'arrayValue') for (const element of value.arrayValue.values) add(1, length, element);
      else add(2, length, value);
    }
  };
  visit(fields, 0);
  if (entries > MOST_ENTRIES) {
    throw invalid(
      `The document '${name}' has too many index entries: ${entries}, at most ${MOST_ENTRIES} are allowed.`,
    );
  }
  if (bytes > MOST_BYTES) {
    throw invalid(
      `The index entries of the document '${name}' take ${bytes} bytes, at most ${MOST_BYTES} are allowed.`,
    );
  }
}
