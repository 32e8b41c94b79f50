import assert from 'node:assert/strict';
import { AppError } from '../platform/errors.ts';
import { plain, storable } from './storable.ts';

describe('a value that is stored', () => {
  for (const [what, value] of Object.entries({
    'plain values': { a: 1, b: 'x', c: true, d: null, e: [], f: {} },
    'arrays in arrays': { matrix: [[1, 2], [[3], []], 'x'] },
    'arrays in maps in arrays': [{ rows: [[{ cells: [[1]] }]] }],
    'a time': { at: new Date(0) },
    bytes: { bytes: Buffer.from([1, 2]) },
  })) {
    it(`comes back as it was: ${what}`, () => assert.deepEqual(plain(storable(value)), value));
  }

  it('has no array in an array', () => {
    const check = (item: unknown, inArray: boolean): void => {
      assert.ok(!(inArray && Array.isArray(item)));
      if (Array.isArray(item)) for (const element of item) check(element, true);
      else if (item && typeof item === 'object') for (const field of Object.values(item)) check(field, false);
    };
    check(storable({ a: [[1, [2, [3]]], [{ b: [[4]] }]] }), false);
  });

  it('leaves what Firestore has its own types for', () => {
    class Sentinel {}
    const sentinel = new Sentinel();
    assert.equal(storable({ field: sentinel }).field, sentinel);
  });

  it("has timestamps that become Dates, and users' maps of any name", () => {
    assert.deepEqual(plain({ at: { toDate: () => new Date(5) } }), { at: new Date(5) });
    const map = { _array: [1], more: 2 };
    assert.deepEqual(plain(storable(map)), map);
  });

  it('is refused, with its place, when no document can hold it', () => {
    const nested = (levels: number): object => (levels === 1 ? {} : { a: nested(levels - 1) });
    assert.deepEqual(storable(nested(20)), nested(20));
    const lists = (levels: number): unknown[] => (levels === 0 ? [] : [lists(levels - 1)]);
    for (const [value, place] of [
      [nested(21), /20 levels/],
      [{ a: lists(10) }, /20 levels/],
      [nested(5000), /20 levels/],
      [{ a: [{ __x__: 1 }] }, /at \/a\/0\/__x__, the name '__x__' is reserved/],
      [{ 'a/b': { '': 1 } }, /at \/a~1b\/, a name is empty/],
      [{ ['x'.repeat(1000)]: { ['y'.repeat(1000)]: 1 } }, /1500 bytes/],
    ] as const)
      assert.throws(
        () => storable(value),
        (error) => error instanceof AppError && error.code === 'unprocessable' && place.test(error.message),
      );
  });
});
