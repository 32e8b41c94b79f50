import { invalid } from './errors.ts';
import { sizeOf, sizeOfName } from './limits.ts';
import type { Fields, Value } from './values.ts';
import { isVector } from './vectors.ts';

const MOST_ENTRIES = 40_000;
const MOST_BYTES = 8 * 1024 * 1024;
const LONGEST_VALUE = 1500;

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
