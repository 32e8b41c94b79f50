import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { Table } from '@google-cloud/bigquery';
import type { File } from '@google-cloud/storage';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, done, fails } from './clients.ts';

interface ExtractOptions {
  readonly format?: 'CSV' | 'JSON' | 'PARQUET';
  readonly gzip?: boolean;
  readonly fieldDelimiter?: string;
  readonly printHeader?: boolean;
}

export function extracts({ bucket, filled, dataset, id, newTable }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const extract = async (table: Table, options: ExtractOptions = {}, file: File = bucket.file(world.name('x'))) => {
    const [job] = await table.createExtractJob(file as never, options as never);
    const { statistics } = await done(job);
    return { statistics, text: async (name = file.name) => String((await bucket.file(name).download())[0]) };
  };
  const sorted = async (text: Promise<string>) => (await text).trimEnd().split('\n').sort();

  method('jobs.insert (extract)', {
    'writes CSV with a header': async () => {
      const table = await filled("SELECT 1 AS a, 'x' AS s UNION ALL SELECT NULL, 'y, \"z\"'");
      const { text, statistics } = await extract(table);
      assert.deepEqual(await sorted(text()), [',"y, ""z"""', '1,x', 'a,s']);
      assert.deepEqual(statistics.extract?.destinationUriFileCounts, ['1']);
    },
    'writes CSV with another delimiter and without a header': async () => {
      const table = await filled("SELECT 1 AS a, 'x|y' AS s");
      const { text } = await extract(table, { fieldDelimiter: '|', printHeader: false });
      assert.equal(await text(), '1|"x|y"\n');
    },
    'writes every scalar type as CSV': async () => {
      const table = await filled(`SELECT TRUE AS b, 1.5 AS f, 2e0 AS g, NUMERIC '1.25' AS n, DATE '2024-01-02' AS d,
        TIMESTAMP '2024-01-02 03:04:05' AS ts, DATETIME '2024-01-02 03:04:05' AS dt, TIME '03:04:05' AS t, b'ab' AS y`);
      const { text } = await extract(table, { printHeader: false });
      const wanted = 'true,1.5,2,1.25,2024-01-02,2024-01-02 03:04:05 UTC,2024-01-02T03:04:05,03:04:05,YWI=\n';
      assert.equal(await text(), wanted);
    },
    'writes a line of JSON a row, with whole numbers as strings': async () => {
      const table = await filled("SELECT 1 AS a, 1.5 AS f, TRUE AS b, ['p', 'q'] AS l, STRUCT(2 AS x) AS r, 'é' AS s");
      const { text } = await extract(table, { format: 'JSON' });
      assert.deepEqual(JSON.parse(await text()), {
        ...{ a: '1', f: 1.5, b: true, l: ['p', 'q'], r: { x: '2' }, s: 'é' },
      });
    },
    'leaves NULL out of JSON': async () => {
      const table = await filled('SELECT 1 AS a, CAST(NULL AS STRING) AS s');
      const { text } = await extract(table, { format: 'JSON' });
      assert.deepEqual(JSON.parse(await text()), { a: '1' });
    },
    'compresses by GZIP': async () => {
      const file = bucket.file(world.name('x'));
      await extract(await filled('SELECT 1 AS a'), { gzip: true }, file);
      const [bytes] = await file.download({ decompress: false });
      assert.equal(String(gunzipSync(bytes)), 'a\n1\n');
    },
    'writes Parquet, whole at both ends': async () => {
      const file = bucket.file(world.name('x'));
      await extract(
        await filled("SELECT 1 AS a, 'x' AS s, TIMESTAMP '2024-01-02' AS t, ['p'] AS l"),
        { format: 'PARQUET' },
        file,
      );
      const [bytes] = await file.download();
      assert.deepEqual([String(bytes.subarray(0, 4)), String(bytes.subarray(-4))], ['PAR1', 'PAR1']);
    },
    'numbers the file that a wildcard stands for': async () => {
      const prefix = world.name('x');
      const { text } = await extract(await filled('SELECT 1 AS a'), {}, bucket.file(`${prefix}-*.csv`));
      assert.equal(await text(`${prefix}-000000000000.csv`), 'a\n1\n');
    },
    'writes the header of an empty table': async () => {
      assert.equal(await (await extract(await newTable('a:INTEGER,b:STRING'))).text(), 'a,b\n');
    },
    'is a statement, too: EXPORT DATA writes the rows of a query, and counts them': async () => {
      const prefix = world.name('x');
      const uri = `gs://${bucket.name}/${prefix}-*.csv`;
      const statement = (more = '') =>
        `EXPORT DATA OPTIONS(uri = '${uri}', format = 'CSV'${more}) AS SELECT n, 'é' AS s FROM UNNEST([1, 2]) AS n WHERE n > @least ORDER BY n`;
      const run = async (query: string) => {
        const [job] = await dataset.bigQuery.createQueryJob({ query, params: { least: 0 } });
        return (await done(job)).statistics.query as {
          statementType: string;
          exportDataStatistics: { rowCount: string };
        };
      };
      const { statementType, exportDataStatistics } = await run(statement());
      assert.deepEqual([statementType, exportDataStatistics.rowCount], ['EXPORT_DATA', '2']);
      const read = async () => String((await bucket.file(`${prefix}-000000000000.csv`).download())[0]);
      assert.equal(await read(), 'n,s\n1,é\n2,é\n');
      await fails(run(statement()), 'invalidQuery', /overwrite/);
      await run(statement(', overwrite = TRUE, header = FALSE'));
      assert.equal(await read(), '1,é\n2,é\n');
      await fails(run(statement().replace('*', '')), 'invalidQuery', /uri|wildcard/i);
    },
    'refuses nested columns in CSV': async () => {
      for (const column of ['[1] AS l', 'STRUCT(1 AS x) AS r'])
        await fails(extract(await filled(`SELECT ${column}`)), 'invalid', /nested schema/);
    },
    'refuses a view': async () => {
      const view = await newTable(undefined, { view: { query: 'SELECT 1 AS a', useLegacySql: false } });
      await fails(extract(view), 'invalid', /VIEW/);
    },
    'answers notFound for a table or a bucket that does not exist': async () => {
      await fails(extract(dataset.table(id('none'))), 'notFound', /Not found: Table/);
      const nowhere = bucket.storage.bucket(world.name('none')).file('x');
      await fails(extract(await filled('SELECT 1 AS a'), {}, nowhere), 'notFound');
    },
  });
  return all;
}
