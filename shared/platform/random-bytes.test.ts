import assert from 'node:assert/strict';
import { createRandomBytes } from './random-bytes.ts';

describe('random bytes', () => {
  it('are drawn ahead, and given in order and once', () => {
    const asked: number[] = [];
    let next = 0;
    const random = createRandomBytes((count) => {
      asked.push(count);
      return Uint8Array.from({ length: count }, () => next++);
    });
    const given = Array.from({ length: 1000 }, () => [...random(13)]);
    assert.deepEqual([...new Set(given.map((bytes) => bytes.length))], [13]);
    assert.deepEqual(asked, [4096, 4096, 4096, 4096]);
    assert.deepEqual(given[0], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    // What is left of a draw that is too little is not given.
    assert.deepEqual([given[314]?.at(-1), given[315]?.[0]], [(315 * 13 - 1) % 256, 0]);
  });

  it('of which there are to be very many are drawn by themselves', () => {
    assert.equal(createRandomBytes()(10_000).length, 10_000);
  });

  it('are not changed by what is given later', () => {
    const random = createRandomBytes();
    const first = random(16);
    const text = Buffer.from(first).toString('hex');
    for (let n = 0; n < 1000; n++) random(16);
    assert.equal(Buffer.from(first).toString('hex'), text);
  });
});
