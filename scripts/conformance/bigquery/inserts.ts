import assert from 'node:assert/strict';
import { finished } from 'node:stream/promises';
import type { Table } from '@google-cloud/bigquery';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fails, type Resource } from './clients.ts';

interface RowError {
  readonly index: number;
  readonly errors: readonly { readonly reason: string; readonly location?: string; readonly message: string }[];
}

export function inserts(clients: Clients): readonly Behaviour[] {
  const { dataset, newTable, rows, value, id, request } = clients;
  const { method, all } = collector();
  const send = async (table: Table, json: object) => {
    const path = `/datasets/${dataset.id}/tables/${table.id}/insertAll`;
    return ((await request(path, { method: 'POST', json })).insertErrors ?? []) as RowError[];
  };
  const json = (...given: readonly object[]) => ({ rows: given.map((each) => ({ json: each })) });
  const count = (table: Table) => value(`SELECT COUNT(*) FROM ${table.id}`);

  method('tabledata.insertAll', {
    'appends rows, which a query then finds': async () => {
      const table = await newTable('a:INTEGER,b:STRING');
      assert.deepEqual(await send(table, json({ a: 1, b: 'x' }, { b: 'y' }, { a: null })), []);
      assert.deepEqual(await rows(`SELECT a, b FROM ${table.id} ORDER BY a, b`), [
        [null, null],
        [null, 'y'],
        [1, 'x'],
      ]);
    },
    'takes the names of columns in any case': async () => {
      const table = await newTable('Name:STRING');
      await table.insert([{ name: 'x' }, { NAME: 'y' }]);
      assert.deepEqual(await rows(`SELECT NAME FROM ${table.id} ORDER BY 1`), [['x'], ['y']]);
    },
    'takes nested and repeated records': async () => {
      const fields = [
        { name: 'x', type: 'INTEGER' },
        { name: 'l', type: 'STRING', mode: 'REPEATED' },
      ];
      const table = await newTable({ fields: [{ name: 'r', type: 'RECORD', mode: 'REPEATED', fields }] });
      const given = [{ x: 1, l: ['a', 'b'] }, { l: [] }];
      await table.insert([{ r: given }, {}]);
      const [found] = await rows(`SELECT r FROM ${table.id} ORDER BY ARRAY_LENGTH(r) DESC`);
      assert.deepEqual(found, [[given[0], { x: null, l: [] }]]);
    },
    'inserts nothing when one row is bad, and says which, where and why before what it stopped': async () => {
      const table = await newTable('a:INTEGER,b:STRING');
      const errors = await send(table, json({ a: 1 }, { a: 'x' }, { c: 1 }));
      assert.deepEqual(
        errors.map(({ index, errors: [first] }) => [index, first?.reason, first?.location]),
        [
          [1, 'invalid', 'a'],
          [2, 'invalid', 'c'],
          [0, 'stopped', ''],
        ],
      );
      assert.match(String(errors[1]?.errors[0]?.message), /no such field: c/);
      assert.equal(await count(table), 0);
    },
    'inserts the good rows when it is told to skip the others': async () => {
      const table = await newTable('a:INTEGER');
      const errors = await send(table, { ...json({ a: 1 }, { a: 'x' }, { a: 3 }), skipInvalidRows: true });
      assert.deepEqual(
        errors.map(({ index, errors: [first] }) => [index, first?.reason]),
        [[1, 'invalid']],
      );
      assert.deepEqual(await rows(`SELECT a FROM ${table.id} ORDER BY a`), [[1], [3]]);
    },
    'leaves out what there is no column for when it is told to': async () => {
      const table = await newTable('a:INTEGER');
      assert.deepEqual(await send(table, { ...json({ a: 1, b: { c: 2 } }), ignoreUnknownValues: true }), []);
      assert.deepEqual(await rows(`SELECT * FROM ${table.id}`), [[1]]);
    },
    'refuses a row without a required value': async () => {
      const table = await newTable({ fields: [{ name: 'a', type: 'INTEGER', mode: 'REQUIRED' }] });
      const [error] = await send(table, json({}));
      assert.match(String(error?.errors[0]?.message), /required field/i);
    },
    'refuses NULL in an array, a value for an array and an array for a value': async () => {
      const fields = [
        { name: 'l', type: 'STRING', mode: 'REPEATED' },
        { name: 's', type: 'STRING' },
      ];
      const table = await newTable({ fields });
      for (const row of [{ l: ['a', null] }, { s: ['a'] }])
        assert.equal((await send(table, json(row)))[0]?.errors[0]?.reason, 'invalid', JSON.stringify(row));
    },
    'names the path of a bad value in a record': async () => {
      const fields = [{ name: 'r', type: 'RECORD', fields: [{ name: 'x', type: 'INTEGER' }] }];
      const [error] = await send(await newTable({ fields }), json({ r: { x: 'no' } }));
      assert.match(String(error?.errors[0]?.location), /^r\.x$/);
    },
    'takes a row with an insertId that it has had as the same row': async () => {
      const table = await newTable('a:INTEGER');
      const one = { rows: [{ insertId: 'one', json: { a: 1 } }] };
      await send(table, one);
      await send(table, one);
      await send(table, { rows: [{ insertId: 'two', json: { a: 1 } }] });
      assert.equal(await count(table), 2);
    },
    'inserts rows without an insertId as often as they come': async () => {
      const table = await newTable('a:INTEGER');
      await send(table, json({ a: 1 }));
      await send(table, json({ a: 1 }));
      assert.equal(await count(table), 2);
    },
    'refuses a request without rows': async () => {
      await fails(send(await newTable('a:INTEGER'), { rows: [] }), 'invalid', /No rows present/);
    },
    'answers notFound for a table that does not exist': () =>
      fails(send(dataset.table(id('none')), json({ a: 1 })), 'notFound', /Not found: Table/),
    'answers with what it is': async () => {
      const table = await newTable('a:INTEGER');
      const path = `/datasets/${dataset.id}/tables/${table.id}/insertAll`;
      const answer = await request(path, { method: 'POST', json: json({ a: 1 }) });
      assert.deepEqual(answer, { kind: 'bigquery#tableDataInsertAllResponse' });
    },
  });

  method('Table.insert', {
    'fails with the rows that were refused': async () => {
      const table = await newTable('a:INTEGER');
      await assert.rejects(table.insert([{ a: 'x' }]), (error: Error & { errors?: Resource[] }) => {
        assert.equal(error.name, 'PartialFailureError');
        assert.deepEqual(error.errors?.[0]?.row, { a: 'x' });
        return true;
      });
    },
  });

  method('Table.createInsertStream', {
    'inserts what is written to it': async () => {
      const table = await newTable('a:INTEGER');
      const stream = table.createInsertStream();
      const answered = new Promise<void>((resolve, reject) => {
        stream.on('response', () => resolve());
        stream.on('error', reject);
      });
      for (const a of [1, 2, 3]) stream.write({ a });
      stream.end();
      await Promise.all([answered, finished(stream, { readable: false })]);
      assert.deepEqual(await rows(`SELECT a FROM ${table.id} ORDER BY a`), [[1], [2], [3]]);
    },
  });
  return all;
}
