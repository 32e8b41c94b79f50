import assert from 'node:assert/strict';
import { parseCsv } from './csv.ts';
import { readTestFile } from './read.ts';

const rows: readonly [string, string, Record<string, unknown>[]][] = [
  ['a list of rows', 'data: [{a: 1, b: x}, {a: 2}]', [{ a: 1, b: 'x' }, { a: 2 }]],
  [
    'a table',
    'data: {columns: [a, b], rows: [[1, x], [007, null]]}',
    [
      { a: 1, b: 'x' },
      { a: '007', b: null },
    ],
  ],
  ['CSV', 'data: |\n  a,b\n  1,"x, ""y"""\n', [{ a: '1', b: 'x, "y"' }]],
  [
    'CSV under its name',
    'data:\n  csv: |\n    a,b\n    1,x\n\n    2,y\n',
    [
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ],
  ],
];

describe('data', () => {
  for (const [title, text, expected] of rows) {
    it(`is read from ${title}`, () => {
      for (const test of [`test: x\ndo: [c: a]\n${text}\n`, `name: x\nsteps: [click: a]\n${text}\n`]) {
        const { definition, diagnostics } = readTestFile(test, { name: 'a' });
        assert.deepEqual(diagnostics, []);
        assert.deepEqual(definition?.data, expected);
      }
    });
  }

  it('keeps line ends inside quoted CSV values', () => {
    assert.deepEqual(parseCsv('a,b\r\n"1\n2",x\r\n'), { rows: [{ a: '1\n2', b: 'x' }] });
  });

  const broken: readonly [string, string, number][] = [
    ['a,b\n1\n', 'the row has 1 values for 2 columns', 2],
    ['a,a\n1,2\n', "the column 'a' stands twice", 1],
    ['a,\n1,2\n', 'a column has no name', 1],
    ['a\n"1\n', 'a quotation mark stands alone', 2],
    ['', 'the CSV is empty', 1],
  ];
  for (const [text, message, line] of broken) {
    it(`says of ${JSON.stringify(text)}: ${message}`, () => {
      assert.deepEqual(parseCsv(text), { problem: { message, line } });
    });
  }
});
