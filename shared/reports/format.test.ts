import assert from 'node:assert/strict';
import { formatDuration, formatTime, formatValue, plural, shorten } from './format.ts';

describe('formats of reports', () => {
  it('says durations in the unit that fits', () => {
    const said = [0, 999, 1000, 3240, 59_960, 125_000, 120_000, 3_840_000].map(formatDuration);
    assert.deepEqual(said, ['0 ms', '999 ms', '1.0 s', '3.2 s', '1 min', '2 min 5 s', '2 min', '1 h 4 min']);
  });

  it('says times in UTC, and leaves what is no time as it is', () => {
    assert.equal(formatTime('2026-03-04T10:05:10.123+01:00'), '2026-03-04 09:05:10 UTC');
    assert.equal(formatTime('soon'), 'soon');
  });

  it('says values as text or JSON', () => {
    assert.deepEqual(['a', 1, true, null, undefined].map(formatValue), ['a', '1', 'true', 'null', '']);
    assert.equal(formatValue({ a: [1] }), '{\n  "a": [\n    1\n  ]\n}');
  });

  it('counts and shortens', () => {
    assert.deepEqual(
      [plural(1, 'step'), plural(2, 'step'), plural(1200, 'step')],
      ['1 step', '2 steps', '1,200 steps'],
    );
    assert.equal(shorten('abcdef', 4), 'abc…');
    assert.equal(shorten('abcd', 4), 'abcd');
  });
});
