import assert from 'node:assert/strict';
import { startBigquery, type TestBigquery } from '../testing.ts';

const day = "(SELECT DATE '2024-01-02' AS day, TIMESTAMP '2024-01-02' AS ts, 1 AS n, 'a' AS s, TRUE AS b, 1.5 AS f)";

/** What DuckDB would cast and BigQuery has no signature for. */
const REFUSED = [
  "n = '1'",
  "n IN ('1', '2')",
  "n BETWEEN '0' AND '2'",
  "f > '1'",
  'n = TRUE',
  'b = 1',
  "b = 'true'",
  'day >= CURRENT_TIMESTAMP()',
  'ts < CURRENT_DATE()',
  "ts = DATE '2024-01-02'",
  "DATE(ts) = TIMESTAMP '2024-01-02'",
  "s || n = 'a1'",
  "'a' || n IS NULL",
  "CONCAT(s, '-', n) = 'a-1'",
  'CONCAT(s, day) IS NULL',
  "n + '1' = 2",
  "IF(n, 'a', 'b') = 'a'",
  "CASE WHEN n THEN 'a' END = 'a'",
  'TIMESTAMP_ADD(day, INTERVAL 1 DAY) = ts',
  'UNIX_SECONDS(day) = 1',
  "FORMAT_DATE('%F', ts) = '2024-01-02'",
  'TIMESTAMP_DIFF(day, day, DAY) = 0',
  'DATE_DIFF(ts, ts, DAY) = 0',
  'EXTRACT(HOUR FROM day) = 0',
  'TIMESTAMP_SECONDS(f) = ts',
  'ts - INTERVAL 1 MONTH = ts',
  'CURRENT_TIMESTAMP() + INTERVAL 1 YEAR = ts',
  "COALESCE(1, 'a') = 'a'",
  "COALESCE(n, 'a') = 'a'",
  'IFNULL(b, 0) = 0',
  'IFNULL(day, ts) = ts',
  "NULLIF(n, '1') = 1",
  'GREATEST(day, ts) = ts',
  "LEAST(1, 'a') = 1",
  "IF(b, 1, 'a') = 'a'",
  "CASE WHEN b THEN 1 ELSE 'a' END = 'a'",
  "CASE s WHEN 'a' THEN day ELSE CURRENT_TIMESTAMP() END = ts",
  "ARRAY_LENGTH([1, 'a']) = 2",
  'n AND b',
  "b OR 'true'",
  'NOT 1',
  'NOT s',
];

/** Clauses that want a BOOL. */
const CLAUSES = [
  'WHERE 1',
  "WHERE 'true'",
  'WHERE n',
  'WHERE s',
  'GROUP BY n HAVING COUNT(*)',
  'JOIN (SELECT 1 AS m) ON m',
];

/** Queries whose columns have no type in common. */
const UNIONS = [
  ["SELECT 1 UNION ALL SELECT 'a'", 'Column 1 in UNION ALL has incompatible types: INT64, STRING'],
  ["SELECT 'a', 1 UNION DISTINCT SELECT s, TRUE FROM d", 'Column 2 in UNION DISTINCT'],
  ['SELECT CURRENT_DATE() EXCEPT DISTINCT SELECT CURRENT_TIMESTAMP()', 'DATE, TIMESTAMP'],
] as const;

/** Units that a function does not take. */
const UNITS = [
  'TIMESTAMP_ADD(ts, INTERVAL 1 MONTH)',
  'TIMESTAMP_SUB(ts, INTERVAL 1 WEEK)',
  'TIMESTAMP_SUB(ts, INTERVAL 1 YEAR)',
  'DATE_ADD(day, INTERVAL 1 HOUR)',
  'DATE_DIFF(day, day, MINUTE)',
  'DATE_TRUNC(day, SECOND)',
];

/** Texts that are no value of the type, which DuckDB reads. */
const TEXTS = [
  "CAST('2024/01/05' AS DATE)",
  "CAST('0000-01-01' AS DATE)",
  "CAST('epoch' AS DATE)",
  "CAST('infinity' AS TIMESTAMP)",
  "CAST('2024-01-01 10:00:00 (BC)' AS TIMESTAMP)",
  "CAST('2024-01-01 24:00:00' AS DATETIME)",
  "CAST('2024-01-01 10:00:00+02' AS DATETIME)",
  "CAST('24:00:00' AS TIME)",
  "CAST('1_0' AS FLOAT64)",
];

const TAKEN = [
  "COALESCE(NULL, n, 1.5) = 1 AND IFNULL(day, '2024-01-01') = day AND COALESCE(NULL, s, 'b') = 'a'",
  "IF(b, NULL, n) IS NULL AND CASE WHEN b THEN day ELSE '2024-01-01' END = day AND NULLIF(f, 1) = 1.5",
  'NULL OR b AND (b OR NULL) AND NOT (NOT b) AND (SELECT TRUE)',
  "ARRAY_LENGTH([n, 1.5, f, NULL]) = 4 AND ARRAY_LENGTH([s, 'b']) = 2",
  "day = '2024-01-02'",
  "ts = '2024-01-02 00:00:00+00'",
  "day BETWEEN '2024-01-01' AND CURRENT_DATE()",
  "day IN ('2024-01-02', DATE '2024-01-03')",
  "s IN ('a', NULL)",
  'n = 1.0 AND f = 1.5 AND b = TRUE',
  "day = DATETIME '2024-01-02 00:00:00'",
  "s || 'b' || s || NULL IS NULL",
  "CONCAT(s, 'b') = 'ab' AND s || CAST(n AS STRING) = 'a1'",
  "ARRAY_LENGTH([1] || [2]) = 2 AND LENGTH(b'a' || b'b') = 2",
  'n = NULL OR NULL = b OR TRUE',
  "DATE_ADD('2024-01-31', INTERVAL 1 MONTH) = '2024-02-29'",
  "TIMESTAMP_TRUNC('2024-01-02 10:20:30', HOUR) = '2024-01-02 10:00:00+00'",
  "DATETIME_ADD(day, INTERVAL 1 HOUR) = '2024-01-02 01:00:00'",
  "LAST_DAY('2024-02-03') = '2024-02-29'",
  "DATETIME(day, TIME '10:20:30') = '2024-01-02 10:20:30'",
  "day + INTERVAL 1 MONTH = '2024-02-02 00:00:00'",
  "CAST('2024-1-2 1:2:3.5 America/New_York' AS TIMESTAMP) = '2024-01-02 06:02:03.5+00'",
  "CAST('2024-01-05T10:00:00' AS DATE) = '2024-01-05'",
  "CAST(' 1.5e3 ' AS FLOAT64) = 1500 AND IS_INF(CAST('-Infinity' AS FLOAT64)) AND IS_NAN(CAST('nan' AS FLOAT64))",
  "CAST(IEEE_DIVIDE(0, 0) AS STRING) = 'nan'",
  "CAST(CAST(123456789.123456789 AS NUMERIC) AS STRING) = '123456789.123456791'",
  "TIMESTAMP('2024-11-03 01:30:00', 'America/New_York') = '2024-11-03 05:30:00+00'",
  "TIMESTAMP('2024-03-10 02:30:00', 'America/New_York') = '2024-03-10 07:30:00+00'",
];

/** Calls within calls: what grows with every level would not end. */
const NESTED: readonly (readonly [expression: string, expected: unknown])[] = [
  ['1024.0 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2', 1],
  ['n / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2 / 2', 1 / 1024],
  ["'a' || 'b' || s || 'b' || s || 'b' || s || 'b' || s || 'b' || s || 'b'", 'abababababab'],
  ['SUBSTR(SUBSTR(SUBSTR(SUBSTR(SUBSTR(SUBSTR(SUBSTR(s, 1), 1), 1), 1), 1), 1), 1)', 'a'],
  ['TRIM(LOWER(UPPER(TRIM(LOWER(UPPER(TRIM(LOWER(UPPER(TRIM(s))))))))))', 'a'],
  ['ROUND(ROUND(ROUND(ROUND(ROUND(ROUND(ROUND(ROUND(f, 5), 4), 3), 2), 1), 1), 1), 1)', 1.5],
  ['MOD(MOD(MOD(MOD(MOD(MOD(MOD(MOD(n, 9), 8), 7), 6), 5), 4), 3), 2)', 1],
  ['n - n - n - n - n - n - n - n - n - n - n - n', -10],
];

describe('signatures of the local BigQuery', () => {
  let local: TestBigquery;
  before(async () => {
    local = await startBigquery();
  });
  after(() => local.close());

  for (const condition of REFUSED) {
    it(`has none for ${condition}`, async () => {
      await assert.rejects(local.value(`SELECT ${condition} FROM ${day}`), /No matching signature for/);
    });
  }

  for (const clause of CLAUSES) {
    it(`wants a BOOL in ${clause}`, async () => {
      await assert.rejects(local.value(`SELECT 1 FROM ${day} ${clause}`), /clause should return type BOOL, but/);
    });
  }

  for (const [query, words] of UNIONS) {
    it(`refuses ${query}`, async () => {
      await assert.rejects(local.value(`WITH d AS (SELECT * FROM ${day}) ${query}`), new RegExp(words));
    });
  }

  for (const call of UNITS) {
    it(`has no such unit for ${call}`, async () => {
      await assert.rejects(local.value(`SELECT ${call} FROM ${day}`), /does not support the \w+ date part/);
    });
  }

  for (const cast of TEXTS) {
    it(`refuses ${cast}`, async () => {
      await assert.rejects(local.value(`SELECT ${cast}`), /Invalid (?:date|timestamp|datetime|time)|Bad double value/);
      assert.equal(await local.value(`SELECT SAFE_${cast} IS NULL`), true);
    });
  }

  it('refuses negative lengths', async () => {
    for (const call of ["RIGHT('a', -1)", "REPEAT('a', -1)", "LPAD('a', -1)", "RPAD('a', -1, 'b')"])
      await assert.rejects(local.value(`SELECT ${call}`), /cannot be negative/);
  });

  it('refuses arrays of other than whole numbers by their name', async () => {
    await assert.rejects(local.value('SELECT GENERATE_ARRAY(0.5, 3)'), /GENERATE_ARRAY of other than INT64/);
    await assert.rejects(local.value('SELECT GENERATE_ARRAY(1, 5, 0)'), /Sequence step cannot be 0/);
  });

  it('counts no numbers with COUNTIF', async () => {
    await assert.rejects(local.value(`SELECT COUNTIF(n) FROM ${day}`), /No matching signature/);
  });

  for (const condition of TAKEN) {
    it(`takes ${condition}`, async () => {
      assert.equal(await local.value(`SELECT ${condition} FROM ${day}`), true);
    });
  }

  for (const [expression, expected] of NESTED) {
    it(`reads ${expression}`, async () => {
      assert.equal(await local.value(`SELECT ${expression} FROM ${day}`), expected);
    });
  }
});
