import assert from 'node:assert/strict';
import { fuzz } from './fuzz.ts';
import { readOptions, UsageError } from './options.ts';

describe('npm run fuzz', () => {
  it('reads spoilt files, tells how far it is, and finds nothing', () => {
    assert.deepEqual(
      fuzz({ count: 50, seed: 1 }, () => assert.fail('it tells of each ten thousand only')),
      [],
    );
  });

  it('takes its options from the command line', () => {
    assert.deepEqual(readOptions(['--count', '5', '--seed', '7']), { count: 5, seed: 7 });
    assert.equal(readOptions([])?.count, 10_000);
    assert.equal(readOptions(['--help']), undefined);
    for (const wrong of [
      ['--count', '0'],
      ['--seed', 'x'],
      ['--cuont', '5'],
    ])
      assert.throws(() => readOptions(wrong), UsageError);
  });
});
