import assert from 'node:assert/strict';
import { inParallel } from './in-parallel.ts';

describe('work in parallel', () => {
  it('gives the results in the order of the items', async () => {
    const results = await inParallel(2, [30, 1, 10], async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return ms;
    });
    assert.deepEqual(results, [30, 1, 10]);
  });

  it('fails with the first error, and begins nothing after it', async () => {
    const begun: number[] = [];
    const work = inParallel(1, [1, 2, 3], async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('no');
    });
    await assert.rejects(work, /no/);
    assert.deepEqual(begun, [1, 2]);
  });

  it('of nothing is done at once', async () => {
    assert.deepEqual(await inParallel(4, [], async () => assert.fail()), []);
  });
});
