import assert from 'node:assert/strict';
import { load, violationsOf } from './load.ts';
import { growthOf, isFlat } from './memory.ts';

describe('many clients at once, some of them greedy', () => {
  it('get no error but 429, and no one a greater share than another', async function () {
    this.timeout(240_000);
    const outcome = await load({ clients: 30, seconds: 3, factor: 0.2 });
    assert.deepEqual(violationsOf(outcome), []);
    assert.ok(outcome.greedy.every(({ tally }) => tally.refused > 0));
    assert.ok(outcome.modest.every(({ tally }) => tally.done > 0));
  });

  it('are told apart by what they got', () => {
    const user = (name: string, done: number, refused = 0, wrong: string[] = []) => ({
      ...{ name, apiKey: '', everyMs: 0 },
      tally: { done, refused, wrong },
    });
    const told = violationsOf({
      modest: [user('ada', 50, 1), user('bob', 50)],
      greedy: [user('eve', 210), user('mal', 100, 9, ['500: ouch'])],
      most: 200,
      memory: [],
    });
    assert.equal(told.length, 4);
    for (const [i, words] of [/ouch/, /ada .* refused/, /eve got 210/, /2\.10 times/].entries()) {
      assert.match(told[i] ?? '', words);
    }
  });

  it('take more memory where its last quarter is greater than its second', () => {
    assert.ok(isFlat([10, 50, 100, 100, 100, 100, 105, 104]));
    assert.ok(!isFlat([10, 50, 100, 100, 120, 130, 140, 150]));
    assert.equal(growthOf([1]), 1);
  });
});
