import { equal, throws } from 'node:assert/strict';
import { asNumber, asPattern, compare } from './comparisons.ts';

describe('numbers in text', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['42', 42],
    ['$1,234.50', 1234.5],
    ['1.234,50 €', 1234.5],
    ['Total: 1 234 kr', 1234],
    ["CHF 1'000.00", 1000],
    ['1,234,567', 1234567],
    ['1.234.567', 1234567],
    ['3,5', 3.5],
    ['1,000', 1000],
    ['0.125', 0.125],
    ['-7 °C', -7],
    ['−7', -7],
    ['99.9 %', 99.9],
    ['₹12,34,567.50', 1234567.5],
    ['1 234 567,5', 1234567.5],
    ['SKU-5', 5],
    ['-$5', -5],
    ['007', 7],
    ['$.99', 0.99],
    ['Total ... 5', 5],
    ['5.', 5],
  ];
  for (const [text, value] of cases) {
    it(`reads '${text}' as ${value}`, () => equal(asNumber(text), value));
  }

  it('refuses text without a number, or with several', () => {
    throws(() => asNumber('none'), /is not a number/);
    throws(() => asNumber('1 of 20'), /more than one/);
    throws(() => asNumber('5 10'), /more than one/);
    for (const text of ['1.2.3', '192.168.1.1', '31.12.2026', '1.2,3.4', '12,5,3'])
      throws(() => asNumber(text), /is not a number/, text);
  });
});

describe('comparisons', () => {
  it('compare values as text, and members of lists', () => {
    equal(compare(5, 'equals', '5'), true);
    equal(compare(['a', 'b'], 'contains', 'b'), true);
    equal(compare({ a: 1 }, 'equals', '{"a":1}'), true);
    equal(compare(null, 'equals', ''), true);
  });

  it('read patterns with and without slashes', () => {
    equal(asPattern('/^a$/i').test('A'), true);
    equal(asPattern('^a$').test('A'), false);
    throws(() => asPattern('('), /not a regular expression/);
    throws(() => asPattern('^(a+)+$').test(`${'a'.repeat(50)}b`), /takes too long on a text of 51 characters/);
    equal(asPattern('^b$').test('b'), true);
  });
});
