import assert from 'node:assert/strict';
import { readTestFile } from './read.ts';

const definition = {
  name: 'A shop',
  description: 'Buys things',
  tags: ['smoke'],
  baseUrl: 'https://shop.example',
  config: { timeout: 5000, viewport: { width: 800, height: 600 }, healing: 'off' },
  variables: { user: 'ada', list: [1, { a: null }] },
  environment: 'staging',
  data: [{ a: 1 }, { a: 2 }],
  setup: [{ command: 'navigate.to', url: '/' }],
  checkpoints: [
    {
      name: 'Pay',
      steps: [
        { command: 'interact.click', target: { role: 'button', name: 'Pay {{user}} {{list}}' }, modifiers: ['shift'] },
        { command: 'assert.count', target: 'li', value: 3, retry: { count: 2, delayMs: 10 } },
      ],
    },
  ],
  teardown: [{ command: 'misc.log', text: 'bye' }],
};

const head = 'name: x\ncheckpoints:\n  - name: a\n    steps:\n';

describe('the canonical form', () => {
  it('is read as it stands', () => {
    const read = readTestFile(JSON.stringify(definition, null, 2), { name: 'test.json' });
    assert.deepEqual(read, { form: 'canonical', definition, diagnostics: [] });
  });

  it('is what every definition becomes: reading it again changes nothing', () => {
    const { definition: first } = readTestFile('test: x\nv: {n: 1.50}\ndo: [c: "{{n}}", wait: 5, eq: {a: 1.50}]\n', {
      name: 'a',
    });
    assert.deepEqual(readTestFile(JSON.stringify(first), { name: 'b' }).definition, first);
  });

  it('may leave out what is empty', () => {
    const { definition: read } = readTestFile(`${head}      - {command: navigate.back}\n`, { name: 'a' });
    assert.deepEqual(read, {
      name: 'x',
      tags: [],
      config: {},
      variables: {},
      data: [],
      setup: [],
      checkpoints: [{ name: 'a', steps: [{ command: 'navigate.back' }] }],
      teardown: [],
    });
  });

  const problems: readonly [string, string, string, number, number][] = [
    ['an unknown key', `nam: y\n${head}      - {command: navigate.back}\n`, 'unknown-key', 1, 1],
    [
      'a checkpoint without a name',
      'name: x\ncheckpoints:\n  - steps: [{command: navigate.back}]\n',
      'missing-key',
      3,
      5,
    ],
    [
      'an unknown key of a checkpoint',
      'name: x\ncheckpoints:\n  - name: a\n    x: 1\n    steps: [{command: navigate.back}]\n',
      'unknown-key',
      4,
      5,
    ],
    [
      'an unknown configuration key',
      `config: {tiemout: 1}\n${head}      - {command: navigate.back}\n`,
      'unknown-key',
      1,
      10,
    ],
    ['a value of the wrong type', `${head}      - {command: interact.write, text: 5}\n`, 'invalid-value', 5, 41],
    ['a value deep inside', `${head}      - {command: interact.click, target: {rool: a}}\n`, 'unknown-key', 5, 44],
    [
      'a word that is not in the list',
      `${head}      - {command: interact.click, target: a, modifiers: [sift]}\n`,
      'invalid-value',
      5,
      58,
    ],
    ['a tag that is no text', `tags: [1]\n${head}      - {command: navigate.back}\n`, 'invalid-value', 1, 8],
  ];
  for (const [title, text, code, line, column] of problems) {
    it(`tells the place of ${title}`, () => {
      const { form, diagnostics } = readTestFile(text, { name: 'a' });
      assert.equal(form, 'canonical');
      assert.deepEqual(
        diagnostics.map((problem) => [problem.code, problem.line, problem.column]),
        [[code, line, column]],
      );
    });
  }
});
