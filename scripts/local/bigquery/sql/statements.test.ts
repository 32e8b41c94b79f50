import assert from 'node:assert/strict';
import { plain } from '../plain.ts';
import { startBigquery, type TestBigquery } from '../testing.ts';

/** Queries over the table d.n: x 1, 2, 3 and NULL; s 'a', 'b', 'a', NULL; tags; at_time on four days. */
const QUERIES: readonly (readonly [sql: string, rows: readonly (readonly unknown[])[]])[] = [
  ['SELECT x FROM d.n ORDER BY x', [[null], [1], [2], [3]]],
  ['SELECT x FROM d.n ORDER BY x DESC', [[3], [2], [1], [null]]],
  ['SELECT x FROM d.n ORDER BY x DESC NULLS FIRST', [[null], [3], [2], [1]]],
  ['SELECT x FROM d.n ORDER BY x LIMIT 2 OFFSET 1', [[1], [2]]],
  ['SELECT x FROM `virtuoso-local.d.n` WHERE x > 2', [[3]]],
  ['SELECT x FROM `virtuoso-local`.`d`.`n` WHERE x > 2', [[3]]],
  ['SELECT x FROM virtuoso-local.d.n WHERE x > 2', [[3]]],
  ['SELECT n.x FROM d.n WHERE n.x = 1', [[1]]],
  [
    'SELECT s, COUNT(*) AS c FROM d.n GROUP BY s ORDER BY s',
    [
      [null, 1],
      ['a', 2],
      ['b', 1],
    ],
  ],
  ['SELECT s, SUM(x) FROM d.n GROUP BY 1 HAVING SUM(x) > 2 ORDER BY 1', [['a', 4]]],
  // The alias is meant, not the column of the same name.
  ['SELECT UPPER(SUBSTR(s, 3)) AS s, COUNT(*) FROM d.n WHERE s IS NOT NULL GROUP BY s', [['', 3]]],
  ['SELECT -x AS x FROM d.n WHERE x IS NOT NULL ORDER BY x + 0', [[-3], [-2], [-1]]],
  ['SELECT -x AS x FROM d.n WHERE x IS NOT NULL ORDER BY x', [[-3], [-2], [-1]]],
  ['SELECT s, -SUM(x) AS x FROM d.n WHERE x > 0 GROUP BY s HAVING x < -3 ORDER BY ABS(x)', [['a', -4]]],
  ['SELECT -x AS x FROM d.n WHERE x > 0 QUALIFY ROW_NUMBER() OVER (ORDER BY x) = 1', [[-3]]],
  ['SELECT x, ROW_NUMBER() OVER (ORDER BY x) AS r FROM d.n WHERE x > 0 QUALIFY r = 2', [[2, 2]]],
  [
    'SELECT s AS k, COUNT(*) AS c FROM d.n GROUP BY k ORDER BY c DESC, k DESC',
    [
      ['a', 2],
      ['b', 1],
      [null, 1],
    ],
  ],
  ['SELECT DISTINCT s FROM d.n ORDER BY s', [[null], ['a'], ['b']]],
  ['SELECT * EXCEPT (tags, at_time, s) FROM d.n WHERE x = 1', [[1]]],
  ['SELECT * EXCEPT (tags, at_time) REPLACE (x * 10 AS x) FROM d.n WHERE x = 1', [[10, 'a']]],
  ['SELECT n.* EXCEPT (tags, at_time) FROM d.n AS n WHERE x = 2', [[2, 'b']]],
  [
    'SELECT x, tag FROM d.n, UNNEST(tags) AS tag WHERE x = 1 ORDER BY tag',
    [
      [1, 'p'],
      [1, 'q'],
    ],
  ],
  [
    'SELECT x, tag, o FROM d.n CROSS JOIN UNNEST(n.tags) AS tag WITH OFFSET AS o WHERE x = 1 ORDER BY o',
    [
      [1, 'p', 0],
      [1, 'q', 1],
    ],
  ],
  ['SELECT x, tag FROM d.n LEFT JOIN UNNEST(tags) AS tag WHERE x = 2', [[2, null]]],
  ['SELECT e.a FROM UNNEST([STRUCT(1 AS a), STRUCT(2 AS a)]) AS e ORDER BY 1', [[1], [2]]],
  ['SELECT * FROM UNNEST([1, 2]) ORDER BY 1', [[1], [2]]],
  [
    'SELECT a.x AS l, b.x AS r FROM d.n AS a JOIN d.n b ON a.x = b.x - 1 ORDER BY 1',
    [
      [1, 2],
      [2, 3],
    ],
  ],
  ['SELECT COUNT(*) FROM d.n JOIN d.n AS m USING (x)', [[3]]],
  ['SELECT COUNT(*) FROM d.n FULL OUTER JOIN d.n AS m USING (x)', [[5]]],
  ['SELECT COUNT(*) FROM d.n, d.n AS m', [[16]]],
  ['WITH big AS (SELECT x FROM d.n WHERE x > 1), one AS (SELECT MAX(x) AS m FROM big) SELECT m FROM one', [[3]]],
  ['SELECT 1 AS a UNION ALL SELECT 2 UNION ALL SELECT 1 ORDER BY a', [[1], [1], [2]]],
  ['SELECT 1 AS a UNION DISTINCT SELECT 1', [[1]]],
  ['SELECT 1 AS a INTERSECT DISTINCT SELECT 1', [[1]]],
  ['(SELECT 1 AS a) EXCEPT DISTINCT (SELECT 2)', [[1]]],
  ['SELECT (SELECT MAX(x) FROM d.n) AS m', [[3]]],
  ['SELECT x FROM d.n AS o WHERE EXISTS (SELECT 1 FROM d.n AS i WHERE i.x = o.x + 1) ORDER BY x', [[1], [2]]],
  ["SELECT x FROM d.n WHERE x IN (SELECT x FROM d.n WHERE s = 'a') ORDER BY x", [[1], [3]]],
  [
    'SELECT x FROM d.n WHERE s IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY s ORDER BY x DESC) = 1 ORDER BY x',
    [[2], [3]],
  ],
  [
    'SELECT s, SUM(x) AS t FROM d.n WHERE s IS NOT NULL GROUP BY ROLLUP (s) ORDER BY s',
    [
      [null, 6],
      ['a', 4],
      ['b', 2],
    ],
  ],
  [
    'SELECT TIMESTAMP_TRUNC(at_time, DAY) AS day, COUNT(*) AS c FROM d.n GROUP BY TIMESTAMP_TRUNC(at_time, DAY) ORDER BY day LIMIT 1',
    [['2024-01-01T00:00:00.000Z', 1]],
  ],
  ["SELECT ROUND(SAFE_DIVIDE(COUNTIF(s = 'a'), COUNT(*)), 2) AS rate, SUM(x) / COUNT(x) AS mean FROM d.n", [[0.5, 2]]],
  ["SELECT COUNT(*) FROM d.n WHERE at_time >= '2024-01-02' AND at_time < '2024-01-04'", [[2]]],
  ["SELECT COUNT(*) FROM d.n WHERE DATE(at_time) BETWEEN '2024-01-02' AND '2024-01-03'", [[2]]],
  ['SELECT x # a comment\n FROM d.n -- another\n WHERE /* and one */ x = 1', [[1]]],
  ["SELECT table_name, table_type FROM d.INFORMATION_SCHEMA.TABLES WHERE table_name = 'n'", [['n', 'BASE TABLE']]],
  [
    "SELECT column_name, data_type FROM `virtuoso-local`.d.INFORMATION_SCHEMA.COLUMNS WHERE table_name = 'n' ORDER BY ordinal_position",
    [
      ['x', 'INT64'],
      ['s', 'STRING'],
      ['tags', 'ARRAY<STRING>'],
      ['at_time', 'TIMESTAMP'],
    ],
  ],
];

/** What is refused, and the words it is refused with. */
const REFUSALS: readonly (readonly [sql: string, message: RegExp, code?: number])[] = [
  ['SELECT FARM_FINGERPRINT(s) FROM d.n', /UNIMPLEMENTED: function FARM_FINGERPRINT/, 501],
  ['SELECT ST_GEOGPOINT(1, 2)', /UNIMPLEMENTED: function ST_GEOGPOINT/, 501],
  ["SELECT read_csv('/etc/passwd')", /UNIMPLEMENTED: function READ_CSV/, 501],
  ["SELECT * FROM read_csv('/etc/passwd')", /must be qualified with a dataset/, 400],
  ["SELECT SAFE.SUBSTR('a', 1)", /UNIMPLEMENTED: SAFE\.SUBSTR/, 501],
  ["SELECT SAFE.PARSE_DATE('%F', LOWER(s)) FROM d.n", /UNIMPLEMENTED: SAFE\.PARSE_DATE of more than columns/, 501],
  ['SELECT 1 & 2', /UNIMPLEMENTED: operator &/, 501],
  ['SELECT 2 ^ 3', /UNIMPLEMENTED: operator \^/, 501],
  ['SELECT x::INT64 FROM d.n', /Syntax error/, 400],
  ['SELECT x // 2 FROM d.n', /Syntax error/, 400],
  ['SELECT x FROM d.n TABLESAMPLE SYSTEM (10 PERCENT)', /UNIMPLEMENTED: TABLESAMPLE/, 501],
  ['SELECT * FROM d.n FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()', /UNIMPLEMENTED: FOR/, 501],
  ["SELECT * FROM d.n PIVOT (SUM(x) FOR s IN ('a'))", /UNIMPLEMENTED: PIVOT/, 501],
  ['SELECT (1, 2) AS r', /UNIMPLEMENTED: a result of type STRUCT without names/, 501],
  ['SELECT STRUCT(1 AS a, 2)', /UNIMPLEMENTED: a STRUCT of which only some fields have a name/, 501],
  ['SELECT s, COUNT(*) FROM d.n GROUP BY CUBE (s)', /UNIMPLEMENTED: GROUP BY CUBE/, 501],
  ['SELECT * FROM d.`n_*`', /UNIMPLEMENTED: a wildcard table/, 501],
  ['SELECT _PARTITIONTIME FROM d.n', /UNIMPLEMENTED: the pseudo column/, 501],
  ['DECLARE x INT64; SELECT 1', /UNIMPLEMENTED: statement DECLARE/, 501],
  ['SELECT 1; SELECT 2', /UNIMPLEMENTED: a script of several statements/, 501],
  ['ALTER TABLE d.n DROP COLUMN x', /UNIMPLEMENTED: ALTER TABLE … DROP COLUMN/, 501],
  ['ALTER TABLE d.n RENAME COLUMN x TO y', /UNIMPLEMENTED: ALTER TABLE … RENAME COLUMN/, 501],
  ['ALTER TABLE d.n ALTER COLUMN x SET DATA TYPE FLOAT64', /UNIMPLEMENTED: ALTER COLUMN … SET DATA/, 501],
  ['ALTER VIEW d.v SET OPTIONS()', /UNIMPLEMENTED: ALTER VIEW/, 501],
  ['CREATE TABLE d.c (s STRING(3))', /UNIMPLEMENTED: a parameterized STRING/, 501],
  ['CREATE TABLE d.c (g GEOGRAPHY)', /UNIMPLEMENTED: type GEOGRAPHY/, 501],
  ['CREATE VIEW d.w (a) AS SELECT 1', /UNIMPLEMENTED: a column list in CREATE VIEW/, 501],
  ['CREATE FUNCTION d.f() AS (1)', /UNIMPLEMENTED: CREATE FUNCTION/, 501],
  ['CREATE TEMP FUNCTION f() AS (1); SELECT f()', /UNIMPLEMENTED: CREATE TEMP/, 501],
  ['CREATE PROCEDURE d.p() BEGIN END', /UNIMPLEMENTED: CREATE PROCEDURE/, 501],
  ['CREATE MATERIALIZED VIEW d.m AS SELECT 1', /UNIMPLEMENTED: CREATE MATERIALIZED/, 501],
  ['DROP FUNCTION d.f', /UNIMPLEMENTED: DROP FUNCTION/, 501],
  ['CALL d.p()', /UNIMPLEMENTED: statement CALL/, 501],
  ['BEGIN TRANSACTION', /UNIMPLEMENTED: statement BEGIN/, 501],
  ["EXPORT DATA OPTIONS(format = 'CSV') AS SELECT 1", /uri of EXPORT DATA is needed/],
  [
    "EXPORT DATA WITH CONNECTION c OPTIONS(uri = 'gs://b/*') AS SELECT 1",
    /UNIMPLEMENTED: EXPORT DATA WITH CONNECTION/,
    501,
  ],
  ['GRANT `x` ON TABLE d.n TO "user:a"', /UNIMPLEMENTED: statement GRANT/, 501],
  ['FROM d.n |> SELECT x', /UNIMPLEMENTED: operator \|>/, 501],
  ['MERGE d.n t USING d.n u ON FALSE WHEN NOT MATCHED THEN INSERT ROW', /UNIMPLEMENTED: INSERT ROW/, 501],
  ['SELECT * FROM d.INFORMATION_SCHEMA.ROUTINES', /UNIMPLEMENTED: INFORMATION_SCHEMA\.ROUTINES/, 501],
  ['SELEC 1', /Syntax error: Unexpected identifier "SELEC" at \[1:1\]/, 400],
  ["SELECT DATE '2024-01-02' - DATE '2024-01-01'", /UNIMPLEMENTED: DATE - DATE/, 501],
  ["SELECT NUMERIC '1' / NUMERIC '2'", /UNIMPLEMENTED: division, rounding or mathematics of NUMERIC/, 501],
  ["SELECT FORMAT('%t', 1)", /UNIMPLEMENTED: FORMAT with the specifier %t/, 501],
  [
    "SELECT FORMAT_TIMESTAMP('%c', CURRENT_TIMESTAMP())",
    /UNIMPLEMENTED: FORMAT_TIMESTAMP with the format code %c/,
    501,
  ],
  ['SELECT REGEXP_EXTRACT(s, s) FROM d.n', /UNIMPLEMENTED: REGEXP_EXTRACT with a computed pattern/, 501],
  ['SELECT TO_JSON_STRING(at_time) FROM d.n', /UNIMPLEMENTED: TO_JSON_STRING of TIMESTAMP/, 501],
  ["SELECT JSON_VALUE('{}', '$.*')", /UNIMPLEMENTED: JSON_VALUE with the path/, 501],
  [
    'SELECT * FROM (SELECT [STRUCT(1 AS a)] AS l) AS t, UNNEST(t.l)',
    /UNIMPLEMENTED: SELECT \* over UNNEST of an array of STRUCT/,
    501,
  ],
  ['SELECT DATE_TRUNC(at_time, DAY) FROM d.n', /No matching signature for DAY/, 400],
  ['SELECT LOWER(x) FROM d.n', /No matching signature for LOWER/, 400],
  ['SELECT LOWER()', /No matching signature for function LOWER/, 400],
  ['SELECT 1 / 0', /division by zero/, 400],
  ['SELECT MOD(1, 0)', /division by zero/, 400],
  ['SELECT [1][OFFSET(1)]', /Array index 1 is out of bounds/, 400],
  ["SELECT CAST('x' AS INT64)", /Bad int64 value: x/, 400],
  ["SELECT CAST('1.5' AS INT64)", /Bad int64 value: 1\.5/, 400],
  ["SELECT ERROR('mine')", /mine/, 400],
  ['SELECT nope FROM d.n', /Unrecognized name: nope/, 400],
  ['SELECT x FROM d.nope', /Not found: Table virtuoso-local:d\.nope/, 404],
  ['SELECT x FROM nope.n', /Not found: Dataset virtuoso-local:nope/, 404],
  ['SELECT x FROM n', /must be qualified with a dataset/, 400],
  ["SELECT 'open", /Unclosed string literal at \[1:8\]/, 400],
  ['SELECT FROM d.n', /Syntax error: Expected an expression but got "FROM" at \[1:8\]/, 400],
  ['SELECT 1 UNION SELECT 2', /Expected ALL or DISTINCT/, 400],
  ['SELECT a.x, b.x FROM d.n a, d.n b', /Duplicate column names/, 400],
  ['SELECT ARRAY_AGG(x) FROM d.n', /Array cannot have a null element/, 400],
  ['DELETE FROM d.n', /DELETE must have a WHERE clause/, 400],
  [
    'UPDATE d.n SET x = 1.5 WHERE true',
    /Value has type FLOAT64 which cannot be inserted into column x, which has type INT64/,
    400,
  ],
  [
    'INSERT INTO d.n (s) VALUES (1)',
    /Value has type INT64 which cannot be inserted into column s, which has type STRING/,
    400,
  ],
  ['SELECT s, x FROM d.n UNION ALL SELECT s, s FROM d.n', /Column 2 in UNION ALL has incompatible types/, 400],
  ['DELETE FROM d.n WHERE 1', /WHERE clause should return type BOOL, but returns type INT64/, 400],
  ['UPDATE d.n SET x = 2 WHERE s', /WHERE clause should return type BOOL, but returns type STRING/, 400],
  ['MERGE d.n t USING d.n s ON 1 WHEN MATCHED THEN DELETE', /MERGE .*should return type BOOL, but/, 400],
  ['INSERT INTO d.n (x, s) VALUES (1)', /Inserted row has wrong column count; Has 1, expected 2/, 400],
];

const VALUES = `SELECT 1 AS x, 'a' AS s, ['p', 'q'] AS tags, TIMESTAMP '2024-01-01' AS at_time
  UNION ALL SELECT 2, 'b', ARRAY<STRING>[], TIMESTAMP '2024-01-02' UNION ALL SELECT 3, 'a', ARRAY<STRING>[], TIMESTAMP '2024-01-03'
  UNION ALL SELECT NULL, NULL, ARRAY<STRING>[], TIMESTAMP '2024-01-04'`;

const rowsOf = async (bigquery: TestBigquery, sql: string, options?: Record<string, unknown>) =>
  (await bigquery.rows(sql, options)).map((row) => Object.values(row).map(plain));

async function start(): Promise<TestBigquery> {
  const bigquery = await startBigquery();
  await bigquery.client.createDataset('d');
  await bigquery.rows(`CREATE TABLE d.n PARTITION BY DATE(at_time) AS ${VALUES}`);
  return bigquery;
}

describe('queries of the local BigQuery', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  before(async () => {
    bigquery = await start();
  });
  after(async () => await bigquery.close());

  for (const [sql, rows] of QUERIES) {
    it(`answer ${sql}`, async () => assert.deepEqual(await rowsOf(bigquery, sql), rows));
  }

  for (const [sql, message, code] of REFUSALS) {
    it(`refuse ${sql}`, async () => {
      await assert.rejects(bigquery.rows(sql), (error: Error & { code?: number }) => {
        assert.match(error.message, message);
        if (code) assert.equal(error.code, code);
        return true;
      });
    });
  }
});

describe('statements of the local BigQuery', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  beforeEach(async () => {
    bigquery = await start();
  });
  afterEach(async () => await bigquery.close());

  it('take named parameters of every type', async () => {
    const params = {
      n: 2,
      f: 0.5,
      s: "it's",
      b: true,
      list: [1, 2],
      at_time: new Date('2024-01-02'),
      bytes: 'YQ==',
      nothing: null,
    };
    const sql =
      'SELECT @n AS n, @f AS f, @s AS s, @b AS b, ARRAY_LENGTH(@list) AS l, (SELECT COUNT(*) FROM d.n WHERE x IN UNNEST(@list)) AS found, (SELECT MIN(x) FROM d.n WHERE at_time >= @at_time) AS later, TO_HEX(@bytes) AS h, @nothing AS nothing';
    assert.deepEqual(
      await rowsOf(bigquery, sql, {
        params,
        types: {
          nothing: 'STRING',
          n: 'INT64',
          f: 'FLOAT64',
          s: 'STRING',
          b: 'BOOL',
          list: ['INT64'],
          at_time: 'TIMESTAMP',
          bytes: 'BYTES',
        },
      }),
      [[2, 0.5, "it's", true, 2, 2, 2, '61', null]],
    );
  });

  it('take positional parameters', async () => {
    assert.deepEqual(
      await rowsOf(bigquery, 'SELECT x FROM d.n WHERE x > ? AND s = ? LIMIT ?', { params: [1, 'a', 5] }),
      [[3]],
    );
  });

  it('take STRUCT parameters and refuse missing ones by name', async () => {
    await assert.rejects(bigquery.rows('SELECT @gone', { params: { other: 1 } }), /Query parameter 'gone' not found/);
    assert.equal(await bigquery.value('SELECT @s.a', { params: { s: { a: 1 } } }), 1);
  });

  it('insert, update and delete rows and say how many', async () => {
    const affected = async (sql: string) => {
      const [job] = await bigquery.client.createQueryJob(sql);
      await job.getQueryResults();
      return (await job.getMetadata())[0].statistics.query.numDmlAffectedRows;
    };
    assert.equal(
      await affected(
        "INSERT INTO d.n (x, s, at_time) VALUES (4, 'd', '2024-01-05'), (5, NULL, TIMESTAMP '2024-01-06')",
      ),
      '2',
    );
    assert.equal(await affected("INSERT d.n (x, s) SELECT x + 10, CONCAT(s, '!') FROM d.n WHERE x <= 2"), '2');
    assert.equal(await affected("UPDATE d.n SET s = 'z', x = x + 1 WHERE x = 4"), '1');
    assert.equal(await affected('DELETE FROM d.n WHERE x IS NULL OR x < 3'), '3');
    assert.deepEqual(await rowsOf(bigquery, 'SELECT x, s FROM d.n ORDER BY x, s'), [
      [3, 'a'],
      [5, null],
      [5, 'z'],
      [11, 'a!'],
      [12, 'b!'],
    ]);
    await bigquery.rows('TRUNCATE TABLE d.n');
    assert.equal(await bigquery.value('SELECT COUNT(*) FROM d.n'), 0);
  });

  it('merge a source into a table', async () => {
    await bigquery.rows(`MERGE d.n AS t USING (SELECT 1 AS x, 'new' AS s UNION ALL SELECT 9, 'nine') AS u ON t.x = u.x
      WHEN MATCHED AND u.s = 'new' THEN UPDATE SET s = u.s
      WHEN NOT MATCHED THEN INSERT (x, s, at_time) VALUES (u.x, u.s, TIMESTAMP '2024-02-01')
      WHEN NOT MATCHED BY SOURCE AND t.x = 2 THEN DELETE`);
    assert.deepEqual(await rowsOf(bigquery, 'SELECT x, s FROM d.n ORDER BY x'), [
      [null, null],
      [1, 'new'],
      [3, 'a'],
      [9, 'nine'],
    ]);
  });

  it('refuse a merge in which several rows match one', async () => {
    const merge = bigquery.rows(
      "MERGE d.n t USING (SELECT 1 AS x UNION ALL SELECT 1) u ON t.x = u.x WHEN MATCHED THEN UPDATE SET s = 'q'",
    );
    await assert.rejects(merge, /must match at most one source row/);
  });

  it('create, replace, clone and drop tables and views', async () => {
    await bigquery.rows(`CREATE TABLE IF NOT EXISTS d.made (a INT64 NOT NULL OPTIONS(description = 'key'), l ARRAY<STRING>, r STRUCT<x DATE, y FLOAT64>)
      CLUSTER BY a OPTIONS(description = 'made', labels = [('team', 'qa')])`);
    const [metadata] = await bigquery.client.dataset('d').table('made').getMetadata();
    assert.deepEqual(metadata.schema.fields, [
      { name: 'a', type: 'INTEGER', mode: 'REQUIRED', description: 'key' },
      { name: 'l', type: 'STRING', mode: 'REPEATED' },
      {
        name: 'r',
        type: 'RECORD',
        fields: [
          { name: 'x', type: 'DATE' },
          { name: 'y', type: 'FLOAT' },
        ],
      },
    ]);
    assert.deepEqual(metadata.labels, { team: 'qa' });
    await assert.rejects(
      bigquery.rows('CREATE TABLE d.made AS SELECT 1 AS a'),
      (error: { code: number }) => error.code === 409,
    );
    await bigquery.rows('CREATE OR REPLACE TABLE d.made AS SELECT x FROM d.n WHERE x > 1');
    await bigquery.rows('CREATE SNAPSHOT TABLE d.snap CLONE d.made');
    await bigquery.rows('DELETE FROM d.made WHERE x = 2');
    await bigquery.rows('CREATE OR REPLACE VIEW d.v AS SELECT x * 2 AS y FROM d.snap;');
    assert.deepEqual(await rowsOf(bigquery, 'SELECT y FROM d.v ORDER BY y'), [[4], [6]]);
    await assert.rejects(bigquery.rows('DELETE FROM d.snap WHERE true'), /SNAPSHOT and cannot be modified/);
    await assert.rejects(bigquery.rows('DROP TABLE d.v'), /is a VIEW, not a TABLE/);
    await bigquery.rows('DROP VIEW d.v');
    await bigquery.rows('DROP TABLE d.made');
    await bigquery.rows('DROP TABLE IF EXISTS d.made');
    await bigquery.rows('DROP SNAPSHOT TABLE d.snap');
    assert.deepEqual(await rowsOf(bigquery, 'SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES'), [['n']]);
  });

  it('use the default dataset', async () => {
    assert.deepEqual(await rowsOf(bigquery, 'SELECT MAX(x) FROM n', { defaultDataset: { datasetId: 'd' } }), [[3]]);
  });
});
