import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startBigquery, type TestBigquery } from './testing.ts';

const MEGABYTE = 1024 * 1024;

describe('jobs of the local BigQuery', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  beforeEach(async () => {
    bigquery = await startBigquery();
    await bigquery.client.createDataset('d');
  });
  afterEach(async () => await bigquery.close());
  const table = (id: string) => bigquery.client.dataset('d').table(id);

  it('keep the result of a query, page by page, also after a restart', async () => {
    const [job] = await bigquery.client.createQueryJob('SELECT x FROM UNNEST(GENERATE_ARRAY(1, 1200)) AS x ORDER BY x');
    const [rows, next] = await job.getQueryResults({ maxResults: 500, autoPaginate: false });
    assert.deepEqual([rows.length, rows[499]], [500, { x: 500 }]);
    const { folder } = bigquery.cloud;
    await bigquery.close({ keep: true });
    bigquery = await startBigquery(folder);
    const [rest] = await bigquery.client.job(job.id ?? '').getQueryResults({ pageToken: next?.pageToken ?? '' });
    assert.deepEqual([rest.length, rest[0], rest.at(-1)], [700, { x: 501 }, { x: 1200 }]);
    const all = await bigquery.rows('SELECT x FROM UNNEST(GENERATE_ARRAY(1, 5)) AS x ORDER BY x', { maxResults: 2 });
    assert.equal(all.length, 5);
  });

  it('leave no more behind in the warehouse than the last of them needs', async () => {
    await bigquery.rows('CREATE TABLE d.t AS SELECT 1 AS a');
    for (const a of [2, 3, 4]) await bigquery.rows(`INSERT INTO d.t (a) VALUES (${a})`);
    const { folder } = bigquery.cloud;
    await bigquery.close({ keep: true });
    const instance = await DuckDBInstance.create(join(folder, 'warehouse.duckdb'));
    const connection = await instance.connect();
    const records = await connection.runAndReadAll('SELECT count(*) FROM finished_jobs');
    assert.equal(Number(records.value(0, 0)), 1);
    connection.closeSync();
    instance.closeSync();
    bigquery = await startBigquery(folder);
  });

  it('keep their result for a day and are known for half a year', async () => {
    const [job] = await bigquery.client.createQueryJob('SELECT 1 AS a');
    await job.getQueryResults();
    bigquery.cloud.clock.advance(2 * 86_400_000);
    await bigquery.rows('SELECT 2');
    assert.equal((await job.getMetadata())[0].status.state, 'DONE');
    await assert.rejects(bigquery.client.job(job.id ?? '').getQueryResults(), /Not found: Table of the result of job/);
    bigquery.cloud.clock.advance(179 * 86_400_000);
    await bigquery.rows('SELECT 2');
    assert.deepEqual(await job.exists(), [false]);
  });

  it('are described, listed, and refused a second time with the same id', async () => {
    const [job] = await bigquery.client.createQueryJob({ query: 'SELECT 1 AS a', jobId: 'mine', labels: { k: 'v' } });
    await job.promise();
    const [metadata] = await job.getMetadata();
    assert.equal(metadata.status.state, 'DONE');
    assert.deepEqual(metadata.configuration.labels, { k: 'v' });
    assert.deepEqual(
      (await bigquery.client.getJobs())[0].map((each) => each.id),
      ['mine'],
    );
    await assert.rejects(bigquery.client.createQueryJob({ query: 'SELECT 1', jobId: 'mine' }), /Already Exists: Job/);
    await job.cancel();
  });

  it('fail with the reason of their query', async () => {
    const [job] = await bigquery.client.createQueryJob('SELECT 1 / 0');
    await assert.rejects(job.getQueryResults(), /division by zero/);
    const [metadata] = await job.getMetadata();
    assert.equal(metadata.status.errorResult.reason, 'invalidQuery');
    assert.equal(bigquery.cloud.services[0]?.pending?.(), 0);
  });

  it('that are dry run say which bytes they would read, less those of other columns and partitions', async () => {
    await bigquery.rows(`CREATE TABLE d.t PARTITION BY DATE(at_time) AS
      SELECT TIMESTAMP_ADD(TIMESTAMP '2024-01-01', INTERVAL h HOUR) AS at_time, h, 'abc' AS s FROM UNNEST(GENERATE_ARRAY(0, 47)) AS h`);
    const bytes = async (query: string, params?: Record<string, unknown>) => {
      const [job] = await bigquery.client.createQueryJob({ query, dryRun: true, ...(params ? { params } : {}) });
      return Number(job.metadata.statistics.totalBytesProcessed);
    };
    assert.equal(await bytes('SELECT h FROM d.t'), 48 * 8);
    assert.equal(await bytes('SELECT * FROM d.t'), 48 * (8 + 8 + 5));
    assert.equal(await bytes('SELECT * EXCEPT (s) FROM d.t'), 48 * 16);
    assert.equal(await bytes('SELECT COUNT(*) FROM d.t'), 0);
    assert.equal(await bytes("SELECT h FROM d.t WHERE at_time >= '2024-01-02'"), 24 * 16);
    assert.equal(await bytes("SELECT h FROM d.t AS t WHERE t.at_time < TIMESTAMP '2024-01-01 05:00:00'"), 24 * 16);
    assert.equal(await bytes("SELECT h FROM d.t WHERE DATE(at_time) = '2024-01-02'"), 24 * 16);
    assert.equal(
      await bytes('SELECT h FROM d.t WHERE at_time BETWEEN @a AND @b', {
        a: new Date('2024-01-01'),
        b: new Date('2024-01-01T03:00:00Z'),
      }),
      24 * 16,
    );
    assert.equal(await bytes("SELECT h FROM d.t WHERE at_time >= '2024-01-02' OR h = 1"), 48 * 16);
    assert.equal(await bytes("SELECT h FROM (SELECT * FROM d.t WHERE at_time > '2030-01-01')"), 0);
    await assert.rejects(bytes('SELECT frob(1)'), /UNIMPLEMENTED: function FROB/);
    await bigquery.rows('DELETE FROM d.t WHERE h < 8');
    await bigquery.client
      .dataset('d')
      .table('t')
      .insert({ at_time: new Date('2024-01-01'), h: 1, s: 'new' });
    assert.equal(await bytes('SELECT h FROM d.t'), 41 * 8, 'what has been written since counts');
  });

  it('bill at least 10 MB for a query that reads a table', async () => {
    await bigquery.rows('CREATE TABLE d.t AS SELECT 1 AS a');
    await bigquery.rows('SELECT a FROM d.t');
    assert.equal(bigquery.cloud.meter.get('bigquery.query_bytes'), 10 * MEGABYTE);
    await assert.rejects(
      bigquery.rows('SELECT a FROM d.t', { maximumBytesBilled: '1' }),
      /Query exceeded limit for bytes billed/,
    );
  });

  it('refuse a query without the filter its table requires', async () => {
    await bigquery.rows(
      "CREATE TABLE d.t PARTITION BY day OPTIONS(require_partition_filter = true) AS SELECT DATE '2024-01-01' AS day",
    );
    await assert.rejects(bigquery.rows('SELECT * FROM d.t'), /without a filter over column\(s\) 'day'/);
    assert.equal((await bigquery.rows("SELECT * FROM d.t WHERE day > '2023-01-01'")).length, 1);
  });

  it('write a result into a table as the dispositions say', async () => {
    const run = async (query: string, writeDisposition?: string) => {
      const [job] = await bigquery.client.createQueryJob({
        query,
        destination: table('out'),
        ...(writeDisposition ? { writeDisposition } : {}),
      });
      await job.promise();
    };
    const values = async () => (await bigquery.rows('SELECT a FROM d.out ORDER BY a')).map((row) => row.a);
    await run('SELECT 1 AS a');
    await assert.rejects(run('SELECT 2 AS a'), /Already Exists/);
    await run('SELECT 2 AS a', 'WRITE_APPEND');
    assert.deepEqual(await values(), [1, 2]);
    await run('SELECT a + 10 AS a FROM d.out', 'WRITE_TRUNCATE');
    assert.deepEqual(await values(), [11, 12]);
  });

  it('load newline-delimited JSON and CSV', async () => {
    const json = join(bigquery.cloud.folder, 'rows.json');
    await writeFile(json, '{"a": 1, "s": "x"}\n{"a": 2, "l": ["p", "q"]}\n');
    const schema = {
      fields: [
        { name: 'a', type: 'INTEGER' },
        { name: 's', type: 'STRING' },
        { name: 'l', type: 'STRING', mode: 'REPEATED' },
      ],
    };
    await table('j').load(json, { schema });
    assert.deepEqual(await bigquery.rows('SELECT * FROM d.j ORDER BY a'), [
      { a: 1, s: 'x', l: [] },
      { a: 2, s: null, l: ['p', 'q'] },
    ]);
    const csv = join(bigquery.cloud.folder, 'rows.csv');
    await writeFile(csv, 'a,s\n1,"x, ""y"""\n2,\n,z\n');
    await table('c').load(csv, { schema: 'a:INTEGER,s:STRING', skipLeadingRows: 1 } as object);
    assert.deepEqual(await bigquery.rows('SELECT * FROM d.c ORDER BY a'), [
      { a: null, s: 'z' },
      { a: 1, s: 'x, "y"' },
      { a: 2, s: '' },
    ]);
  });

  it('load nothing when a row is bad, and say which', async () => {
    const csv = join(bigquery.cloud.folder, 'rows.csv');
    await writeFile(csv, '1\nx\n');
    await assert.rejects(
      table('c').load(csv, { schema: 'a:INTEGER' } as object),
      /row 2: Cannot convert value to integer/,
    );
    assert.deepEqual(await table('c').exists(), [false]);
  });

  it('take uploads at the address the emulator variable leads to', async () => {
    const boundary = 'part';
    const configuration = {
      load: {
        destinationTable: { projectId: 'virtuoso-local', datasetId: 'd', tableId: 'up' },
        sourceFormat: 'CSV',
        schema: { fields: [{ name: 'a', type: 'INTEGER' }] },
      },
    };
    const body = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ configuration })}\r\n--${boundary}\r\ncontent-type: */*\r\n\r\n7\n8\n\r\n--${boundary}--`;
    const upload = `${bigquery.cloud.origin}/bigquery/v2/upload/bigquery/v2/projects/virtuoso-local/jobs`;
    const answer = await fetch(`${upload}?uploadType=multipart`, {
      method: 'POST',
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body,
    });
    const job = (await answer.json()) as { jobReference: { jobId: string } };
    await bigquery.client.job(job.jobReference.jobId).promise();
    const begun = await fetch(`${upload}?uploadType=resumable`, {
      method: 'POST',
      body: JSON.stringify({ configuration }),
    });
    const location = begun.headers.get('location') ?? '';
    const half = await fetch(location, {
      method: 'PUT',
      headers: { 'content-range': 'bytes 0-1/*' },
      body: '9\n',
      redirect: 'manual',
    });
    assert.equal(half.status, 308);
    const rest = await fetch(location, { method: 'PUT', headers: { 'content-range': 'bytes 2-3/4' }, body: '6\n' });
    const second = (await rest.json()) as { jobReference: { jobId: string } };
    await bigquery.client.job(second.jobReference.jobId).promise();
    assert.equal(await bigquery.value('SELECT SUM(a) FROM d.up'), 30);
  });

  it('copy a table', async () => {
    await bigquery.rows('CREATE TABLE d.t AS SELECT 1 AS a');
    await table('t').copy(table('u'));
    await table('t').copy(table('u'), { writeDisposition: 'WRITE_APPEND' });
    assert.equal(await bigquery.value('SELECT COUNT(*) FROM d.u'), 2);
  });

  it('refuse formats of extracts and loads by name', async () => {
    await bigquery.rows('CREATE TABLE d.t AS SELECT 1 AS a');
    const place = { datasetId: 'd', tableId: 't', projectId: 'virtuoso-local' };
    const jobs = {
      'an extract to AVRO': {
        extract: { sourceTable: place, destinationUris: ['gs://b/o'], destinationFormat: 'AVRO' },
      },
      'encoding of a load job': { load: { sourceUris: ['gs://b/o'], destinationTable: place, encoding: 'UTF-16BE' } },
    };
    for (const [form, configuration] of Object.entries(jobs)) {
      const [started] = await bigquery.client.createJob({ configuration } as object);
      await assert.rejects(started.promise(), new RegExp(`UNIMPLEMENTED: ${form}`));
    }
  });

  it('are the same job when a query request is sent again', async () => {
    const request = { query: 'SELECT 1 AS a', useLegacySql: false, requestId: 'r1' };
    const send = async () => {
      const answer = await fetch(`${bigquery.cloud.origin}/bigquery/v2/projects/virtuoso-local/queries`, {
        method: 'POST',
        body: JSON.stringify(request),
      });
      return ((await answer.json()) as { jobReference: { jobId: string } }).jobReference.jobId;
    };
    assert.equal(await send(), await send());
  });
});
