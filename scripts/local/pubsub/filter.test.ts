import assert from 'node:assert/strict';
import { parseFilter } from './filter.ts';

describe('a Pub/Sub filter', () => {
  const attributes = { type: 'run.completed', 'iana.org/lang': 'en', empty: '' };
  const passing: [string, boolean][] = [
    ['', true],
    ['attributes:type', true],
    ['attributes:none', false],
    ['attributes:empty', true],
    ['attributes:constructor', false],
    ['attributes.type = "run.completed"', true],
    ['attributes.type="run.failed"', false],
    ['attributes.type != "run.failed"', true],
    ['attributes.none != "x"', true],
    ['attributes."iana.org/lang" = "en"', true],
    ['hasPrefix(attributes.type, "run.")', true],
    ['hasPrefix(attributes.none, "")', false],
    ['NOT attributes:none', true],
    ['-attributes:type', false],
    ['NOT (attributes:none OR attributes:type)', false],
    ['attributes:type AND attributes:empty AND NOT attributes:none', true],
    ['attributes:none OR attributes:type', true],
    ['attributes:type AND (attributes:none OR hasPrefix(attributes.type, "run"))', true],
    ['attributes.type = "run\\u002ecompleted"', true],
  ];
  for (const [filter, expected] of passing) {
    it(`${expected ? 'passes' : 'stops'} a message by ${filter || 'nothing'}`, () => {
      assert.equal(parseFilter(filter)(attributes), expected);
    });
  }

  const wrong = [
    'attributes',
    'attributes.type',
    'attributes.type = 5',
    'data = "x"',
    '(attributes:a',
    'attributes:a AND',
    'attributes:a OR attributes:b AND attributes:c',
    'attributes.a > "b"',
    `attributes.a = "${'x'.repeat(256)}"`,
  ];
  for (const filter of wrong) {
    it(`refuses ${filter.slice(0, 50)}`, () => {
      assert.throws(() => parseFilter(filter), { code: 3, message: /filter/i });
    });
  }
});
