import assert from 'node:assert/strict';
import { startBigquery, type TestBigquery } from './testing.ts';

describe('datasets and tables of the local BigQuery', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  beforeEach(async () => {
    bigquery = await startBigquery();
  });
  afterEach(async () => await bigquery.close());

  it('are created, listed, described and deleted without loading DuckDB', async () => {
    const { client } = bigquery;
    const [dataset] = await client.createDataset('d', { location: 'EU', labels: { team: 'qa' } });
    assert.deepEqual(
      (await client.getDatasets())[0].map((each) => each.id),
      ['d'],
    );
    assert.equal((await dataset.getMetadata())[0].location, 'EU');
    await dataset.setMetadata({ description: 'all of it' });
    assert.equal((await dataset.getMetadata())[0].description, 'all of it');
    await dataset.createTable('t', { schema: 'a:INTEGER', description: 'a table' });
    assert.deepEqual(
      (await dataset.getTables())[0].map((each) => each.id),
      ['t'],
    );
    const [metadata] = await dataset.table('t').getMetadata();
    assert.equal(metadata.description, 'a table');
    assert.equal(metadata.numRows, '0');
    await assert.rejects(dataset.delete(), /still in use/);
    await dataset.table('t').delete();
    await dataset.delete();
    assert.deepEqual(await dataset.exists(), [false]);
    const { existsSync } = await import('node:fs');
    assert.equal(existsSync(`${bigquery.cloud.folder}/warehouse.duckdb`), false);
  });

  it('answer 400 to what is no path and to what is no body, as BigQuery words it', async () => {
    const api = `${bigquery.cloud.origin}/bigquery/v2`;
    const ask = async (path: string, sent: RequestInit = {}) => {
      const answer = await fetch(`${api}/${path}`, sent);
      const { error } = (await answer.json()) as { error: { errors: { reason: string }[] } };
      return [answer.status, error.errors[0]?.reason];
    };
    for (const path of ['projects/%zz/datasets', 'projects/p/datasets/%E0%A4%A', 'upload/bigquery/v2/projects/%/jobs'])
      assert.deepEqual(await ask(path), [400, 'invalid'], path);
    for (const body of ['no JSON', 'null', '[]'])
      assert.deepEqual(await ask('projects/p/datasets', { method: 'POST', body }), [400, 'invalid'], body);
    const headers = { 'content-encoding': 'gzip' };
    assert.deepEqual(await ask('projects/p/datasets', { method: 'POST', body: '{}', headers }), [400, 'invalid']);
  });

  it('answer 404 when they are missing and 409 when they are there', async () => {
    const { client } = bigquery;
    await assert.rejects(client.dataset('d').getMetadata(), (error: { code: number }) => error.code === 404);
    await client.createDataset('d');
    await assert.rejects(client.createDataset('d'), (error: { code: number }) => error.code === 409);
    assert.deepEqual(await client.dataset('d').table('t').exists(), [false]);
  });

  it('delete a dataset with its tables by force', async () => {
    await bigquery.client.createDataset('d');
    await bigquery.rows('CREATE TABLE d.t AS SELECT 1 AS a');
    await bigquery.client.dataset('d').delete({ force: true });
    await bigquery.client.createDataset('d');
    await assert.rejects(bigquery.rows('SELECT * FROM d.t'), /Not found: Table/);
  });

  it('gain NULLABLE and REPEATED columns, also nested ones, and keep their rows', async () => {
    const { client } = bigquery;
    await client.createDataset('d');
    const fields = [
      { name: 'a', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'r', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'x', type: 'STRING' }] },
    ];
    const [table] = await client.dataset('d').createTable('t', { schema: { fields } });
    await table.insert([{ a: 1, r: [{ x: 'old' }] }]);
    await table.setMetadata({
      schema: {
        fields: [
          { name: 'a', type: 'INTEGER', mode: 'NULLABLE', description: 'now optional' },
          {
            name: 'r',
            type: 'RECORD',
            mode: 'REPEATED',
            fields: [
              { name: 'x', type: 'STRING' },
              { name: 'y', type: 'DATE' },
            ],
          },
          { name: 'b', type: 'TIMESTAMP' },
          { name: 'l', type: 'STRING', mode: 'REPEATED' },
        ],
      },
    });
    await table.insert([{ b: '2024-01-01', l: ['z'], r: [{ x: 'new', y: '2024-01-02' }] }]);
    const rows = await bigquery.rows(
      'SELECT a, l, ARRAY_LENGTH(l) AS n, r[OFFSET(0)].x AS x, CAST(r[OFFSET(0)].y AS STRING) AS y FROM d.t ORDER BY x',
    );
    assert.deepEqual(rows, [
      { a: null, l: ['z'], n: 1, x: 'new', y: '2024-01-02' },
      { a: 1, l: [], n: 0, x: 'old', y: null },
    ]);
    const [metadata] = await table.getMetadata();
    assert.equal(metadata.schema.fields[0].description, 'now optional');
    assert.equal(metadata.numRows, '2');
  });

  it('refuse to lose, retype or require a column', async () => {
    const { client } = bigquery;
    await client.createDataset('d');
    const [table] = await client.dataset('d').createTable('t', { schema: 'a:INTEGER,b:STRING' });
    await assert.rejects(table.setMetadata({ schema: 'a:INTEGER' }), /Field b is missing in new schema/);
    await assert.rejects(table.setMetadata({ schema: 'a:STRING,b:STRING' }), /changed type from INTEGER to STRING/);
    const added = [
      { name: 'a', type: 'INTEGER' },
      { name: 'b', type: 'STRING' },
      { name: 'c', type: 'STRING', mode: 'REQUIRED' },
    ];
    await assert.rejects(table.setMetadata({ schema: { fields: added } }), /Cannot add required fields/);
  });

  it('refuse what they cannot do by its name', async () => {
    const dataset = (await bigquery.client.createDataset('d'))[0];
    await assert.rejects(dataset.createTable('t', { schema: 'g:GEOGRAPHY' }), /UNIMPLEMENTED: type GEOGRAPHY/);
    await assert.rejects(
      dataset.createTable('t', { schema: 'a:INTEGER', partitioning: 'DAY' } as object),
      /UNIMPLEMENTED: partitioning by ingestion time/,
    );
    await assert.rejects(
      dataset.createTable('t', { schema: { fields: [{ name: 'a', type: 'STRING', maxLength: '5' }] } }),
      /UNIMPLEMENTED: maxLength/,
    );
    await assert.rejects(bigquery.client.dataset('d').routine('r').getMetadata(), /UNIMPLEMENTED: GET/);
  });

  it('refuse a change that was made for another version', async () => {
    const [dataset] = await bigquery.client.createDataset('d');
    const [table] = await dataset.createTable('t', { schema: 'a:INTEGER' });
    const [metadata] = await table.getMetadata();
    await table.setMetadata({ description: 'first', etag: metadata.etag });
    await assert.rejects(
      table.setMetadata({ description: 'second', etag: metadata.etag }),
      (error: { code: number }) => error.code === 412,
    );
  });

  it('vanish when their time is over', async () => {
    const [dataset] = await bigquery.client.createDataset('d', { defaultTableExpirationMs: '3600000' });
    await dataset.createTable('t', { schema: 'a:INTEGER' });
    bigquery.cloud.clock.advance(3_600_001);
    assert.deepEqual(await dataset.table('t').exists(), [false]);
    await assert.rejects(bigquery.rows('SELECT * FROM d.t'), /Not found: Table/);
  });

  it('lose the rows of partitions whose time is over', async () => {
    const [dataset] = await bigquery.client.createDataset('d');
    const [table] = await dataset.createTable('t', {
      schema: 'at_time:TIMESTAMP',
      timePartitioning: { type: 'DAY', field: 'at_time', expirationMs: String(2 * 86_400_000) },
    });
    const now = bigquery.cloud.clock.now();
    await table.insert([{ at_time: new Date(now) }, { at_time: new Date(now - 5 * 86_400_000) }]);
    assert.equal(await bigquery.value('SELECT COUNT(*) FROM d.t'), 1);
  });

  it('are as they were after a restart', async () => {
    await bigquery.client.createDataset('d');
    await bigquery.rows("CREATE TABLE d.t PARTITION BY day CLUSTER BY a AS SELECT 1 AS a, DATE '2024-01-01' AS day");
    await bigquery.rows('CREATE VIEW d.v AS SELECT a + 1 AS b FROM d.t');
    await bigquery.client
      .dataset('d')
      .table('t')
      .insert([{ a: 2, day: '2024-01-02' }]);
    const { folder } = bigquery.cloud;
    await bigquery.close({ keep: true });
    bigquery = await startBigquery(folder);
    assert.deepEqual(await bigquery.rows('SELECT b FROM d.v ORDER BY b'), [{ b: 2 }, { b: 3 }]);
    const [metadata] = await bigquery.client.dataset('d').table('t').getMetadata();
    assert.deepEqual(metadata.timePartitioning, { field: 'day', type: 'DAY' });
    assert.deepEqual(metadata.clustering, { fields: ['a'] });
    assert.equal(metadata.numRows, '2');
  });
});
