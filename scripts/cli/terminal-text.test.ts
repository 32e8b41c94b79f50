import assert from 'node:assert/strict';
import { cut, printable } from './terminal-text.ts';

describe('text for a terminal', () => {
  it('is cut to the columns it takes', () => {
    assert.equal(cut('hello', 5), 'hello');
    assert.equal(cut('hello!', 5), 'hell…');
    assert.equal(cut('日本語', 6), '日本語');
    assert.equal(cut('日本語', 5), '日本…');
    assert.equal(cut('日本語', 4), '日…');
    assert.equal(cut('🎉🎉🎉', 5), '🎉🎉…');
    assert.equal(cut('e\u0301e\u0301', 2), 'e\u0301e\u0301');
    assert.equal(cut('', 3), '');
  });

  it('holds no control characters', () => {
    assert.equal(printable('a\u001B[31mb\r\n\tc\u202Ed\u009B'), 'a [31mb   c d ');
  });
});
