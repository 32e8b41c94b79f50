import assert from 'node:assert/strict';
import { anchor, safeLink } from './safe-link.ts';

describe('safeLink', () => {
  it('follows http, https and relative addresses', () => {
    for (const href of ['https://a.test/x?y:z', 'HTTP://a.test', '../artifacts/1.webp', 'a/b:c', '#step-1', '?a:b'])
      assert.equal(safeLink(href), href);
  });

  it('refuses what would run something, however it is written', () => {
    for (const href of [
      'javascript:alert(1)',
      ' JavaScript:alert(1)',
      'java\nscript:alert(1)',
      '\u0001javascript:1',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '',
    ])
      assert.equal(safeLink(href), undefined, JSON.stringify(href));
  });
});

describe('anchor', () => {
  it('keeps only what an id may hold', () => {
    assert.equal(anchor('step', 'ses_1"><b>', 2), 'step-ses_1-b--2');
  });
});
