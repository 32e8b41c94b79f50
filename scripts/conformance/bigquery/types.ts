import assert from 'node:assert/strict';
import type { Table } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Clients } from './clients.ts';

/** Per type: values as insertAll takes them, and what is read of each. */
const VALUES: Readonly<Record<string, readonly (readonly [given: unknown, read: unknown])[]>> = {
  STRING: [
    ['héllo ✓', 'héllo ✓'],
    ['', ''],
    ['it\'s "quoted"\n\ttwice', 'it\'s "quoted"\n\ttwice'],
    [12, '12'],
  ],
  BYTES: [
    [Buffer.from([0, 255, 97]).toString('base64'), '00ff61'],
    ['', ''],
  ],
  INTEGER: [
    [42, 42],
    ['-7', -7],
    ['9007199254740991', 9007199254740991],
  ],
  FLOAT: [
    [1.5, 1.5],
    ['2.5e3', 2500],
    [-0.1, -0.1],
    ['NaN', Number.NaN],
    ['-Infinity', Number.NEGATIVE_INFINITY],
  ],
  BOOLEAN: [
    [true, true],
    ['false', false],
  ],
  TIMESTAMP: [
    ['2024-02-29 12:34:56.789012 UTC', '2024-02-29T12:34:56.789012000Z'],
    ['2024-01-01T00:00:00+02:00', '2023-12-31T22:00:00.000Z'],
    ['2024-01-01', '2024-01-01T00:00:00.000Z'],
    [1704067200, '2024-01-01T00:00:00.000Z'],
    ['1969-12-31 23:59:59', '1969-12-31T23:59:59.000Z'],
  ],
  DATE: [
    ['2024-02-29', '2024-02-29'],
    ['0001-01-01', '0001-01-01'],
    ['9999-12-31', '9999-12-31'],
  ],
  TIME: [
    ['12:34:56', '12:34:56'],
    ['01:02:03.004', '01:02:03.004000'],
  ],
  DATETIME: [
    ['2024-02-29 12:34:56', '2024-02-29T12:34:56'],
    ['2024-02-29T12:34:56.5', '2024-02-29T12:34:56.500000'],
  ],
  NUMERIC: [
    ['123.456', '123.456'],
    [0.5, '0.5'],
    ['-99999999999999999999999999999.999999999', '-9.9999999999999999999999999999999999999e+28'],
  ],
  BIGNUMERIC: [['0.00000000000000000000000000000000000001', '1e-38']],
  JSON: [
    ['{"b": 1, "a": [true, null, "x"]}', { a: [true, null, 'x'], b: 1 }],
    ['"text"', 'text'],
  ],
  INTERVAL: [
    ['1-2 3 4:5:6', '1-2 3 4:5:6'],
    ['-0-1 -2 -0:0:0.125', '-0-1 -2 -0:0:0.125'],
  ],
};
const BAD: Readonly<Record<string, readonly unknown[]>> = {
  STRING: [true],
  INTEGER: ['x', 1.5, '9223372036854775808'],
  FLOAT: ['x'],
  BOOLEAN: ['maybe'],
  TIMESTAMP: ['yesterday'],
  DATE: ['2024-13-01', '2023-02-29'],
  TIME: ['25:00:00'],
  DATETIME: ['2024-01-01 25:00:00'],
  NUMERIC: ['x', '1e30'],
  JSON: ['{'],
};

export function types({ newTable, bigquery, dataset, rows, value, filled }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const read = async (table: Table) => rows(`SELECT v FROM ${dataset.id}.${table.id} ORDER BY i`, { parseJSON: true });

  for (const [type, pairs] of Object.entries(VALUES)) {
    method(`tabledata.insertAll (${type})`, {
      'keeps every value, and NULL': async () => {
        const table = await newTable(`i:INTEGER,v:${type}`);
        await table.insert([...pairs.map(([v], i) => ({ i, v })), { i: pairs.length, v: null }]);
        const found = (await read(table)).map(([v]) => v);
        assert.deepEqual(found, [...pairs.map(([, wanted]) => wanted), null]);
      },
      'keeps a list': async () => {
        const table = await newTable({
          fields: [
            { name: 'i', type: 'INTEGER' },
            { name: 'v', type, mode: 'REPEATED' },
          ],
        });
        await table.insert([{ i: 0, v: pairs.map(([v]) => v) }]);
        const [[found] = []] = await read(table);
        assert.deepEqual(
          found,
          pairs.map(([, wanted]) => wanted),
        );
      },
      ...(BAD[type] && {
        'refuses what is none': async () => {
          const table = await newTable(`v:${type}`);
          for (const v of BAD[type] ?? []) await assert.rejects(table.insert([{ v }]), `${v}`);
        },
      }),
    });
  }

  method('tabledata.list (types)', {
    'gives the values that a query gives': async () => {
      const table =
        await filled(`SELECT TRUE AS b, 1.5 AS f, DATE '2024-01-01' AS d, TIMESTAMP '2024-01-01 01:02:03.000004' AS ts,
        TIME '01:02:03' AS t, DATETIME '2024-01-01 01:02:03' AS dt, NUMERIC '1.5' AS n, b'ab' AS y, [1, 2] AS l, STRUCT('x' AS s) AS r`);
      const [[stored]] = (await table.getRows()) as [Record<string, unknown>[]];
      const [[queried]] = await bigquery.query(`SELECT * FROM ${dataset.id}.${table.id}`);
      assert.deepEqual(stored, queried);
    },
    'keeps whole numbers that JavaScript cannot': async () => {
      const table = await filled('SELECT 9223372036854775807 AS a');
      const [[row]] = (await table.getRows({ wrapIntegers: true })) as unknown as [[{ a: { value: string } }]];
      assert.equal(row.a.value, '9223372036854775807');
      assert.equal(await value(`SELECT CAST(a AS STRING) FROM ${table.id}`), '9223372036854775807');
    },
  });
  return all;
}
