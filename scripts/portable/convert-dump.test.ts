import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../local/cloud.ts';
import { openLocalCloud } from './cloud.ts';
import { convertDump } from './convert-dump.ts';
import { importAll } from './import.ts';
import { DEFAULT_MAPPING, readMapping } from './mapping.ts';

const mapping = readMapping(DEFAULT_MAPPING);
const USER = '7b0c6d9e-0000-4000-8000-000000000001';
const dump = (more = '') => `--
-- PostgreSQL database dump
--
SET client_encoding = 'UTF8';
CREATE TABLE public.users (id uuid NOT NULL);

COPY public.users (id, email, name, role, is_active, settings, password_hash, created_at, updated_at) FROM stdin;
${USER}\tada@example.com\tAda\\tL.\tuser\tt\t{"theme": "dark"}\tx\t2025-01-31 12:00:00.123456+01\t\\N
2\tbob@example.com\t\\N\tsuperhero\tf\t\\N\t\\N\t2025-02-01 00:00:00\t2025-02-02 00:00:00
\\.

COPY public.sessions (id, user_id, name, status, base_url, variables, created_at, updated_at) FROM stdin;
11\t${USER}\tLog in\tcompleted\thttps://shop.example\t{"a": 1}\t2025-03-01 10:00:00+00\t2025-03-01 10:05:00+00
\\.

COPY public.checkpoints (id, session_id, user_id, "position", name, steps, status, created_at, colour) FROM stdin;
21\t11\t${USER}\t0\tStart\t[{"command": "navigate.to", "url": "/"}]\tpassed\t2025-03-01 10:00:01+00\tred
\\.

COPY public.webhooks (id, user_id, url, events, secret, active, created_at) FROM stdin;
31\t${USER}\thttps://hook.example/a\t{run.completed,"test.failed"}\told secret\tt\t2025-03-01 10:00:01+00
\\.

COPY public.migrations (id) FROM stdin;
1
2
\\.
${more}`;

describe('a dump of PostgreSQL', function () {
  this.timeout(60_000);
  let root: string;
  const file = (name: string) => join(root, name);
  const write = async (text: string) => {
    await writeFile(file('dump.sql'), text);
    return file('dump.sql');
  };
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'virtuoso-dump-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it('becomes documents that are like the suite’s own, which still name each other', async () => {
    const converted = await convertDump(await write(dump()), mapping, file('out'));
    assert.deepEqual(converted, {
      documents: { users: 2, runs: 1, sessions: 1, checkpoints: 1, webhooks: 1 },
      leftOut: { migrations: 2 },
      columnsLeftOut: ['checkpoints.colour'],
      problems: [],
    });
    const cloud = await startCloud({ functions: [] });
    const stores = openLocalCloud(cloud.origin);
    try {
      await importAll(stores, file('out'));
      const all = async (name: string) => (await stores.firestore.collection(name).get()).docs.map((one) => one.data());
      const [ada, bob] = (await all('users')).sort((a, b) => (a.email < b.email ? -1 : 1));
      assert.deepEqual(
        [ada?.name, ada?.role, ada?.disabled, ada?.settings, ada?.created_at.toDate().toISOString()],
        ['Ada\tL.', 'developer', false, { theme: 'dark' }, '2025-01-31T11:00:00.123Z'],
      );
      assert.deepEqual([bob?.name, bob?.role, bob?.disabled], ['bob@example.com', 'developer', true]);
      const first = async (name: string) => (await all(name))[0];
      const [run, session] = [await first('runs'), await first('sessions')];
      const [checkpoint, webhook] = [await first('checkpoints'), await first('webhooks')];
      assert.deepEqual([run?.user_id, run?.status], [ada?.id, 'passed']);
      assert.deepEqual(
        [session?.run_id, session?.base_url, session?.variables],
        [run?.id, 'https://shop.example', { a: 1 }],
      );
      assert.deepEqual(
        [checkpoint?.session_id, checkpoint?.steps],
        [session?.id, [{ command: 'navigate.to', url: '/' }]],
      );
      assert.deepEqual([webhook?.events, webhook?.active], [['run.completed', 'test.failed'], false]);
      assert.match(webhook?.secrets[0].sealed, /^v1\./);
    } finally {
      await stores.close();
      await cloud.close();
    }
  });

  it('is made the same of, however often', async () => {
    await convertDump(await write(dump()), mapping, file('again'));
    const read = (folder: string) => readFile(join(file(folder), 'documents/sessions.jsonl'), 'utf8');
    assert.equal(await read('again'), await read('out'));
  });

  it('is told what is wrong with it, row by row, and nothing is written', async () => {
    const bad = `COPY public.users (id, email, created_at) FROM stdin;\n3\t\\N\t2025-01-01 00:00:00\n4\tx@y.z\tyesterday\n\\.\n`;
    const { problems } = await convertDump(await write(dump(bad)), mapping, file('bad'));
    assert.deepEqual([...new Set(problems.map((problem) => problem.split(',')[0]))].length, 2);
    assert.match(problems[0] ?? '', /^line \d+, users → users: .*email/);
    assert.match(problems.join('\n'), /users\.created_at is no time: yesterday/);
    assert.ok(!(await readdir(root)).includes('bad'));
  });

  it('is refused when it is of another form, or cut short', async () => {
    const refused = async (text: string, words: RegExp) =>
      assert.rejects(convertDump(await write(text), mapping, undefined), words);
    await refused('PGDMP\u0001', /custom form: make it plain with pg_restore/);
    await refused(
      "INSERT INTO public.users VALUES ('1');",
      /dump\.sql:1 has INSERT statements: dump without --inserts/,
    );
    await refused('COPY public.users (id) FROM stdin;\n1\n', /ends inside the rows of users \(from line 1\)/);
    await refused('COPY public.users (id, email) FROM stdin;\n1\n\\.\n', /users has 2 columns, but the row 1/);
  });

  it('is mapped by a file that is checked', async () => {
    await writeFile(
      file('map.yaml'),
      '- table: users\n  into: persons\n  id: { prefix: usr, column: id }\n  fields: {}\n',
    );
    assert.throws(() => readMapping(file('map.yaml')), /map\.yaml is wrong at \/0\/into/);
    assert.throws(() => readMapping(file('none.yaml')), /none\.yaml cannot be read/);
  });
});
