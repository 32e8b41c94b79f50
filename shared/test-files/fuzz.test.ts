import assert from 'node:assert/strict';
import { judge, mutant } from './testing/mutate.ts';
import { random } from './testing/random.ts';

/** Files that were read wrongly once. */
const finds: readonly string[] = [
  'name: x\ncheckpoints: [5, {name: a, steps: [{command: navigate.back}]}]\n',
  'name: x\ncheckpoints: [{name: a}, {name: b, steps: [{command: navigate.back}]}]\n',
];

describe('the reader', () => {
  it('never throws: every file becomes a test or an error with a place in the file', () => {
    const next = random(20_261_125);
    for (let round = 0; round < 3000; round++) {
      const source = mutant(next);
      assert.equal(judge(source), undefined, JSON.stringify(typeof source === 'string' ? source : [...source]));
    }
  }).timeout(120_000);

  for (const [number, source] of finds.entries())
    it(`reads what it read wrongly once: ${number + 1}`, () => assert.equal(judge(source), undefined));
});
