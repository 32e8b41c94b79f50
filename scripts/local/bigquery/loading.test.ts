import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startBigquery, type TestBigquery } from './testing.ts';

describe('load jobs of the local BigQuery', () => {
  let bigquery: TestBigquery;
  let tables = 0;
  before(async () => {
    bigquery = await startBigquery();
    await bigquery.client.createDataset('d');
  });
  after(() => bigquery.close());

  /** Loads a file into a new table. */
  const loadOnly = async (content: string | Buffer, metadata: Record<string, unknown>) => {
    const table = bigquery.client.dataset('d').table(`t${++tables}`);
    const file = join(bigquery.cloud.folder, `rows-${tables}`);
    await writeFile(file, content);
    const [{ id = '' }] = await table.createLoadJob(file, { sourceFormat: 'CSV', ...metadata });
    let status: { state?: string; errorResult?: { message?: string } } | undefined;
    // The client's own waiting is a second long.
    do status = (await bigquery.client.job(id.split('.').at(-1) ?? '').getMetadata())[0].status;
    while (status?.state !== 'DONE');
    if (status.errorResult) throw new Error(status.errorResult.message);
  };
  /** Loads a file into a new table, and tells its rows as JSON. */
  const load = async (content: string | Buffer, metadata: Record<string, unknown>) => {
    await loadOnly(content, metadata);
    const rows = await bigquery.rows(`SELECT TO_JSON_STRING(t) AS row FROM d.t${tables} AS t ORDER BY 1`);
    return rows.map(({ row }) => row);
  };

  it('read every spelling of a BOOL in CSV', async () => {
    const text = '1,t\n2,NO\n3,1\n4,Y\n5,False\n6,yes\n7,0\n8,n\n';
    assert.deepEqual(
      await load(text, { schema: 'n:INTEGER,b:BOOLEAN' }),
      [true, false, true, true, false, true, false, false].map((b, index) => JSON.stringify({ n: index + 1, b })),
    );
    await assert.rejects(load('maybe\n', { schema: 'b:BOOLEAN' }), /Cannot convert value to boolean/);
  });

  it('find out which columns are BOOLs, and that a short name is a name', async () => {
    assert.deepEqual(await load('id,ok\n1,yes\n2,no\n', { autodetect: true }), [
      '{"id":1,"ok":true}',
      '{"id":2,"ok":false}',
    ]);
    assert.deepEqual(await load('x,y\n1,2\n', { autodetect: true }), ['{"x":1,"y":2}']);
  });

  it('unpack what is compressed with gzip', async () => {
    assert.deepEqual(await load(gzipSync('1\n2\n'), { schema: 'n:INTEGER' }), ['{"n":1}', '{"n":2}']);
    const sourceFormat = 'NEWLINE_DELIMITED_JSON';
    assert.deepEqual(await load(gzipSync('{"n":3}\n'), { sourceFormat, schema: 'n:INTEGER' }), ['{"n":3}']);
    await assert.rejects(load(gzipSync('1\n').subarray(0, 15), { schema: 'n:INTEGER' }), /gzip, but is damaged/);
  });

  it('keep every digit of whole numbers', async () => {
    const sourceFormat = 'NEWLINE_DELIMITED_JSON';
    const rows = '{"n":9007199254740993,"j":{"id":9223372036854775807}}\n{"n":-9223372036854775808,"j":null}\n';
    assert.deepEqual(await load(rows, { sourceFormat, schema: 'n:INTEGER,j:JSON' }), [
      '{"n":-9223372036854775808,"j":null}',
      '{"n":9007199254740993,"j":{"id":9223372036854775807}}',
    ]);
    assert.deepEqual(await load('{"n":9007199254740993}\n', { sourceFormat, autodetect: true }), [
      '{"n":"9007199254740993"}',
    ]);
    await assert.rejects(load('{"n":9223372036854775808}\n', { sourceFormat, schema: 'n:INTEGER' }), /integer/);
    assert.equal(
      await bigquery.value(`SELECT TO_JSON_STRING(JSON '{"n":9007199254740993}')`),
      '{"n":9007199254740993}',
    );
  });

  it('read dates of TIMESTAMPs with slashes', async () => {
    await loadOnly('2024/01/02 03:04:05\n', { schema: 'ts:TIMESTAMP' });
    assert.equal(await bigquery.value(`SELECT ts FROM d.t${tables}`), '2024-01-02T03:04:05.000Z');
  });
});
