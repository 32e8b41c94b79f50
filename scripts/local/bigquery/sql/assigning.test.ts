import assert from 'node:assert/strict';
import { startBigquery, type TestBigquery } from '../testing.ts';

/** Values that DuckDB would cast to the column's type, and what BigQuery says to them. */
const REFUSED: readonly (readonly [column: string, value: string, said: RegExp])[] = [
  ['day', "TIMESTAMP '2024-01-01'", /type TIMESTAMP which cannot be inserted into column day, which has type DATE/],
  ['ts', "DATE '2024-01-01'", /type DATE which cannot be inserted into column ts, which has type TIMESTAMP/],
  ['b', '1', /type INT64 which cannot be inserted into column b, which has type BOOL/],
  ['f', "'1.5'", /type STRING which cannot be inserted into column f, which has type FLOAT64/],
  ['id', "'1'", /type STRING which cannot be inserted into column id, which has type INT64/],
  ['tags', "['a', NULL]", /Array cannot have a null element; error in writing field tags/],
  ['id', 'NULL', /Required field id cannot be null/],
];

describe('values for columns of the local BigQuery', () => {
  let local: TestBigquery;
  before(async () => {
    local = await startBigquery();
    await local.client.createDataset('d');
    await local.rows(
      'CREATE TABLE d.t (id INT64 NOT NULL, day DATE, ts TIMESTAMP, b BOOL, f FLOAT64, n NUMERIC, tags ARRAY<STRING>)',
    );
    await local.rows('INSERT INTO d.t (id) VALUES (1)');
  });
  after(() => local.close());

  for (const [column, value, said] of REFUSED) {
    it(`are of its type, which ${value} is not for ${column}`, async () => {
      const [columns, values] = column === 'id' ? ['id', value] : [`id, ${column}`, `2, ${value}`];
      await assert.rejects(local.rows(`INSERT INTO d.t (${columns}) VALUES (${values})`), said);
      await assert.rejects(local.rows(`INSERT INTO d.t (${columns}) SELECT ${values}`), said);
      await assert.rejects(local.rows(`UPDATE d.t SET ${column} = ${value} WHERE id = 1`), said);
      assert.equal(await local.value('SELECT COUNT(*) FROM d.t'), 1);
    });
  }

  it('may be literals of another type', async () => {
    await local.rows(
      "UPDATE d.t SET day = '2024-01-01', ts = '2024-01-01', f = 1, n = 1.5, tags = NULL, b = NULL WHERE id = 1",
    );
    assert.equal(
      await local.value("SELECT CONCAT(CAST(day AS STRING), ' ', CAST(n AS STRING)) FROM d.t"),
      '2024-01-01 1.5',
    );
  });

  it('are listed with a comma behind the last', async () => {
    assert.equal(await local.value('SELECT id, FROM d.t'), 1);
    assert.equal(await local.value('SELECT (SELECT id, FROM d.t) + 1,'), 2);
    await assert.rejects(local.rows('SELECT , id FROM d.t'), /Expected an expression/);
  });
});
