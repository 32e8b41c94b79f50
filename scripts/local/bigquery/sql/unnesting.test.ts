import assert from 'node:assert/strict';
import { startBigquery, type TestBigquery } from '../testing.ts';

const params = {
  rows: [
    { id: 'r1', n: 7 },
    { id: 'r9', n: 8 },
  ],
};

describe('arrays in FROM of the local BigQuery', () => {
  let local: TestBigquery;
  before(async () => {
    local = await startBigquery();
    await local.client.createDataset('d');
    await local.rows(
      'CREATE TABLE d.runs (id STRING, steps ARRAY<STRUCT<name STRING, ms INT64>>, labels ARRAY<STRING>, name STRING)',
    );
    await local.rows(`INSERT INTO d.runs VALUES
      ('r1', [STRUCT('click' AS name, 10 AS ms), ('type', 20)], ['a'], 'one'), ('r2', [('click', 30)], NULL, 'two')`);
  });
  after(() => local.close());

  it('show the fields of their STRUCTs as columns', async () => {
    assert.equal(await local.value('SELECT SUM(ms) FROM d.runs, UNNEST(steps)'), 60);
    assert.deepEqual(await local.rows('SELECT ms FROM d.runs AS r, UNNEST(r.steps) AS s GROUP BY ms ORDER BY ms'), [
      { ms: 10 },
      { ms: 20 },
      { ms: 30 },
    ]);
    assert.equal(await local.value('SELECT SUM(n) FROM UNNEST(@rows)', { params }), 15);
    assert.equal(await local.value('SELECT SUM(a * b) FROM UNNEST([STRUCT(1 AS a, 2 AS b), (3, 4)]) AS p'), 14);
    assert.equal(await local.value('WITH t AS (SELECT id, n FROM UNNEST(@rows)) SELECT MAX(n) FROM t', { params }), 8);
  });

  it('show them in subqueries of the list, before FROM is read', async () => {
    const first = "(SELECT ms FROM UNNEST(steps) WHERE name = 'click') AS click";
    const sum = '(SELECT SUM(ms) FROM UNNEST(r.steps)) AS total';
    assert.deepEqual(
      await local.rows(`SELECT id, ${first}, ${sum} FROM d.runs AS r WHERE id >= ? ORDER BY id`, { params: ['r'] }),
      [
        { id: 'r1', click: 10, total: 30 },
        { id: 'r2', click: 30, total: 30 },
      ],
    );
    const compared =
      'SELECT ? + (SELECT MAX(ms) FROM UNNEST(steps)), id IS DISTINCT FROM name FROM (SELECT ? AS k), d.runs';
    assert.equal(await local.value(`${compared} ORDER BY 1`, { params: [5, 6] }), 25);
  });

  it('leave a column of the table before its name', async () => {
    assert.equal(await local.value("SELECT name FROM d.runs, UNNEST(steps) AS s WHERE s.name = 'type'"), 'one');
  });

  it('are all of their columns for a star', async () => {
    assert.deepEqual(await local.rows('SELECT * FROM UNNEST(@rows) ORDER BY n', { params }), params.rows);
    const sql = 'SELECT r.id, s.* EXCEPT (ms) FROM d.runs AS r CROSS JOIN UNNEST(r.steps) AS s WHERE s.ms = 20';
    assert.deepEqual(await local.rows(sql), [{ id: 'r1', name: 'type' }]);
  });

  it('may stand without UNNEST behind the table that has them', async () => {
    assert.equal(await local.value('SELECT SUM(s.ms) FROM d.runs AS r, r.steps AS s'), 60);
    assert.equal(await local.value('WITH t AS (SELECT [1, 2] AS l) SELECT SUM(e) FROM t, t.l AS e'), 3);
  });

  it('leave WHERE without the names of the list', async () => {
    await assert.rejects(
      local.rows("SELECT UPPER(id) AS up FROM d.runs WHERE up = 'R1'"),
      /Unrecognized name: up at \[1:42\]/,
    );
    assert.equal(await local.value("SELECT UPPER(id) AS id FROM d.runs WHERE id = 'r1'"), 'R1');
    assert.equal(
      await local.value("SELECT UPPER(id) AS up FROM d.runs GROUP BY up HAVING up = 'R1' ORDER BY up"),
      'R1',
    );
    assert.equal(
      await local.value('SELECT s.ms AS e FROM d.runs AS r, r.steps AS s WHERE (SELECT 1 AS e) = 1 AND s.ms = 20'),
      20,
    );
  });

  it('are empty in a table, never NULL', async () => {
    assert.equal(await local.value("SELECT ARRAY_LENGTH(labels) FROM d.runs WHERE id = 'r2'"), 0);
  });

  it('are joined to text once each, in order', async () => {
    const sql = "SELECT STRING_AGG(DISTINCT s.name, '-' ORDER BY s.name DESC) FROM d.runs, UNNEST(steps) AS s";
    assert.equal(await local.value(sql), 'type-click');
    const numbers = 'SELECT STRING_AGG(DISTINCT s.ms) FROM d.runs, UNNEST(steps) AS s';
    await assert.rejects(local.value(numbers), /No matching signature for STRING_AGG/);
  });

  it('give MAX_BY the value of the greatest, also when it is NULL', async () => {
    assert.equal(await local.value("SELECT MAX_BY(s, x) FROM UNNEST([STRUCT('a' AS s, 1 AS x), (NULL, 2)])"), null);
  });
});
