import assert from 'node:assert/strict';
import { meantPath } from './object-path.ts';

describe('the pattern of a trigger by objects', () => {
  for (const path of [
    'builds/**',
    '**/*.csv',
    'tests/**',
    'tests/usr_2/a',
    'a//b',
    '*',
    'tests',
    '{a}/b',
    'a/tests/{b}/c',
  ])
    it(`may be ${path}`, () => assert.equal(meantPath(path, 'usr_1'), undefined));

  for (const [path, meant] of [
    ['/builds/**', 'builds/**'],
    ['//builds/*.zip', 'builds/*.zip'],
    ['builds/', 'builds/**'],
    ['/', '**'],
    ['tests/{user}/builds/**', 'builds/**'],
    ['/tests/{user}/builds/**', 'builds/**'],
    ['tests/<user>/a', 'a'],
    ['tests/usr_1/builds/**', 'builds/**'],
    ['tests/usr_1/', '**'],
    ['gs://virtuoso-tests/tests/usr_1/builds/*', 'builds/*'],
  ] as const)
    it(`is not ${path}, which nothing fits, but ${meant}`, () => assert.equal(meantPath(path, 'usr_1'), meant));
});
