import assert from 'node:assert/strict';
import { decodeFields, FIRESTORE } from './codec.ts';
import { encodeFields } from './encode-fields.ts';
import { array, double, type Fields, integer, NULL, type Value } from './values.ts';

/** As the official client's own descriptor encodes them. */
function reflected(fields: Fields): Buffer {
  return FIRESTORE.GetDocument?.responseSerialize({ fields }) ?? Buffer.alloc(0);
}

const text = (stringValue: string): Value => ({ valueType: 'stringValue', stringValue });
const at = (seconds: string, nanos: number): Value => ({
  valueType: 'timestampValue',
  timestampValue: { seconds, nanos },
});
const map = (fields: Fields): Value => ({ valueType: 'mapValue', mapValue: { fields } });

describe('local firestore: encoded fields', () => {
  const values: Record<string, Value[]> = {
    'nothing and booleans': [
      NULL,
      ...[true, false].map((booleanValue) => ({ valueType: 'booleanValue', booleanValue }) as const),
    ],
    'integers of every length': [0, 1, 127, 128, 16_384, 2 ** 31, 2 ** 53 - 1].map(integer),
    'integers of more than 53 bits and below zero': [2n ** 53n, 2n ** 63n - 1n, -1n, -(2n ** 63n)].map(integer),
    doubles: [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MIN_VALUE].map(double),
    'timestamps before and after 1970': [at('0', 0), at('-62135596800', 1000), at('253402300799', 999_999_000)],
    texts: ['', 'a', 'ä€😀', 'x'.repeat(300), '\u0000'].map(text),
    bytes: [[], [0, 255], Array.from({ length: 200 }, (_, n) => n)].map((bytes) => ({
      valueType: 'bytesValue',
      bytesValue: Buffer.from(bytes),
    })),
    'references and places': [
      { valueType: 'referenceValue', referenceValue: 'projects/p/databases/d/documents/a/b' },
      { valueType: 'geoPointValue', geoPointValue: { latitude: 0, longitude: -179.5 } },
    ],
    'arrays and maps in each other': [array([]), map({}), array([integer(1), map({ a: array([text('x')]), b: NULL })])],
  };
  for (const [what, list] of Object.entries(values)) {
    it(`has ${what} as the official client writes them`, () => {
      for (const [n, value] of list.entries()) {
        const fields = { before: integer(7), [`name ${n} ä`]: value, after: text('end') };
        assert.deepEqual(decodeFields(encodeFields(fields)), decodeFields(reflected(fields)));
        assert.deepEqual(Object.keys(decodeFields(encodeFields(fields))), Object.keys(fields));
      }
    });
  }

  it('grows for a large document, and does not keep one in the next', () => {
    const large = { a: text('ä'.repeat(100_000)), b: array(Array.from({ length: 5000 }, (_, n) => integer(n))) };
    assert.deepEqual(decodeFields(encodeFields(large)), decodeFields(reflected(large)));
    assert.deepEqual(decodeFields(encodeFields({ c: integer(1) })), { c: integer(1) });
    assert.equal(encodeFields({}).length, 0);
  });
});
