import { deepEqual, throws } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readHint } from './hint-reading.ts';
import { parseTarget } from './parse-target.ts';
import type { Target } from './target.ts';

describe('targets', () => {
  const cases: readonly (readonly [Target, object])[] = [
    ['css=a b', { by: 'css', value: 'a b' }],
    ['xpath=//a', { by: 'xpath', value: '//a' }],
    ['//a[1]', { by: 'xpath', value: '//a[1]' }],
    ['(//a)[1]', { by: 'xpath', value: '(//a)[1]' }],
    ['@save', { by: 'test-id', value: 'save' }],
    ['/^Log/i', { by: 'pattern', value: '^Log', flags: 'i' }],
    ['~part of it', { by: 'text', value: 'part of it' }],
    ['#id', { by: 'hint', value: '#id', css: 'first' }],
    ['.class', { by: 'hint', value: '.class', css: 'first' }],
    ['[name=a]', { by: 'hint', value: '[name=a]', css: 'first' }],
    ['button.primary', { by: 'hint', value: 'button.primary', css: 'first' }],
    ['ul > li', { by: 'hint', value: 'ul > li', css: 'first' }],
    ['h1', { by: 'hint', value: 'h1', css: 'last' }],
    ['Log in', { by: 'hint', value: 'Log in' }],
    [
      { role: 'button', name: 'Save', nth: 1 },
      { by: 'role', value: 'button', name: 'Save', nth: 1 },
    ],
    [{ testId: 'x' }, { by: 'test-id', value: 'x' }],
    [
      { label: 'Email', exact: true },
      { by: 'label', value: 'Email', exact: true },
    ],
  ];
  for (const [target, query] of cases) {
    it(`reads ${JSON.stringify(target)}`, () => deepEqual(parseTarget(target), query));
  }

  it('refuses what names no strategy or two, and a pattern that is none', () => {
    throws(() => parseTarget({ exact: true }), /exactly one strategy/);
    throws(() => parseTarget({ css: 'a', text: 'b' }), /exactly one strategy/);
    throws(() => parseTarget({ css: 'a', name: 'b' }), /role only/);
    throws(() => parseTarget('/(/'), /not a regular expression/);
    throws(() => parseTarget('  '), /empty/);
  });
});

describe('hints', () => {
  it('are read as they stand, then without the words for kind and place', () => {
    deepEqual(readHint('Log in'), [{ words: 'Log in' }]);
    deepEqual(readHint('Log in button'), [{ words: 'Log in button' }, { words: 'Log in', roles: ['button'] }]);
    deepEqual(readHint('Log in button in the header').at(1), {
      words: 'Log in',
      roles: ['button'],
      within: 'header, [role=banner]',
    });
    deepEqual(readHint('Delete in the Ada row').at(1), {
      words: 'Delete',
      within: 'tr, [role=row], li',
      withinWords: 'Ada',
    });
  });

  it('keep words that only look like a place', () => {
    deepEqual(readHint('Sign in'), [{ words: 'Sign in' }]);
    deepEqual(readHint('All in one'), [{ words: 'All in one' }]);
  });
});
