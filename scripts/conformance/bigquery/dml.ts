import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails, metadataOf } from './clients.ts';

const ABC = "SELECT 1 AS x, 'a' AS s UNION ALL SELECT 2, 'b' UNION ALL SELECT 3, 'c'";

export function dml({ filled, ran, rows, newTable, value }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  /** What a statement did: its kind, the rows it changed and how. */
  const did = async (sql: string, options = {}) => {
    const { statementType, numDmlAffectedRows, dmlStats } = (await ran(sql, options)).statistics.query ?? {};
    return { statementType, numDmlAffectedRows, dmlStats };
  };
  const all3 = (id: string | undefined) => rows(`SELECT x, s FROM ${id} ORDER BY x, s`);

  method('jobs.insert (INSERT)', {
    'inserts values and says how many': async () => {
      const { id } = await newTable('x:INTEGER,s:STRING');
      assert.deepEqual(await did(`INSERT INTO ${id} (x, s) VALUES (1, 'a'), (2, NULL)`), {
        ...{ statementType: 'INSERT', numDmlAffectedRows: '2', dmlStats: { insertedRowCount: '2' } },
      });
      assert.deepEqual(await all3(id), [
        [1, 'a'],
        [2, null],
      ]);
    },
    'inserts what a query finds, and NULL where it says nothing': async () => {
      const { id } = await filled(ABC);
      assert.equal((await did(`INSERT ${id} (x) SELECT x + 10 FROM ${id} WHERE x < 3`)).numDmlAffectedRows, '2');
      assert.deepEqual((await all3(id)).slice(3), [
        [11, null],
        [12, null],
      ]);
    },
    'takes every column in order when none is named': async () => {
      const { id } = await newTable('x:INTEGER,s:STRING');
      await ran(`INSERT INTO ${id} VALUES (1, 'a')`);
      assert.deepEqual(await all3(id), [[1, 'a']]);
    },
    'takes arrays, structs and parameters': async () => {
      const { id } = await filled("SELECT 0 AS i, ['x'] AS l, STRUCT(1 AS a, 'y' AS b) AS r LIMIT 0");
      await ran(`INSERT INTO ${id} (i, l, r) VALUES (@i, ['p', 'q'], STRUCT(2, 'z'))`, { params: { i: 5 } });
      assert.deepEqual(await rows(`SELECT i, l, r FROM ${id}`), [[5, ['p', 'q'], { a: 2, b: 'z' }]]);
    },
    'refuses values of another type or another number, and a column that is not there': async () => {
      const { id } = await newTable('x:INTEGER,s:STRING');
      await fails(ran(`INSERT INTO ${id} (s) VALUES (1)`), 'invalidQuery');
      await fails(ran(`INSERT INTO ${id} (x, s) VALUES (1)`), 'invalidQuery', /wrong column count/);
      await fails(ran(`INSERT INTO ${id} (nope) VALUES (1)`), 'invalidQuery', /nope/);
    },
    'refuses NULL in a required column': async () => {
      const { id } = await newTable({ fields: [{ name: 'x', type: 'INTEGER', mode: 'REQUIRED' }] });
      await fails(ran(`INSERT INTO ${id} (x) VALUES (NULL)`), 'invalidQuery');
    },
  });

  method('jobs.insert (UPDATE)', {
    'changes the rows that match and says how many': async () => {
      const { id } = await filled(ABC);
      assert.deepEqual(await did(`UPDATE ${id} SET s = 'z', x = x * 10 WHERE x > 1`), {
        ...{ statementType: 'UPDATE', numDmlAffectedRows: '2', dmlStats: { updatedRowCount: '2' } },
      });
      assert.deepEqual(await all3(id), [
        [1, 'a'],
        [20, 'z'],
        [30, 'z'],
      ]);
    },
    'changes nothing when nothing matches': async () => {
      const { id } = await filled(ABC);
      assert.equal((await did(`UPDATE ${id} SET x = 0 WHERE FALSE`)).numDmlAffectedRows, '0');
    },
    'takes an alias and a subquery': async () => {
      const { id } = await filled(ABC);
      await ran(`UPDATE ${id} AS t SET t.s = 'top' WHERE t.x = (SELECT MAX(x) FROM ${id})`);
      assert.equal(await value(`SELECT s FROM ${id} WHERE x = 3`), 'top');
    },
    'joins other tables by FROM': async () => {
      const [{ id }, other] = [await filled(ABC), await filled("SELECT 2 AS k, 'new' AS v")];
      assert.equal(
        (await did(`UPDATE ${id} t SET s = o.v FROM ${other.id} o WHERE t.x = o.k`)).numDmlAffectedRows,
        '1',
      );
      assert.equal(await value(`SELECT s FROM ${id} WHERE x = 2`), 'new');
    },
    'refuses an update without WHERE': async () => {
      const { id } = await filled(ABC);
      await fails(ran(`UPDATE ${id} SET x = 0`), 'invalidQuery', /must have a WHERE clause/);
    },
    'refuses a value of another type': async () => {
      const { id } = await filled(ABC);
      await fails(ran(`UPDATE ${id} SET x = 1.5 WHERE TRUE`), 'invalidQuery');
    },
  });

  method('jobs.insert (DELETE)', {
    'removes the rows that match and says how many': async () => {
      const { id } = await filled(ABC);
      assert.deepEqual(await did(`DELETE FROM ${id} WHERE x >= @x`, { params: { x: 2 } }), {
        ...{ statementType: 'DELETE', numDmlAffectedRows: '2', dmlStats: { deletedRowCount: '2' } },
      });
      assert.deepEqual(await all3(id), [[1, 'a']]);
    },
    'refuses a delete without WHERE': async () => {
      await fails(ran(`DELETE FROM ${(await filled(ABC)).id}`), 'invalidQuery', /must have a WHERE clause/);
    },
  });

  method('jobs.insert (MERGE)', {
    'updates, inserts and deletes in one statement': async () => {
      const { id } = await filled(ABC);
      const source = "(SELECT 1 AS x, 'new' AS s UNION ALL SELECT 9, 'nine')";
      const done = await did(`MERGE ${id} t USING ${source} u ON t.x = u.x
        WHEN MATCHED AND u.s = 'new' THEN UPDATE SET s = u.s
        WHEN NOT MATCHED THEN INSERT (x, s) VALUES (u.x, u.s)
        WHEN NOT MATCHED BY SOURCE AND t.x = 2 THEN DELETE`);
      assert.deepEqual(done, {
        ...{ statementType: 'MERGE', numDmlAffectedRows: '3' },
        dmlStats: { insertedRowCount: '1', updatedRowCount: '1', deletedRowCount: '1' },
      });
      assert.deepEqual(await all3(id), [
        [1, 'new'],
        [3, 'c'],
        [9, 'nine'],
      ]);
    },
    'replaces all rows by ON FALSE': async () => {
      const { id } = await filled(ABC);
      await ran(`MERGE ${id} t USING (SELECT 7 AS x, 'g' AS s) u ON FALSE
        WHEN NOT MATCHED THEN INSERT (x, s) VALUES (x, s) WHEN NOT MATCHED BY SOURCE THEN DELETE`);
      assert.deepEqual(await all3(id), [[7, 'g']]);
    },
    'refuses several rows for one, and changes nothing': async () => {
      const { id } = await filled(ABC);
      const merge = `MERGE ${id} t USING (SELECT 1 AS x UNION ALL SELECT 1) u ON t.x = u.x WHEN MATCHED THEN UPDATE SET s = 'q'`;
      await fails(ran(merge), 'invalidQuery', /must match at most one source row/);
      assert.equal(await value(`SELECT s FROM ${id} WHERE x = 1`), 'a');
    },
  });

  method('jobs.insert (TRUNCATE TABLE)', {
    'removes all rows and keeps the table': async () => {
      const table = await filled(ABC);
      assert.equal((await did(`TRUNCATE TABLE ${table.id}`)).statementType, 'TRUNCATE_TABLE');
      assert.equal((await metadataOf(table)).numRows, '0');
    },
  });

  method('jobs.query (DML)', {
    'answers with how many rows were changed, and none': async () => {
      const { id } = await filled(ABC);
      const { jobReference } = await ran(`DELETE FROM ${id} WHERE x = 1`);
      assert.ok(jobReference.jobId);
      assert.deepEqual(await rows(`DELETE FROM ${id} WHERE x = 2`), []);
    },
    'leaves the table as it was when a statement fails': async () => {
      const { id } = await filled(ABC);
      await fails(ran(`UPDATE ${id} SET x = DIV(6, x - 3) WHERE TRUE`), 'invalidQuery', /division by zero/);
      assert.deepEqual(await rows(`SELECT SUM(x) FROM ${id}`), [[6]]);
    },
    'refuses a table that does not exist': () =>
      fails(rows('DELETE FROM none_such WHERE TRUE'), 'notFound', /Not found: Table/),
  });
  return all;
}
