import assert from 'node:assert/strict';
import { BigQuery } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails } from './clients.ts';

/** Per type a value as the client takes it, and an expression that it equals. */
const SCALARS: readonly (readonly [type: string, given: unknown, equals: string])[] = [
  ['INT64', 42, '42'],
  ['INT64', BigQuery.int('9223372036854775807'), '9223372036854775807'],
  ['FLOAT64', 1.5, '1.5'],
  ['STRING', 'it\'s "é"\n', String.raw`'it\'s "é"\n'`],
  ['BOOL', true, 'TRUE'],
  ['BYTES', Buffer.from([0, 255]).toString('base64'), String.raw`b'\x00\xff'`],
  ['DATE', BigQuery.date('2024-02-29'), "DATE '2024-02-29'"],
  ['DATETIME', BigQuery.datetime('2024-02-29T01:02:03'), "DATETIME '2024-02-29 01:02:03'"],
  ['TIME', BigQuery.time('01:02:03.5'), "TIME '01:02:03.5'"],
  ['TIMESTAMP', BigQuery.timestamp('2024-02-29T01:02:03Z'), "TIMESTAMP '2024-02-29 01:02:03'"],
  ['TIMESTAMP', new Date('2024-02-29T01:02:03.004Z'), "TIMESTAMP '2024-02-29 01:02:03.004'"],
  ['NUMERIC', '123.456', "NUMERIC '123.456'"],
  ['BIGNUMERIC', '1e-38', "BIGNUMERIC '1e-38'"],
];

export function parameters({ rows, value, filled }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  for (const [type, given, equals] of SCALARS)
    method(`QueryParameter (${type})`, {
      [`takes ${equals}, named and by position`]: async () => {
        assert.equal(await value(`SELECT @p = ${equals}`, { params: { p: given }, types: { p: type } }), true);
        assert.equal(await value(`SELECT ? = ${equals}`, { params: [given], types: [type] }), true);
      },
    });

  method('QueryParameter', {
    'takes NULL of a type': async () => {
      const query = 'SELECT @s IS NULL AND @n IS NULL';
      assert.equal(await value(query, { params: { s: null, n: null }, types: { s: 'STRING', n: 'INT64' } }), true);
    },
    'takes JSON': async () => {
      const query = "SELECT JSON_VALUE(@p, '$.a[1]')";
      assert.equal(await value(query, { params: { p: '{"a": [1, "x"]}' }, types: { p: 'JSON' } }), 'x');
    },
    'takes an array': async () => {
      const query = 'SELECT x FROM UNNEST(@p) AS x ORDER BY x';
      assert.deepEqual(await rows(query, { params: { p: [3, 1, 2] } }), [[1], [2], [3]]);
      assert.equal(await value('SELECT 2 IN UNNEST(?)', { params: [[1, 2]] }), true);
    },
    'takes an empty array of a type': async () => {
      assert.equal(await value('SELECT ARRAY_LENGTH(@p)', { params: { p: [] }, types: { p: ['STRING'] } }), 0);
    },
    'takes a struct, also a nested one': async () => {
      const p = { n: 1, s: 'x', inner: { l: [1, 2] } };
      assert.deepEqual(await rows('SELECT @p.n, @p.s, @p.inner.l', { params: { p } }), [[1, 'x', [1, 2]]]);
      assert.deepEqual(await value('SELECT @p AS p', { params: { p } }), p);
    },
    'takes an array of structs': async () => {
      const p = [
        { n: 1, s: 'x' },
        { n: 2, s: 'y' },
      ];
      const query = 'SELECT e.n, e.s FROM UNNEST(@p) AS e ORDER BY e.n';
      assert.deepEqual(await rows(query, { params: { p } }), [
        [1, 'x'],
        [2, 'y'],
      ]);
    },
    'takes a parameter several times, and in any case': async () => {
      assert.deepEqual(await rows('SELECT @name, @NAME', { params: { name: 'x' } }), [['x', 'x']]);
    },
    'takes a parameter after LIMIT': async () => {
      const query = 'SELECT x FROM UNNEST([1, 2, 3]) AS x ORDER BY x LIMIT @n OFFSET @o';
      assert.deepEqual(await rows(query, { params: { n: 1, o: 1 } }), [[2]]);
    },
    'filters by parameters of several types': async () => {
      const table = await filled("SELECT 1 AS a, DATE '2024-01-01' AS day UNION ALL SELECT 2, DATE '2024-01-02'");
      const query = `SELECT a FROM ${table.id} WHERE day >= @from AND a IN UNNEST(@ids)`;
      assert.deepEqual(await rows(query, { params: { from: BigQuery.date('2024-01-02'), ids: [1, 2] } }), [[2]]);
    },
    'is never SQL': async () => {
      assert.equal(await value('SELECT @p', { params: { p: "'; DROP TABLE x; --" } }), "'; DROP TABLE x; --");
    },
    'is refused when it is missing': async () => {
      await fails(rows('SELECT @gone', { params: { other: 1 } }), 'invalidQuery', /Query parameter 'gone' not found/);
      await fails(rows('SELECT ?, ?', { params: [1] }), 'invalidQuery');
    },
    'is refused when it does not fit its type': () =>
      fails(rows('SELECT @p', { params: { p: 'x' }, types: { p: 'INT64' } }), 'invalid'),
    'is not taken for a table': () => assert.rejects(rows('SELECT 1 FROM @p', { params: { p: 'x' } })),
  });
  return all;
}
