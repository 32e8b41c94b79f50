import assert from 'node:assert/strict';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, done, fails, metadataOf, type Resource } from './clients.ts';

const LEAST_BILLED = 10 * 1024 * 1024;
const NUMBERS = 'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x ORDER BY x';

export function queries(clients: Clients, { project }: World): readonly Behaviour[] {
  const { bigquery, dataset, rows, value, ran, filled, id, request } = clients;
  const { method, all } = collector();
  const post = (json: object) => request('/queries', { method: 'POST', json: { useLegacySql: false, ...json } });

  method('jobs.query', {
    'answers with the columns and rows, and what was read': async () => {
      const answer = await post({ query: "SELECT 1 AS a, 'x' AS b" });
      assert.equal(answer.kind, 'bigquery#queryResponse');
      assert.equal(answer.jobComplete, true);
      assert.deepEqual([answer.totalRows, answer.totalBytesProcessed], ['1', '0']);
      assert.ok(answer.queryId);
      assert.deepEqual(answer.rows, [{ f: [{ v: '1' }, { v: 'x' }] }]);
      assert.deepEqual(
        (answer.schema as { fields: Resource[] }).fields.map(({ name, type }) => [name, type]),
        [
          ['a', 'INTEGER'],
          ['b', 'STRING'],
        ],
      );
    },
    'makes a job, whose other pages can be had': async () => {
      const answer = await post({ query: NUMBERS, maxResults: 10 });
      assert.equal((answer.rows as unknown[]).length, 10);
      const { jobId } = answer.jobReference as { jobId: string };
      const [rest] = await bigquery.job(jobId).getQueryResults({ pageToken: String(answer.pageToken) });
      assert.deepEqual([rest.length, rest[0], rest.at(-1)], [15, { x: 11 }, { x: 25 }]);
    },
    'names columns without a name': async () => {
      const [found] = await bigquery.query('SELECT 1, 2 AS b, 3');
      assert.deepEqual(found, [{ f0_: 1, b: 2, f1_: 3 }]);
    },
    'finds tables without a dataset in the default dataset': async () => {
      const table = await filled('SELECT 7 AS a');
      const defaultDataset = { datasetId: dataset.id, projectId: project };
      const answer = await post({ query: `SELECT a FROM ${table.id}`, defaultDataset });
      assert.deepEqual(answer.rows, [{ f: [{ v: '7' }] }]);
      const [found] = await bigquery.query(`SELECT a FROM \`${project}.${dataset.id}.${table.id}\``);
      assert.deepEqual(found, [{ a: 7 }]);
    },
    'takes a request that comes twice as one job': async () => {
      const request1 = { query: 'SELECT 1', requestId: id('r') };
      const jobIds = [await post(request1), await post(request1)].map(
        ({ jobReference }) => (jobReference as { jobId: string }).jobId,
      );
      assert.equal(jobIds[0], jobIds[1]);
    },
    'says what it would read, by a dry run': async () => {
      const table = await filled("SELECT 1 AS a, 'xyz' AS b");
      const answer = await post({ query: `SELECT b FROM ${dataset.id}.${table.id}`, dryRun: true });
      assert.deepEqual([answer.jobComplete, answer.totalBytesProcessed], [true, '5']);
    },
    'refuses wrong SQL, and says where': async () => {
      await fails(post({ query: 'SELECT FROM' }), 'invalidQuery', /Syntax error.* at \[1:8\]/);
      await fails(post({ query: 'SELEC 1' }), 'invalidQuery', /Syntax error.* at \[1:1\]/);
      await fails(post({ query: "SELECT 'open" }), 'invalidQuery', /Unclosed string literal at \[1:8\]/);
    },
    'refuses a name, a function and an argument that there is not': async () => {
      const table = await filled('SELECT 1 AS a');
      await fails(rows(`SELECT nope FROM ${table.id}`), 'invalidQuery', /Unrecognized name: nope/);
      await assert.rejects(rows('SELECT NO_SUCH_FUNCTION(1)'), /function/i);
      await fails(rows('SELECT LOWER(1)'), 'invalidQuery', /No matching signature for/);
    },
    'refuses a table and a dataset that do not exist': async () => {
      await fails(rows(`SELECT 1 FROM ${dataset.id}.${id('none')}`), 'notFound', /Not found: Table/);
      await fails(rows(`SELECT 1 FROM ${id('none')}.t`), 'notFound', /Not found: Dataset/);
    },
    'refuses a query without SQL': () => fails(post({ query: '' }), 'invalid', /query/),
    'fails when it divides by zero, casts what it cannot, or reads past an array': async () => {
      await fails(rows('SELECT 1 / 0'), 'invalidQuery', /division by zero/);
      await fails(rows("SELECT CAST('x' AS INT64)"), 'invalidQuery', /Bad int64 value: x/);
      await fails(rows('SELECT [1][OFFSET(1)]'), 'invalidQuery', /Array index 1 is out of bounds/);
      await fails(rows('SELECT 9223372036854775807 + x FROM UNNEST([1]) AS x'), 'invalidQuery', /overflow/i);
    },
    'refuses two columns of one name': () =>
      fails(rows('SELECT 1 AS a, 2 AS a'), 'invalidQuery', /Duplicate column names/),
  });

  method('jobs.getQueryResults', {
    'gives the rows page by page': async () => {
      const [job] = await bigquery.createQueryJob(NUMBERS);
      const [first, next, answer] = await job.getQueryResults({ maxResults: 10, autoPaginate: false });
      assert.equal(answer?.totalRows, '25');
      const [rest] = await job.getQueryResults({ ...next, maxResults: 100, autoPaginate: false } as object);
      assert.deepEqual([first.length, rest.length, rest[0]], [10, 15, { x: 11 }]);
    },
    'gives all rows when the client pages by itself': async () => {
      const [found] = await bigquery.query({ query: NUMBERS, maxResults: 4 });
      assert.equal(found.length, 25);
    },
    'begins at a row': async () => {
      const { jobReference } = await ran(NUMBERS);
      const [found] = await bigquery.job(jobReference.jobId).getQueryResults({ startIndex: '20' });
      assert.deepEqual(found[0], { x: 21 });
    },
    'gives the same rows when it is asked again, also when the table has changed': async () => {
      const table = await filled('SELECT 1 AS a');
      const { jobReference } = await ran(`SELECT a FROM ${table.id}`);
      await ran(`INSERT INTO ${table.id} (a) VALUES (2)`);
      assert.deepEqual((await bigquery.job(jobReference.jobId).getQueryResults())[0], [{ a: 1 }]);
    },
    'gives columns without rows for an empty result': async () => {
      const { jobReference } = await ran('SELECT 1 AS a LIMIT 0');
      const answer = await request(`/queries/${jobReference.jobId}`);
      assert.deepEqual([answer.totalRows, (answer.schema as { fields: Resource[] }).fields[0]?.name], ['0', 'a']);
    },
    'answers notFound for a job that does not exist': () =>
      fails(bigquery.job(id('none')).getQueryResults(), 'notFound', /Not found: Job/),
    'streams rows': async () => {
      const found: unknown[] = [];
      for await (const row of bigquery.createQueryStream(NUMBERS)) found.push(row);
      assert.equal(found.length, 25);
    },
  });

  method('jobs.insert (query)', {
    'says what a query has read, and bills at least 10 MB': async () => {
      const table = await filled("SELECT 1 AS a, 'xyz' AS b");
      const { statistics } = await ran(`SELECT a FROM ${table.id}`, { useQueryCache: false });
      const { statementType, totalBytesProcessed, totalBytesBilled, referencedTables } = statistics.query ?? {};
      assert.deepEqual([statementType, totalBytesProcessed], ['SELECT', '8']);
      assert.equal(totalBytesBilled, String(LEAST_BILLED));
      assert.deepEqual(referencedTables, [{ projectId: project, datasetId: dataset.id, tableId: table.id }]);
    },
    'bills nothing for a query that reads no table': async () => {
      assert.equal((await ran('SELECT 1')).statistics.query?.totalBytesBilled, '0');
    },
    'refuses to bill more than it may': async () => {
      const table = await filled('SELECT 1 AS a');
      const work = ran(`SELECT a FROM ${table.id}`, { maximumBytesBilled: '1000', useQueryCache: false });
      await fails(work, 'bytesBilledLimitExceeded', /Query exceeded limit for bytes billed: 1000\. 10485760 or higher/);
    },
    'writes the result to a table': async () => {
      const destination = dataset.table(id());
      const { configuration } = await ran("SELECT 1 AS a, ['x'] AS l", { destination });
      assert.deepEqual(configuration.query?.destinationTable, {
        projectId: project,
        datasetId: dataset.id,
        tableId: destination.id,
      });
      assert.deepEqual(await rows(`SELECT a, l FROM ${destination.id}`), [[1, ['x']]]);
    },
    'refuses a destination with rows, appends to it or replaces them': async () => {
      const destination = await filled('SELECT 1 AS a');
      await fails(ran('SELECT 2 AS a', { destination }), 'duplicate', /Already Exists: Table/);
      await ran('SELECT 2 AS a', { destination, writeDisposition: 'WRITE_APPEND' });
      assert.deepEqual(await rows(`SELECT a FROM ${destination.id} ORDER BY a`), [[1], [2]]);
      await ran(`SELECT MAX(a) + 1 AS a FROM ${destination.id}`, { destination, writeDisposition: 'WRITE_TRUNCATE' });
      assert.deepEqual(await rows(`SELECT a FROM ${destination.id}`), [[3]]);
    },
    'replaces the columns of the destination by WRITE_TRUNCATE': async () => {
      const destination = await filled('SELECT 1 AS a');
      await ran("SELECT 'x' AS b", { destination, writeDisposition: 'WRITE_TRUNCATE' });
      assert.deepEqual(await rows(`SELECT * FROM ${destination.id}`), [['x']]);
    },
    'refuses to append other columns': async () => {
      const destination = await filled('SELECT 1 AS a');
      await fails(ran("SELECT 'x' AS a", { destination, writeDisposition: 'WRITE_APPEND' }), 'invalid');
      await fails(ran('SELECT 1 AS b', { destination, writeDisposition: 'WRITE_APPEND' }), 'invalid');
    },
    'adds columns to the destination when it is told to': async () => {
      const destination = await filled('SELECT 1 AS a');
      const schemaUpdateOptions = ['ALLOW_FIELD_ADDITION'];
      await ran("SELECT 2 AS a, 'x' AS b", { destination, writeDisposition: 'WRITE_APPEND', schemaUpdateOptions });
      assert.deepEqual(await rows(`SELECT a, b FROM ${destination.id} ORDER BY a`), [
        [1, null],
        [2, 'x'],
      ]);
    },
    'partitions and clusters the destination it makes': async () => {
      const destination = dataset.table(id());
      const layout = { timePartitioning: { type: 'DAY', field: 'day' }, clustering: { fields: ['k'] } };
      await ran("SELECT DATE '2024-01-01' AS day, 'x' AS k", { destination, ...layout });
      const { timePartitioning, clustering } = await metadataOf(destination);
      assert.deepEqual({ timePartitioning, clustering }, layout);
    },
    'makes no destination by CREATE_NEVER': () =>
      fails(
        ran('SELECT 1 AS a', { destination: dataset.table(id('none')), createDisposition: 'CREATE_NEVER' }),
        'notFound',
        /Not found: Table/,
      ),
    'leaves the destination as it was when the query fails': async () => {
      const destination = await filled('SELECT 1 AS a');
      const [job] = await bigquery.createQueryJob({
        ...{ query: 'SELECT 1 / x AS a FROM UNNEST([0]) AS x', destination, writeDisposition: 'WRITE_TRUNCATE' },
      });
      await assert.rejects(done(job), /division by zero/);
      assert.equal(await value(`SELECT a FROM ${destination.id}`), 1);
    },
  });
  return all;
}
