import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Job, JobLoadMetadata, Table } from '@google-cloud/bigquery';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { type Clients, done, fails, type JobResource, metadataOf } from './clients.ts';

/** Uploads text as a load job and waits for its end. */
function upload(table: Table, text: string | Buffer, metadata: JobLoadMetadata): Promise<JobResource> {
  return new Promise((resolve, reject) => {
    const stream = table.createWriteStream(metadata);
    stream.on('complete', (job: Job) => resolve(job.metadata as JobResource));
    stream.on('error', reject);
    stream.end(text);
  });
}

const JSON_LINES = { sourceFormat: 'NEWLINE_DELIMITED_JSON' };

export function loads({ dataset, bucket, rows, value, filled, id }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const table = () => dataset.table(id());
  const stored = async (text: string | Buffer, name = world.name('o')) => {
    const file = bucket.file(name);
    await file.save(text, { resumable: false });
    return file;
  };
  const fields = (schema: string) => ({
    fields: schema.split(',').map((each) => {
      const [name = '', type = ''] = each.split(':');
      return { name, type };
    }),
  });

  method('jobs.insert (load of JSON)', {
    'loads an upload into a new table': async () => {
      const target = table();
      const schema = {
        fields: [...fields('a:INTEGER,s:STRING').fields, { name: 'l', type: 'STRING', mode: 'REPEATED' }],
      };
      const job = await upload(target, '{"a": 1, "s": "x"}\n{"a": "2", "l": ["p", "q"]}\n', { ...JSON_LINES, schema });
      assert.equal(job.status.state, 'DONE');
      const { outputRows, badRecords, inputFiles } = job.statistics.load ?? {};
      assert.deepEqual([outputRows, badRecords, inputFiles], ['2', '0', '1']);
      assert.deepEqual(await rows(`SELECT a, s, l FROM ${target.id} ORDER BY a`), [
        [1, 'x', []],
        [2, null, ['p', 'q']],
      ]);
    },
    'appends to a table that is there, by its columns': async () => {
      const target = await filled('SELECT 1 AS a');
      await upload(target, '{"a": 2}', JSON_LINES);
      assert.deepEqual(await rows(`SELECT a FROM ${target.id} ORDER BY a`), [[1], [2]]);
    },
    'replaces the rows by WRITE_TRUNCATE': async () => {
      const target = await filled('SELECT 1 AS a');
      await upload(target, '{"a": 2}', { ...JSON_LINES, writeDisposition: 'WRITE_TRUNCATE' });
      assert.deepEqual(await rows(`SELECT a FROM ${target.id}`), [[2]]);
    },
    'refuses a table with rows by WRITE_EMPTY': async () => {
      const target = await filled('SELECT 1 AS a');
      const load = upload(target, '{"a": 2}', { ...JSON_LINES, writeDisposition: 'WRITE_EMPTY' });
      await fails(load, 'duplicate', /Already Exists: Table/);
    },
    'makes no table by CREATE_NEVER': async () => {
      const schema = fields('a:INTEGER');
      const load = upload(table(), '{"a": 2}', { ...JSON_LINES, schema, createDisposition: 'CREATE_NEVER' });
      await fails(load, 'notFound', /Not found: Table/);
    },
    'loads nothing when a row is bad': async () => {
      const target = await filled('SELECT 1 AS a');
      await fails(upload(target, '{"a": 2}\n{"a": "x"}', JSON_LINES), 'invalid');
      await fails(upload(target, '{"a": 2}\n{"a": ', JSON_LINES), 'invalid');
      await fails(upload(target, '{"b": 2}', JSON_LINES), 'invalid');
      assert.equal(await value(`SELECT COUNT(*) FROM ${target.id}`), 1);
    },
    'leaves out as many bad rows as it may': async () => {
      const target = table();
      const given = { ...JSON_LINES, schema: fields('a:INTEGER'), maxBadRecords: 1 };
      const job = await upload(target, '{"a": 1}\n{"a": "x"}\n{"a": 3}', given);
      assert.deepEqual([job.statistics.load?.outputRows, job.statistics.load?.badRecords], ['2', '1']);
      await fails(upload(target, '{"a": "x"}\n{"a": "y"}', given), 'invalid');
    },
    'leaves out what there is no column for when it is told to': async () => {
      const target = table();
      await upload(target, '{"a": 1, "b": 2}', {
        ...JSON_LINES,
        schema: fields('a:INTEGER'),
        ignoreUnknownValues: true,
      });
      assert.deepEqual(await rows(`SELECT * FROM ${target.id}`), [[1]]);
    },
    'adds the columns of its schema when it is told to': async () => {
      const target = await filled('SELECT 1 AS a');
      const schemaUpdateOptions = ['ALLOW_FIELD_ADDITION'];
      const schema = fields('a:INTEGER,b:STRING');
      await fails(upload(target, '{"a": 2, "b": "x"}', { ...JSON_LINES, schema }), 'invalid', /Schema does not match/);
      await upload(target, '{"a": 2, "b": "x"}', { ...JSON_LINES, schema, schemaUpdateOptions });
      assert.deepEqual(await rows(`SELECT a, b FROM ${target.id} ORDER BY a`), [
        [1, null],
        [2, 'x'],
      ]);
    },
    'finds the columns by itself': async () => {
      const target = table();
      await upload(
        target,
        '{"n": 1, "s": "x", "f": 1, "b": true, "at": "2024-01-01T00:00:00Z", "day": "2024-01-01", "l": [1], "r": {"x": 1}}\n{"f": 1.5, "n": null}',
        { ...JSON_LINES, autodetect: true },
      );
      const { fields: found } = (await metadataOf(target)).schema as { fields: { name: string; type: string }[] };
      const types = Object.fromEntries(found.map(({ name, type }) => [name, type]));
      assert.deepEqual(types, {
        ...{ n: 'INTEGER', s: 'STRING', f: 'FLOAT', b: 'BOOLEAN', at: 'TIMESTAMP', day: 'DATE', l: 'INTEGER' },
        r: 'RECORD',
      });
      assert.deepEqual(await rows(`SELECT n, f, l, r.x FROM ${target.id} WHERE n = 1`), [[1, 1, [1], 1]]);
    },
    'partitions and clusters the table it makes': async () => {
      const target = table();
      const timePartitioning = { type: 'DAY', field: 'day' };
      const clustering = { fields: ['k'] };
      const schema = fields('day:DATE,k:STRING');
      await upload(target, '{"day": "2024-01-01", "k": "x"}', { ...JSON_LINES, schema, timePartitioning, clustering });
      const metadata = await metadataOf(target);
      assert.deepEqual([metadata.timePartitioning, metadata.clustering], [timePartitioning, clustering]);
    },
    'refuses a load without a schema': () => fails(upload(table(), '{"a": 1}', JSON_LINES), 'invalid', /[Ss]chema/),
  });

  method('jobs.insert (load of CSV)', {
    'skips the header, takes quotes and empty values': async () => {
      const target = table();
      await upload(target, 'a,s\n1,"x, ""y"""\n2,\n,z\n', {
        schema: 'a:INTEGER,s:STRING',
        skipLeadingRows: 1,
      } as never);
      assert.deepEqual(await rows(`SELECT a, s FROM ${target.id} ORDER BY a`), [
        [null, 'z'],
        [1, 'x, "y"'],
        [2, ''],
      ]);
    },
    'takes another delimiter, quote and mark of NULL': async () => {
      const target = table();
      const options = { fieldDelimiter: '\t', quote: "'", nullMarker: '\\N', schema: fields('a:INTEGER,s:STRING') };
      await upload(target, "1\t'x\ty'\n\\N\t\\N\n", options);
      assert.deepEqual(await rows(`SELECT a, s FROM ${target.id} ORDER BY a`), [
        [null, null],
        [1, 'x\ty'],
      ]);
    },
    'takes newlines in quotes only when it is told to': async () => {
      const schema = fields('s:STRING');
      const target = table();
      await upload(target, '"x\ny"\n', { schema, allowQuotedNewlines: true });
      assert.deepEqual(await rows(`SELECT s FROM ${target.id}`), [['x\ny']]);
      await assert.rejects(upload(table(), '"x\ny"\n', { schema }));
    },
    'takes short rows only when it is told to': async () => {
      const schema = fields('a:INTEGER,s:STRING');
      const target = table();
      await upload(target, '1\n', { schema, allowJaggedRows: true });
      assert.deepEqual(await rows(`SELECT a, s FROM ${target.id}`), [[1, null]]);
      await assert.rejects(upload(table(), '1\n', { schema }));
    },
    'takes long rows only when it is told to': async () => {
      const schema = fields('a:INTEGER');
      const target = table();
      await upload(target, '1,2\n', { schema, ignoreUnknownValues: true });
      assert.deepEqual(await rows(`SELECT a FROM ${target.id}`), [[1]]);
      await assert.rejects(upload(table(), '1,2\n', { schema }));
    },
    'reads every scalar type': async () => {
      const target = table();
      const schema = fields('b:BOOLEAN,f:FLOAT,d:DATE,t:TIMESTAMP,n:NUMERIC,y:BYTES');
      await upload(target, 'true,1.5,2024-01-02,2024-01-02 03:04:05 UTC,1.25,YWI=\n', { schema });
      const wanted = [true, 1.5, '2024-01-02', '2024-01-02T03:04:05.000Z', '1.25', '6162'];
      assert.deepEqual(await rows(`SELECT * FROM ${target.id}`), [wanted]);
    },
    'finds the columns by itself, with and without a header': async () => {
      const target = table();
      await upload(target, 'id,name,day\n1,x,2024-01-02\n2,y,2024-01-03\n', { autodetect: true });
      assert.deepEqual(await rows(`SELECT id, name, day FROM ${target.id} ORDER BY id`), [
        [1, 'x', '2024-01-02'],
        [2, 'y', '2024-01-03'],
      ]);
      const bare = table();
      await upload(bare, '1,x\n2,y\n', { autodetect: true });
      assert.deepEqual(await rows(`SELECT int64_field_0, string_field_1 FROM ${bare.id} ORDER BY 1`), [
        [1, 'x'],
        [2, 'y'],
      ]);
    },
  });

  method('jobs.insert (load from Cloud Storage)', {
    'loads an object': async () => {
      const target = table();
      const [job] = await target.createLoadJob(await stored('1\n2\n'), { schema: fields('a:INTEGER') });
      const { statistics } = await done(job);
      assert.deepEqual([statistics.load?.outputRows, statistics.load?.inputFileBytes], ['2', '4']);
      assert.deepEqual(await rows(`SELECT a FROM ${target.id} ORDER BY a`), [[1], [2]]);
    },
    'loads several objects, compressed ones too': async () => {
      const target = table();
      const files = [await stored('{"a": 1}'), await stored(gzipSync('{"a": 2}'), `${world.name('o')}.gz`)];
      const [job] = await target.createLoadJob(files, { ...JSON_LINES, schema: fields('a:INTEGER') });
      assert.equal((await done(job)).statistics.load?.inputFiles, '2');
      assert.deepEqual(await rows(`SELECT a FROM ${target.id} ORDER BY a`), [[1], [2]]);
    },
    'loads the objects that a wildcard finds': async () => {
      const target = table();
      const prefix = world.name('part');
      for (const each of [1, 2]) await stored(`${each}\n`, `${prefix}/${each}.csv`);
      await stored('9\n', `${prefix}/other.txt`);
      const [job] = await target.createLoadJob(bucket.file(`${prefix}/*.csv`), { schema: fields('a:INTEGER') });
      assert.equal((await done(job)).statistics.load?.inputFiles, '2');
      assert.deepEqual(await rows(`SELECT a FROM ${target.id} ORDER BY a`), [[1], [2]]);
    },
    'answers notFound for an object that does not exist': async () => {
      const [job] = await table().createLoadJob(bucket.file(world.name('none')), { schema: fields('a:INTEGER') });
      await fails(done(job), 'notFound', /Not found: URI gs:/);
    },
  });
  return all;
}
