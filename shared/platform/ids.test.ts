import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createIds, derivedId } from './ids.ts';

describe('ids', () => {
  it('have a prefix and 28 characters that are not mistaken for one another', () => {
    assert.match(createIds(Date.now, randomBytes).next('run'), /^run_[0-9a-hjkmnp-tv-z]{28}$/);
  });

  it('sort by the second in which they were made', () => {
    let now = 0;
    const ids = createIds(() => now, randomBytes);
    const made = [0, 1000, 32_000, 1_772_600_000_000, 1_772_600_001_000, 4_000_000_000_000].map((time) => {
      now = time;
      return ids.next('ses');
    });
    assert.deepEqual([...made].sort(), made);
  });

  it('of one second are spread and never the same', () => {
    const ids = createIds(() => 5000, randomBytes);
    assert.equal(new Set(Array.from({ length: 1000 }, () => ids.next('evt'))).size, 1000);
  });

  it('that are derived follow from their parts alone', () => {
    assert.equal(derivedId('chk', 'ses_1', 2), derivedId('chk', 'ses_1', 2));
    assert.notEqual(derivedId('chk', 'ses_1', 2), derivedId('chk', 'ses_1', 3));
    assert.notEqual(derivedId('chk', 'a', 'bc'), derivedId('chk', 'ab', 'c'));
    assert.match(derivedId('chk', 'x'), /^chk_[0-9a-hjkmnp-tv-z]{26}$/);
  });
});
