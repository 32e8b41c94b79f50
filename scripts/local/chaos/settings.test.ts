import assert from 'node:assert/strict';
import { CHAOS_EXAMPLE, calm, readChaos } from './settings.ts';

describe('the chaos switch', () => {
  it('reads every fault', () => {
    assert.deepEqual(readChaos(CHAOS_EXAMPLE), {
      ...{ duplicate: 0.2, reorder: 0.2, delay: [50, 500], dropAck: 0.1, killInstance: 0.05, unavailable: 0.05 },
      seed: 42,
    });
  });

  it('leaves out what is not named', () => {
    assert.deepEqual(readChaos('duplicate=.5'), { ...calm, duplicate: 0.5 });
    assert.deepEqual(readChaos(' delay = 20 , seed=7'), { ...calm, delay: [20, 20], seed: 7 });
  });

  const refusals: Readonly<Record<string, RegExp>> = {
    'duplicates=1': /^'duplicates' is no fault that can be made; there are duplicate, reorder, delay, drop-ack/,
    '': /^'' is no fault/,
    'constructor=1': /^'constructor' is no fault/,
    duplicate: /^'duplicate' needs a value/,
    'reorder=': /^'reorder' needs a value/,
    'duplicate=2': /^'duplicate=2' must be a share of all, from 0 to 1, like duplicate=0.1/,
    'drop-ack=-1': /^'drop-ack=-1' must be a share/,
    'unavailable=5%': /^'unavailable=5%' must be a share/,
    'delay=fast': /^'delay=fast' must be milliseconds up to 60000, or a range/,
    'delay=9..1': /^'delay=9..1' must be milliseconds/,
    'delay=60001': /^'delay=60001' must be milliseconds/,
    'seed=x': /^'seed=x' must be a whole number/,
    'seed=1,seed=2': /^'seed' is given twice/,
  };
  for (const [text, message] of Object.entries(refusals)) {
    it(`refuses '${text}' in a sentence`, () => {
      assert.throws(() => readChaos(text), { message });
    });
  }
});
