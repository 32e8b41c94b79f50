import assert from 'node:assert/strict';
import { markDifference } from './mark-difference.ts';

const marked = (a: string, b: string): string[] => markDifference(a, b).map(({ text }) => text);

describe('markDifference', () => {
  it('marks what differs between the common beginning and end', () => {
    assert.deepEqual(marked('€ 79.80', '€ 71.80'), ['€ 7<mark>9</mark>.80', '€ 7<mark>1</mark>.80']);
    assert.deepEqual(marked('abc', 'abcd'), ['abc', 'abc<mark>d</mark>']);
  });

  it('marks nothing in texts that share next to nothing, and keeps characters whole', () => {
    assert.deepEqual(marked('apple', 'kiwi'), ['apple', 'kiwi']);
    assert.deepEqual(marked('a👍b', 'a👎b'), ['a<mark>👍</mark>b', 'a<mark>👎</mark>b']);
  });

  it('escapes, and says when a text is empty', () => {
    assert.deepEqual(marked('<b>', ''), ['&lt;b&gt;', '<i>(empty)</i>']);
  });
});
