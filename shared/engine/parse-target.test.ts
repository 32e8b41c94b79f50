import { deepEqual, throws } from 'node:assert/strict';
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
  const readings = (hint: string) => readHint(hint).slice(1);

  it('are read as they stand, then without the words for kind and place', () => {
    deepEqual(readHint('Log in'), [{ words: 'Log in', places: [] }]);
    deepEqual(readings('Log in button'), [{ words: 'Log in', roles: ['button'], places: [] }]);
    deepEqual(readings('button Log in'), [{ words: 'Log in', roles: ['button'], places: [] }]);
    deepEqual(readings('Log in button in the footer').at(-1), {
      words: 'Log in',
      roles: ['button'],
      places: [{ selector: 'footer, [role=contentinfo]' }],
    });
    deepEqual(readings('Total text'), [{ words: 'Total', places: [] }]);
    const row = { selector: 'tr, [role=row], li, [role=listitem]', words: 'Ada', loose: true, repeats: true };
    for (const hint of ['Delete in the Ada row', 'Delete in the row Ada', 'Delete in the row with "Ada"'])
      deepEqual(
        readings(hint).filter(({ places }) => places.length > 0),
        [{ words: 'Delete', places: [row] }],
      );
  });

  it('name a place by what it shows, or by the side of the page', () => {
    deepEqual(readings('Edit of Ada'), [{ words: 'Edit', places: [{ words: 'Ada', loose: true }] }]);
    deepEqual(readings('Street in the Billing address').at(-1)?.places, [{ words: 'Billing address', loose: true }]);
    deepEqual(readings('Log in at the bottom').at(-1), { words: 'Log in', places: [{ edge: 'bottom' }] });
    const nested = readings('Edit in the Ada row of the Users table').find(({ places }) => places.length === 2);
    deepEqual(
      nested?.places.map(({ words }) => words),
      ['Ada', 'Users'],
    );
  });

  it('name one of several by its position', () => {
    deepEqual(readings('second Add to cart'), [{ words: 'Add to cart', places: [], ordinal: 1 }]);
    deepEqual(readings('the 12th row'), [
      { words: 'row', places: [], ordinal: 11 },
      { words: '', roles: ['row'], places: [], ordinal: 11 },
    ]);
    deepEqual(readings('last checkbox').at(-1), { words: '', roles: ['checkbox', 'switch'], places: [], ordinal: -1 });
  });

  it('keep words that only look like a place', () => {
    deepEqual(readings('Sign in'), []);
    deepEqual(readings('All in one'), []);
  });
});
