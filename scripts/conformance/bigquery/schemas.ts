import assert from 'node:assert/strict';
import type { TableField } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails, metadataOf } from './clients.ts';

export function schemas({ newTable, filled, rows, value }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fieldsOf = async (of: { getMetadata(): Promise<unknown[]> }) =>
    ((await metadataOf(of)).schema as { fields: TableField[] }).fields;
  const integer = (name: string, more: TableField = {}): TableField => ({ name, type: 'INTEGER', ...more });

  method('tables.insert (schema)', {
    'keeps modes, descriptions and nested records': async () => {
      const fields: TableField[] = [
        { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'the key' },
        { name: 'tags', type: 'STRING', mode: 'REPEATED' },
        {
          name: 'steps',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'name', type: 'STRING', mode: 'REQUIRED' },
            { name: 'at', type: 'RECORD', mode: 'NULLABLE', fields: [{ name: 'x', type: 'FLOAT', mode: 'NULLABLE' }] },
          ],
        },
      ];
      assert.deepEqual(await fieldsOf(await newTable({ fields })), fields);
    },
    'calls the types of SQL by their older names': async () => {
      const made = await newTable('a:INT64,b:FLOAT64,c:BOOL');
      assert.deepEqual(
        (await fieldsOf(made)).map(({ type }) => type),
        ['INTEGER', 'FLOAT', 'BOOLEAN'],
      );
      const [struct] = await fieldsOf(
        await newTable({ fields: [{ name: 's', type: 'STRUCT', fields: [integer('x')] }] }),
      );
      assert.equal(struct?.type, 'RECORD');
    },
    'refuses an unknown type': () => fails(newTable({ fields: [{ name: 'a', type: 'NUMBER' }] }), 'invalid'),
    'refuses an unknown mode': () => fails(newTable({ fields: [integer('a', { mode: 'MAYBE' })] }), 'invalid'),
    'refuses two columns that differ only in case': () => fails(newTable('a:INTEGER,A:STRING'), 'invalid'),
    'refuses a record without fields': () => fails(newTable({ fields: [{ name: 'r', type: 'RECORD' }] }), 'invalid'),
    'refuses a name that begins with a reserved prefix': () => fails(newTable('_TABLE_a:INTEGER'), 'invalid'),
  });

  method('tables.patch (schema)', {
    'gives columns to a table that has none': async () => {
      const made = await newTable(undefined);
      await assert.rejects(rows(`SELECT * FROM ${made.id}`), /does not have a schema/);
      await made.setMetadata({ schema: { fields: [integer('a')] } });
      await made.insert([{ a: 1 }]);
      assert.deepEqual(await rows(`SELECT * FROM ${made.id}`), [[1]]);
    },
    'adds a column, which old rows have no value for': async () => {
      const made = await filled('SELECT 1 AS a');
      await made.setMetadata({ schema: { fields: [integer('a'), integer('b')] } });
      await made.insert([{ a: 2, b: 3 }]);
      const found = await rows(`SELECT a, b FROM ${made.id} ORDER BY a`);
      assert.deepEqual(found, [
        [1, null],
        [2, 3],
      ]);
    },
    'adds a repeated column, which is empty in old rows': async () => {
      const made = await filled('SELECT 1 AS a');
      await made.setMetadata({ schema: { fields: [integer('a'), integer('l', { mode: 'REPEATED' })] } });
      assert.deepEqual(await rows(`SELECT l FROM ${made.id}`), [[[]]]);
    },
    'adds a field to a nested record': async () => {
      const made = await filled('SELECT STRUCT(1 AS x) AS r');
      const r: TableField = { name: 'r', type: 'RECORD', fields: [integer('x'), { name: 'y', type: 'STRING' }] };
      await made.setMetadata({ schema: { fields: [r] } });
      assert.deepEqual(await rows(`SELECT r.x, r.y FROM ${made.id}`), [[1, null]]);
    },
    'lets a required column be nullable': async () => {
      const made = await newTable({ fields: [integer('a', { mode: 'REQUIRED' }), integer('b')] });
      await made.setMetadata({ schema: { fields: [integer('a', { mode: 'NULLABLE' }), integer('b')] } });
      await made.insert([{ b: 1 }]);
      assert.equal(await value(`SELECT a FROM ${made.id}`), null);
    },
    'describes a column': async () => {
      const made = await newTable('a:INTEGER');
      await made.setMetadata({ schema: { fields: [integer('a', { description: 'a number' })] } });
      assert.equal((await fieldsOf(made))[0]?.description, 'a number');
    },
    'refuses to remove a column': async () => {
      const made = await newTable('a:INTEGER,b:STRING');
      await fails(made.setMetadata({ schema: 'a:INTEGER' }), 'invalid', /Field b is missing in new schema/);
    },
    'refuses to change a type': async () => {
      const made = await newTable('a:INTEGER');
      await fails(made.setMetadata({ schema: 'a:STRING' }), 'invalid', /changed type from INTEGER to STRING/);
    },
    'refuses to narrow a mode': async () => {
      const made = await newTable('a:INTEGER');
      const required = { fields: [integer('a', { mode: 'REQUIRED' })] };
      await fails(made.setMetadata({ schema: required }), 'invalid', /changed mode from NULLABLE to REQUIRED/);
    },
    'refuses to add a required column': async () => {
      const made = await newTable('a:INTEGER');
      const more = { fields: [integer('a'), integer('b', { mode: 'REQUIRED' })] };
      await fails(made.setMetadata({ schema: more }), 'invalid', /Cannot add required fields/);
    },
  });
  return all;
}
