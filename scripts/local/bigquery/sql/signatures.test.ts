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
];

const TAKEN = [
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
      await assert.rejects(
        local.value(`SELECT ${condition} FROM ${day}`),
        /No matching signature for (?:operator|function)/,
      );
    });
  }

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
