import assert from 'node:assert/strict';
import { BigQuery } from '@google-cloud/bigquery';
import { REMEMBERED_MS } from './insert-all.ts';
import { plain } from './plain.ts';
import { startBigquery, type TestBigquery } from './testing.ts';

const ALL_TYPES = [
  { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
  { name: 's', type: 'STRING' },
  { name: 'y', type: 'BYTES' },
  { name: 'f', type: 'FLOAT' },
  { name: 'b', type: 'BOOLEAN' },
  { name: 'ts', type: 'TIMESTAMP' },
  { name: 'd', type: 'DATE' },
  { name: 't', type: 'TIME' },
  { name: 'dt', type: 'DATETIME' },
  { name: 'n', type: 'NUMERIC' },
  { name: 'bn', type: 'BIGNUMERIC' },
  { name: 'j', type: 'JSON' },
  { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  {
    name: 'r',
    type: 'RECORD',
    fields: [
      { name: 'a', type: 'INTEGER' },
      { name: 'inner', type: 'RECORD', mode: 'REPEATED', fields: [{ name: 'ts', type: 'TIMESTAMP' }] },
    ],
  },
] as const;

const ROW = {
  id: 1,
  s: 'héllo',
  y: Buffer.from('00ff', 'hex'),
  f: 1.5,
  b: true,
  ts: BigQuery.timestamp('2024-01-01T00:00:00.123456Z'),
  d: BigQuery.date('0001-01-01'),
  t: BigQuery.time('23:59:59.999999'),
  dt: BigQuery.datetime('9999-12-31T23:59:59.999999'),
  n: '-12345678901234567890123456789.123456789',
  bn: '1234567890123456789012345678901234567.12345678901234567890123456789012345678',
  j: '{"a":[1,null]}',
  tags: ['x', 'y'],
  r: { a: 7, inner: [{ ts: BigQuery.timestamp('1969-12-31T23:59:59Z') }] },
};

const READ = {
  id: 1,
  s: 'héllo',
  y: '00ff',
  f: 1.5,
  b: true,
  ts: '2024-01-01T00:00:00.123456000Z',
  d: '0001-01-01',
  t: '23:59:59.999999',
  dt: '9999-12-31T23:59:59.999999',
  n: '-1.2345678901234567890123456789123456789e+28',
  bn: '1.23456789012345678901234567890123456712345678901234567890123456789012345678e+36',
  j: '{"a":[1,null]}',
  tags: ['x', 'y'],
  r: { a: 7, inner: [{ ts: '1969-12-31T23:59:59.000Z' }] },
};

const NOTHING = { ...Object.fromEntries(Object.keys(READ).map((key) => [key, null])), id: 2, tags: [] };

interface InsertError {
  readonly errors: readonly { errors: readonly { message: string; reason: string }[]; row: unknown }[];
}

describe('rows of the local BigQuery', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  beforeEach(async () => {
    bigquery = await startBigquery();
    await bigquery.client.createDataset('d');
    await bigquery.client.dataset('d').createTable('t', { schema: { fields: ALL_TYPES } } as object);
  });
  afterEach(async () => await bigquery.close());
  const table = () => bigquery.client.dataset('d').table('t');

  it('come back from a query exactly as they were streamed, in every type', async () => {
    await table().insert([ROW, { id: 2 }]);
    assert.deepEqual((await bigquery.rows('SELECT * FROM d.t ORDER BY id')).map(plain), [READ, NOTHING]);
  });

  it('come back from tabledata.list exactly as they were streamed, in every type', async () => {
    await table().insert([ROW, { id: 2 }]);
    const [rows] = await table().getRows();
    assert.deepEqual(rows.map(plain), [READ, NOTHING]);
  });

  it('have their timestamps as micros, float seconds or ISO 8601, as the request says', async () => {
    await table().insert([{ id: 1, ts: BigQuery.timestamp('2024-01-01T00:00:00.123456Z') }]);
    const data = `${bigquery.cloud.origin}/bigquery/v2/projects/virtuoso-local/datasets/d/tables/t/data?selectedFields=ts`;
    const read = async (format: string) => {
      const answer = (await (await fetch(`${data}&formatOptions.${format}`)).json()) as {
        rows: { f: { v: string }[] }[];
      };
      return answer.rows[0]?.f[0]?.v;
    };
    assert.equal(await read('useInt64Timestamp=true'), '1704067200123456');
    assert.equal(await read('useInt64Timestamp=false'), '1704067200.123456');
    assert.equal(await read('timestampOutputFormat=ISO8601_STRING'), '2024-01-01T00:00:00.123456Z');
  });

  it('are paged by tabledata.list', async () => {
    await table().insert([1, 2, 3, 4, 5].map((id) => ({ id })));
    const [first, next] = await table().getRows({ maxResults: 2, autoPaginate: false });
    assert.deepEqual(
      first.map((row: { id: number }) => row.id),
      [1, 2],
    );
    const [second] = await table().getRows({ ...next, autoPaginate: false });
    assert.deepEqual(
      second.map((row: { id: number }) => row.id),
      [3, 4],
    );
    const [all] = await table().getRows({ startIndex: '1' });
    assert.deepEqual(
      all.map((row: { id: number }) => row.id),
      [2, 3, 4, 5],
    );
  });

  it('with the same insertId are inserted once, also in one request and after a restart', async () => {
    const raw = (insertId: string, id: number) => ({ insertId, json: { id } });
    await table().insert([raw('a', 1), raw('a', 1), raw('b', 2)], { raw: true });
    await table().insert([raw('b', 2), raw('c', 3)], { raw: true });
    const { folder } = bigquery.cloud;
    await bigquery.close({ keep: true });
    bigquery = await startBigquery(folder);
    await table().insert([raw('c', 3), raw('d', 4)], { raw: true });
    assert.deepEqual(
      (await bigquery.rows('SELECT id FROM d.t ORDER BY id')).map((row) => row.id),
      [1, 2, 3, 4],
    );
  });

  it('with an insertId that is older than is remembered are inserted again', async () => {
    await table().insert([{ insertId: 'a', json: { id: 1 } }], { raw: true });
    bigquery.cloud.clock.advance(REMEMBERED_MS + 1000);
    await table().insert([{ insertId: 'a', json: { id: 1 } }], { raw: true });
    assert.equal(await bigquery.value('SELECT COUNT(*) FROM d.t'), 2);
  });

  it('with one bad row are all refused, each with its error', async () => {
    const failure = await table()
      .insert([{ id: 1 }, { id: 'x' }, { id: 3, nope: 1 }, {}, { id: 5, r: { a: 1, z: 2 } }], { partialRetries: 0 })
      .then(
        () => assert.fail('it must be refused'),
        (error: unknown) => error as InsertError,
      );
    assert.deepEqual(
      failure.errors.map(({ errors }) => errors[0]),
      [
        { message: 'Cannot convert value to integer (bad value): x', reason: 'invalid' },
        { message: 'no such field: nope.', reason: 'invalid' },
        { message: 'Missing required field: id.', reason: 'invalid' },
        { message: 'no such field: r.z.', reason: 'invalid' },
        { message: '', reason: 'stopped' },
      ],
    );
    assert.equal(await bigquery.value('SELECT COUNT(*) FROM d.t'), 0);
  });

  it('that are good are kept beside bad ones with skipInvalidRows, and unknown fields are left out with ignoreUnknownValues', async () => {
    const options = { skipInvalidRows: true, ignoreUnknownValues: true, partialRetries: 0 };
    const failure = await table()
      .insert([{ id: 1, nope: 1 }, { id: 'x' }], options)
      .then(
        () => assert.fail('it must be refused'),
        (error: unknown) => error as InsertError,
      );
    assert.equal(failure.errors.length, 1);
    assert.deepEqual(
      (await bigquery.rows('SELECT id FROM d.t')).map((row) => row.id),
      [1],
    );
  });

  for (const [column, bad] of [
    ['b', 'yes'],
    ['d', '2024-02-30'],
    ['ts', 'soon'],
    ['t', '25:00:00'],
    ['dt', '2024-01-01 99:00:00'],
    ['n', 'x'],
    ['y', '%%'],
    ['f', 'x'],
    ['j', '{'],
    ['id', 1.5],
    ['s', ['a']],
    ['tags', 'x'],
    ['r', 'x'],
  ] as const) {
    it(`are refused when ${column} is ${JSON.stringify(bad)}`, async () => {
      const insert = table().insert([{ json: { id: 1, [column]: bad } }], { raw: true, partialRetries: 0 });
      await assert.rejects(insert, (error: InsertError) => error.errors[0]?.errors[0]?.reason === 'invalid');
    });
  }

  it('are refused with a template suffix, by name', async () => {
    await assert.rejects(table().insert([{ id: 1 }], { templateSuffix: '_x' }), /UNIMPLEMENTED: templateSuffix/);
  });

  it('are counted in bytes by the meter: a kibibyte at least for each that is taken', async () => {
    const counted = () => bigquery.cloud.meter.get('bigquery.insert_bytes') ?? 0;
    const before = counted();
    await table().insert([{ id: 1 }, { id: 2 }]);
    assert.equal(counted() - before, 2 * 1024);
    const options = { raw: true, skipInvalidRows: true, partialRetries: 0 };
    await assert.rejects(table().insert([{ json: { id: 3 } }, { json: { id: 'none' } }], options));
    assert.equal(counted() - before, 3 * 1024);
    await table().insert([{ id: 4, s: 'x'.repeat(2000) }]);
    assert.equal(counted() - before, 3 * 1024 + JSON.stringify({ id: 4, s: 'x'.repeat(2000) }).length);
  });
});
