import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, fails, metadataOf, type Resource } from './clients.ts';

export function tables(clients: Clients, { project, clock }: World): readonly Behaviour[] {
  const { bigquery, dataset, newDataset, newTable, filled, id, request, value } = clients;
  const { method, all } = collector();
  const now = () => clock?.now() ?? Date.now();
  const path = (table: string | undefined) => `/datasets/${dataset.id}/tables/${table}`;

  method('tables.insert', {
    'gives back the table with what Google adds': async () => {
      const made = await newTable('a:INTEGER,b:STRING');
      const metadata = made.metadata as Resource;
      assert.equal(metadata.kind, 'bigquery#table');
      assert.equal(metadata.id, `${project}:${dataset.id}.${made.id}`);
      assert.deepEqual(metadata.tableReference, { projectId: project, datasetId: dataset.id, tableId: made.id });
      assert.equal(metadata.type, 'TABLE');
      assert.equal(metadata.location, 'US');
      assert.deepEqual([metadata.numRows, metadata.numBytes], ['0', '0']);
      assert.match(String(metadata.selfLink), new RegExp(`/datasets/${dataset.id}/tables/${made.id}$`));
      assert.ok(metadata.etag && metadata.creationTime && metadata.lastModifiedTime);
    },
    'takes a name, a description, labels and an expiry': async () => {
      const given = {
        ...{ friendlyName: 'A name', description: 'what is in it', labels: { team: 'qa' } },
        expirationTime: String(now() + 3_600_000),
      };
      const metadata = await metadataOf(await newTable('a:INTEGER', given));
      for (const [key, wanted] of Object.entries(given)) assert.deepEqual(metadata[key], wanted);
    },
    'makes a table without columns': async () => {
      const made = await newTable(undefined);
      assert.equal((await metadataOf(made)).schema, undefined);
    },
    'refuses an id that is taken': async () => {
      const made = await newTable('a:INTEGER');
      await fails(dataset.createTable(made.id ?? '', { schema: 'a:INTEGER' }), 'duplicate', /Already Exists: Table/);
    },
    'refuses a dataset that does not exist': () =>
      fails(bigquery.dataset(id('none')).createTable('t', { schema: 'a:INTEGER' }), 'notFound', /Not found: Dataset/),
    'refuses an id with a slash': () => fails(dataset.createTable('a/b', { schema: 'a:INTEGER' }), 'invalid'),
    'lets a table live as long as its dataset says': async () => {
      const owner = await newDataset({ defaultTableExpirationMs: '3600000' });
      const [made] = await owner.createTable('t', { schema: 'a:INTEGER' });
      const { creationTime, expirationTime } = await metadataOf(made);
      assert.equal(Number(expirationTime) - Number(creationTime), 3_600_000);
    },
  });

  method('tables.get', {
    'tells how much a table holds': async () => {
      const made = await filled("SELECT 1 AS a, 'xyz' AS b UNION ALL SELECT 2, NULL");
      const { numRows, numBytes } = await metadataOf(made);
      assert.deepEqual([numRows, numBytes], ['2', String(8 + 8 + 5)]);
    },
    'leaves out how much it holds for the basic view': async () => {
      const made = await filled('SELECT 1 AS a');
      const metadata = await request(path(made.id), { qs: { view: 'BASIC' } });
      assert.deepEqual([metadata.numRows, metadata.lastModifiedTime], [undefined, undefined]);
      assert.ok(metadata.schema);
    },
    'answers notFound for a table that does not exist': async () => {
      const none = dataset.table(id('none'));
      await fails(none.getMetadata(), 'notFound', /Not found: Table/);
      assert.deepEqual(await none.exists(), [false]);
    },
    'finds no table whose time is over': async () => {
      const made = await newTable('a:INTEGER', { expirationTime: String(now() + 3_000) });
      assert.deepEqual(await made.exists(), [true]);
      if (clock) clock.advance(3_001);
      else await new Promise((resolve) => setTimeout(resolve, 6_000));
      assert.deepEqual(await made.exists(), [false]);
      await fails(value(`SELECT a FROM ${made.id}`), 'notFound', /Not found: Table/);
    },
    'creates it when it is asked to': async () => {
      const made = dataset.table(id());
      await made.get({ autoCreate: true, schema: 'a:INTEGER' } as object);
      assert.deepEqual(await made.exists(), [true]);
    },
  });

  method('tables.list', {
    'lists tables and views with what they are': async () => {
      const owner = await newDataset();
      await owner.createTable('a', { schema: 'day:DATE,k:STRING', timePartitioning: { type: 'DAY', field: 'day' } });
      await owner.createTable('b', { schema: 'a:INTEGER', labels: { team: 'qa' } });
      await owner.createTable('c', { view: { query: 'SELECT 1 AS x', useLegacySql: false } });
      const [found] = await owner.getTables();
      const byId = new Map(found.map((each) => [each.id, each.metadata as Resource]));
      assert.deepEqual([...byId.keys()], ['a', 'b', 'c']);
      assert.deepEqual(byId.get('a')?.timePartitioning, { type: 'DAY', field: 'day' });
      assert.deepEqual(byId.get('b')?.labels, { team: 'qa' });
      assert.equal(byId.get('c')?.type, 'VIEW');
    },
    'says how many there are and goes on where a page ended': async () => {
      const owner = await newDataset();
      for (const each of ['a', 'b', 'c']) await owner.createTable(each, { schema: 'a:INTEGER' });
      const first = await request(`/datasets/${owner.id}/tables`, { qs: { maxResults: 2 } });
      assert.equal(first.totalItems, 3);
      const [rest] = await owner.getTables({ pageToken: String(first.nextPageToken) });
      assert.deepEqual(
        rest.map((each) => each.id),
        ['c'],
      );
    },
    'lists nothing of an empty dataset': async () => {
      assert.deepEqual((await (await newDataset()).getTables())[0], []);
    },
    'answers notFound for a dataset that does not exist': () =>
      fails(bigquery.dataset(id('none')).getTables(), 'notFound'),
  });

  method('tables.patch', {
    'changes what is named and keeps the rest': async () => {
      const made = await newTable('a:INTEGER', { description: 'first', friendlyName: 'kept', labels: { a: '1' } });
      await made.setMetadata({ description: 'second', labels: { b: '2' } });
      const { description, friendlyName, labels } = await metadataOf(made);
      assert.deepEqual({ description, friendlyName }, { description: 'second', friendlyName: 'kept' });
      assert.deepEqual(labels, { a: '1', b: '2' });
    },
    'removes an expiry by null': async () => {
      const made = await newTable('a:INTEGER', { expirationTime: String(now() + 3_600_000) });
      await request(path(made.id), { method: 'PATCH', json: { expirationTime: null } });
      assert.equal((await metadataOf(made)).expirationTime, undefined);
    },
    'refuses a change that was made for another version': async () => {
      const made = await newTable('a:INTEGER');
      const { etag } = await metadataOf(made);
      await made.setMetadata({ description: 'first', etag: String(etag) });
      await fails(made.setMetadata({ description: 'second', etag: String(etag) }), 'conditionNotMet');
    },
    'answers notFound for a table that does not exist': () =>
      fails(dataset.table(id('none')).setMetadata({ description: 'x' }), 'notFound'),
  });

  method('tables.delete', {
    'removes a table with its rows': async () => {
      const made = await filled('SELECT 1 AS a');
      await made.delete();
      await fails(value(`SELECT a FROM ${made.id}`), 'notFound', /Not found: Table/);
      await dataset.createTable(made.id ?? '', { schema: 'a:INTEGER' });
      assert.equal(await value(`SELECT COUNT(*) FROM ${made.id}`), 0);
    },
    'answers notFound for a table that does not exist': () => fails(dataset.table(id('none')).delete(), 'notFound'),
  });

  method('tabledata.list', {
    'gives the rows of a table, page by page': async () => {
      const made = await filled('SELECT x, CAST(x AS STRING) AS s FROM UNNEST(GENERATE_ARRAY(1, 5)) AS x');
      const [first, next] = await made.getRows({ maxResults: 3, autoPaginate: false });
      assert.equal(first.length, 3);
      const [rest] = await made.getRows({ ...next, autoPaginate: false } as object);
      const found = [...first, ...rest].sort((a, b) => a.x - b.x);
      assert.deepEqual(
        found,
        [1, 2, 3, 4, 5].map((x) => ({ x, s: String(x) })),
      );
    },
    'gives only the columns that are selected': async () => {
      const made = await filled('SELECT 1 AS a, 2 AS b, 3 AS c');
      assert.deepEqual((await made.getRows({ selectedFields: 'a,c' }))[0], [{ a: 1, c: 3 }]);
    },
    'begins at a row': async () => {
      const made = await filled('SELECT x FROM UNNEST(GENERATE_ARRAY(1, 5)) AS x');
      assert.equal((await made.getRows({ startIndex: '3' }))[0].length, 2);
      const { totalRows } = await request(`${path(made.id)}/data`, { qs: { startIndex: '3' } });
      assert.equal(totalRows, '5');
    },
    'refuses a view': async () => {
      const made = await newTable(undefined, { view: { query: 'SELECT 1 AS a', useLegacySql: false } });
      await fails(made.getRows(), 'invalid', /VIEW/);
    },
  });
  return all;
}
