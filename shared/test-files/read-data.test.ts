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

  const open = (path: string) =>
    path === 'shop/data/people.csv'
      ? { source: Buffer.from('\uFEFFname,age\r\nAda,36\r\n') }
      : path === 'shop/odd.csv'
        ? { source: 'a,b\n1\n' }
        : { problem: `there is no '${path}'`, hint: 'Write its path from the file that names it.' };
  const readWith = (data: string) => readTestFile(`test: x\ndo: [c: a]\n${data}\n`, { name: 'shop/a.yaml', open });

  it('is read from a CSV file, which is named from where the test lies', () => {
    for (const data of [
      'data: {csv: data/people.csv}',
      'data:\n  csv: ./data/../data/people.csv',
      'data: data/people.csv',
    ]) {
      const { definition, diagnostics } = readWith(data);
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(definition?.data, [{ name: 'Ada', age: '36' }]);
    }
  });

  it('says what is wrong with a CSV file, and where', () => {
    const told = (data: string) =>
      readWith(data).diagnostics.map(({ line, column, message }) => [line, column, message]);
    assert.deepEqual(told('data: {csv: gone.csv}'), [[3, 13, "there is no 'shop/gone.csv'"]]);
    assert.deepEqual(told('data: {csv: odd.csv}'), [[3, 13, 'the row has 1 values for 2 columns (line 2 of odd.csv)']]);
    assert.deepEqual(told('data: {csv: ../../x.csv}'), [
      [3, 13, "'../../x.csv' does not lead to a file in the same folder or below it"],
    ]);
    assert.deepEqual(told('data: {csv: "a,b"}'), [[3, 13, 'CSV needs a header line and rows']]);
  });

  it('is bounded: of what is too much, no more is read than shows that', () => {
    const problemOf = (text: string) => {
      const read = parseCsv(text);
      return 'problem' in read ? read.problem : undefined;
    };
    const many = `a\n${'1\n'.repeat(10_001)}`;
    assert.deepEqual(problemOf(`${many}"`), { message: 'there are more than 10000 rows', line: 10_002 });
    assert.equal(problemOf(many.slice(0, -2)), undefined);
    assert.deepEqual(problemOf(','.repeat(1000)), { message: 'a row has more than 1000 values', line: 1 });
    assert.deepEqual(problemOf(`a\n${','.repeat(4e6)}`), { message: 'a row has more than 1000 values', line: 2 });
  });

  it('is bounded in every form', () => {
    const codes = (data: string) =>
      readTestFile(`test: x\ndo: [c: a]\ndata: ${data}\n`, { name: 'a' }).diagnostics.map(({ code }) => code);
    assert.deepEqual(codes(`[${'{a: 1},'.repeat(10_001)}]`), ['too-many-rows']);
    const columns = Array.from({ length: 2000 }, (_, at) => `c${at}`);
    assert.deepEqual(codes(`{columns: [${columns}, c1], rows: []}`), ['wrong-value']);
  });

  it('may have values as long as a file, with as many quotation marks', () => {
    const long = 'x'.repeat(4e6);
    assert.deepEqual(parseCsv(`a,b\n"${long}",${long}\n`), { rows: [{ a: long, b: long }] });
    assert.deepEqual(parseCsv(`a\n"${'""'.repeat(2e6)}"\n`), { rows: [{ a: '"'.repeat(2e6) }] });
    assert.deepEqual(parseCsv(`a\n"${long}`), { problem: { message: 'a quotation mark stands alone', line: 2 } });
  });

  it('keeps line ends inside quoted CSV values', () => {
    assert.deepEqual(parseCsv('a,b\r\n"1\n2",x\r\n'), { rows: [{ a: '1\n2', b: 'x' }] });
  });

  const broken: readonly [string, string, number][] = [
    ['a,b\n1\n', 'the row has 1 values for 2 columns', 2],
    ['a,a\n1,2\n', "the column 'a' stands twice", 1],
    ['a,\n1,2\n', 'a column has no name', 1],
    ['a\n"1\n', 'a quotation mark stands alone', 2],
    ['a;b\n1;2\n', 'values are separated by commas, not by semicolons', 1],
    ['a\tb\n1\t2\n', 'values are separated by commas, not by tabs', 1],
    ['', 'the CSV is empty', 1],
  ];
  for (const [text, message, line] of broken) {
    it(`says of ${JSON.stringify(text)}: ${message}`, () => {
      assert.deepEqual(parseCsv(text), { problem: { message, line } });
    });
  }
});
