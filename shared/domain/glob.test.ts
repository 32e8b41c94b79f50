import assert from 'node:assert/strict';
import { fixedPartOf, matchesGlob } from './glob.ts';

describe('a pattern of paths', () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ['shop/login.yaml', ['shop/login.yaml'], ['shop/login.yml', 'login.yaml', 'shop/login.yaml/x', '']],
    ['*.csv', ['a.csv', '.csv'], ['a/b.csv', 'a.csv.gz']],
    ['data/*.csv', ['data/a.csv'], ['data/x/a.csv', 'data.csv']],
    ['data/**', ['data/a', 'data/a/b/c'], ['data', 'other/data/a']],
    ['**/*.csv', ['a.csv', 'x/a.csv', 'x/y/a.csv'], ['a.txt', 'x/a.csv/b']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab', 'x/a/b']],
    ['v?/x', ['v1/x', 'vä/x'], ['v/x', 'v12/x', 'v//x']],
    ['**', ['', 'a', 'a/b'], []],
    ['a.b+(c)[d]', ['a.b+(c)[d]'], ['aXb+(c)[d]']],
  ];
  for (const [pattern, fitting, others] of cases) {
    it(`${pattern} fits what it says, and nothing else`, () => {
      for (const path of fitting) assert.ok(matchesGlob(pattern, path), path);
      for (const path of others) assert.ok(!matchesGlob(pattern, path), path);
    });
  }

  it('is tried once a character, however many stars it has', () => {
    assert.equal(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(1024)), false);
  });

  it('has a part that is fixed', () => {
    assert.deepEqual(['data/**', '*.csv', 'a/b', 'a?'].map(fixedPartOf), ['data/', '', 'a/b', 'a']);
  });
});
