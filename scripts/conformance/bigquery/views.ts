import assert from 'node:assert/strict';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails, metadataOf, type Resource } from './clients.ts';

export function views({ dataset, newTable, filled, rows, ran, id }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const view = (query: string) => newTable(undefined, { view: { query, useLegacySql: false } });

  method('tables.insert (views)', {
    'makes a view with the columns of its query': async () => {
      const table = await filled("SELECT 1 AS a, 'x' AS b");
      const made = await view(`SELECT a + 1 AS next, b FROM ${dataset.id}.${table.id}`);
      const metadata = await metadataOf(made);
      assert.equal(metadata.type, 'VIEW');
      assert.deepEqual(
        (metadata.schema as { fields: Resource[] }).fields.map(({ name, type }) => [name, type]),
        [
          ['next', 'INTEGER'],
          ['b', 'STRING'],
        ],
      );
      assert.deepEqual(await rows(`SELECT next, b FROM ${made.id}`), [[2, 'x']]);
    },
    'shows in a view what its table holds now': async () => {
      const table = await filled('SELECT 1 AS a');
      const made = await view(`SELECT a FROM ${dataset.id}.${table.id}`);
      await ran(`INSERT INTO ${table.id} (a) VALUES (2)`);
      assert.deepEqual(await rows(`SELECT a FROM ${made.id} ORDER BY a`), [[1], [2]]);
    },
    'makes a view of a view': async () => {
      const first = await view('SELECT 1 AS a UNION ALL SELECT 2');
      const second = await view(`SELECT MAX(a) AS m FROM ${dataset.id}.${first.id}`);
      assert.deepEqual(await rows(`SELECT m FROM ${second.id}`), [[2]]);
    },
    'refuses a query that is wrong': () => fails(view('SELECT'), 'invalidQuery', /Syntax error/),
    'refuses a table that does not exist': () =>
      fails(view(`SELECT a FROM ${dataset.id}.${id('none')}`), 'notFound', /Not found: Table/),
  });

  method('tables.patch (views)', {
    'changes the query and with it the columns': async () => {
      const made = await view('SELECT 1 AS a');
      await made.setMetadata({ view: { query: "SELECT 'x' AS b", useLegacySql: false } });
      const { fields } = (await metadataOf(made)).schema as { fields: Resource[] };
      assert.deepEqual([fields.length, fields[0]?.name, fields[0]?.type], [1, 'b', 'STRING']);
      assert.deepEqual(await rows(`SELECT b FROM ${made.id}`), [['x']]);
    },
  });

  method('jobs.query (views)', {
    'fails when the table of a view is gone': async () => {
      const table = await filled('SELECT 1 AS a');
      const made = await view(`SELECT a FROM ${dataset.id}.${table.id}`);
      await table.delete();
      await fails(rows(`SELECT a FROM ${made.id}`), 'notFound', /Not found: Table/);
    },
    'refuses to write to a view': async () => {
      const made = await view('SELECT 1 AS a');
      await assert.rejects(ran(`INSERT INTO ${made.id} (a) VALUES (2)`));
      await assert.rejects(made.insert([{ a: 2 }]));
    },
  });
  return all;
}
