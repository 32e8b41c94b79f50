import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Timestamp } from '@google-cloud/firestore';
import { createCipher } from '../../shared/platform/cipher.ts';
import { resources } from '../../shared/resources/index.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { openLocalCloud, type PortableCloud } from './cloud.ts';
import { exportAll } from './export.ts';
import { importAll } from './import.ts';
import { readKeys } from './keys.ts';
import { differences } from './verify.ts';

describe('an export', function () {
  this.timeout(120_000);
  let root: string;
  let from: PortableCloud;
  let to: PortableCloud;
  const open: { cloud: LocalCloud; stores: PortableCloud }[] = [];
  const start = async () => {
    const cloud = await startCloud({ functions: [] });
    const stores = openLocalCloud(cloud.origin);
    open.push({ cloud, stores });
    return stores;
  };
  const folder = (name: string) => join(root, name);
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'virtuoso-portable-'));
    from = await start();
    await fill(from);
  });
  beforeEach(async () => {
    to = await start();
  });
  afterEach(() => stop(open.pop()));
  after(async () => {
    await stop(open.pop());
    await rm(root, { recursive: true, force: true });
  });

  async function stop(one: (typeof open)[number] | undefined): Promise<void> {
    await one?.stores.close();
    await one?.cloud.close();
  }

  const cipherOf = async (stores: PortableCloud) => {
    const keys = await readKeys(stores);
    const newest = Object.keys(keys).at(-1) ?? '';
    return createCipher(
      { read: async (_, version = newest) => ({ value: keys[version] ?? '', version }) },
      { randomBytes: (length) => Buffer.alloc(length, 7) },
    );
  };

  /** A little of everything that a project holds. */
  async function fill(stores: PortableCloud): Promise<void> {
    const { firestore, storage, bigquery } = stores;
    const file = storage.bucket('virtuoso-tests').file('tests/usr_1/log in.yaml');
    await file.save('test: Log in', { contentType: 'text/yaml', metadata: { metadata: { owner: 'usr_1' } } });
    await file.save('test: Log in again', { contentType: 'text/yaml', metadata: { metadata: { owner: 'usr_1' } } });
    await storage
      .bucket('virtuoso-artifacts')
      .file('ses_1/0/0.jpg')
      .save(Buffer.from([0, 1, 2, 255]));
    const generation = String((await file.getMetadata())[0].generation);
    const object = { bucket: 'virtuoso-tests', name: file.name, generation };
    await firestore
      .doc('users/usr_1')
      .set({ id: 'usr_1', email: 'ada@example.com', created_at: new Timestamp(1, 5000) });
    await firestore.doc('tests/tst_1').set({ user_id: 'usr_1', object, tags: ['a', { b: null }] });
    const secrets = { PASSWORD: await (await cipherOf(stores)).encrypt('hunter2'), LOOKS: 'v1.a.b.c' };
    await firestore.doc('environments/env_1').set({ user_id: 'usr_1', name: 'staging', secrets });
    await firestore.doc('runs/run_1').set({ user_id: 'usr_1', totals: { steps: 3 } });
    const log = firestore.batch();
    for (let n = 0; n < 400; n++) log.set(firestore.doc(`runs/run_1/log/${n}`), { seq: n });
    await log.commit();
    await firestore.doc('cache/key').set({ value: 1 });
    const row = (n: number) => ({
      event_id: `evt_${n}`,
      ended_at: '2026-11-27T10:00:00Z',
      run_id: 'run_1',
      status: 'passed',
    });
    await bigquery
      .dataset(resources.dataset)
      .table('test_runs')
      .insert([row(1), row(2)]);
  }

  const documentsOf = async ({ firestore }: PortableCloud) => {
    const names = ['users', 'tests', 'runs', 'log', 'environments', 'cache'];
    const groups = await Promise.all(names.map((name) => firestore.collectionGroup(name).get()));
    return new Map(groups.flatMap(({ docs }) => docs.map((one) => [one.ref.path, one.data()] as const)));
  };
  const rowsOf = async ({ bigquery }: PortableCloud) =>
    (await bigquery.query('SELECT event_id, run_id, status FROM analytics.test_runs ORDER BY event_id'))[0];

  it('is all that a project holds, and another project has it after an import', async () => {
    const { parts } = await exportAll(from, folder('whole'), { keys: true });
    assert.equal(parts.find(({ name }) => name === 'log')?.count, 400);
    const imported = await importAll(to, folder('whole'));
    for (const { kind, name, count } of parts) {
      const part = imported.find((one) => one.kind === kind && one.name === name);
      assert.deepEqual([part?.written, part?.kept], [count, 0], `${kind} ${name}`);
    }
    const [before, after] = [await documentsOf(from), await documentsOf(to)];
    assert.deepEqual([...after.keys()].sort(), [...before.keys()].filter((path) => path !== 'cache/key').sort());
    assert.deepEqual(after.get('users/usr_1'), before.get('users/usr_1'));
    assert.deepEqual(after.get('runs/run_1/log/399'), { seq: 399 });
    assert.deepEqual(await rowsOf(to), await rowsOf(from));
    const file = to.storage.bucket('virtuoso-tests').file('tests/usr_1/log in.yaml');
    const [{ generation, contentType, metadata }] = await file.getMetadata();
    assert.deepEqual([contentType, metadata], ['text/yaml', { owner: 'usr_1' }]);
    assert.equal(after.get('tests/tst_1')?.object.generation, String(generation));
    assert.equal(String((await file.download())[0]), 'test: Log in again');
  });

  it('has secrets that the other project can read with its own key, and texts that only look like them', async () => {
    await exportAll(from, folder('sealed'), { keys: true });
    await importAll(to, folder('sealed'));
    const [before, after] = [await documentsOf(from), await documentsOf(to)];
    const [old, sealed] = [before, after].map((all) => all.get('environments/env_1')?.secrets);
    assert.notEqual(sealed.PASSWORD, old.PASSWORD);
    assert.equal(String(await (await cipherOf(to)).decrypt(sealed.PASSWORD)), 'hunter2');
    assert.equal(sealed.LOOKS, 'v1.a.b.c');
  });

  it('is checked without anything being written', async () => {
    await exportAll(from, folder('dry'));
    const imported = await importAll(to, folder('dry'), { dryRun: true });
    assert.equal(imported.find(({ name }) => name === 'log')?.written, 400);
    assert.equal((await documentsOf(to)).size, 0);
  });

  it('is not mixed with what a project holds, unless that is wanted; what is there stays', async () => {
    await exportAll(from, folder('merge'));
    await to.firestore.doc('runs/run_1').set({ own: true });
    await assert.rejects(importAll(to, folder('merge')), /has 'runs' already: .*--merge/);
    const first = await importAll(to, folder('merge'), { existing: 'keep' });
    assert.deepEqual(
      first.filter(({ kept }) => kept > 0).map(({ name, kept }) => [name, kept]),
      [['runs', 1]],
    );
    const again = await importAll(to, folder('merge'), { existing: 'keep' });
    assert.equal(
      again.filter(({ kind }) => kind !== 'rows').reduce((sum, { written }) => sum + written, 0),
      0,
    );
    assert.deepEqual((await to.firestore.doc('runs/run_1').get()).data(), { own: true });
    assert.equal((await rowsOf(to)).length, 2);
  });

  it('undoes what was changed since, when that is wanted', async () => {
    const { firestore, storage } = to;
    await exportAll(from, folder('undo'), { keys: true });
    await importAll(to, folder('undo'));
    await firestore.doc('runs/run_1').set({ spoilt: true });
    await firestore.doc('users/usr_1').delete();
    const file = storage.bucket('virtuoso-tests').file('tests/usr_1/log in.yaml');
    await file.save('spoilt');
    await importAll(to, folder('undo'), { existing: 'replace' });
    const [before, after] = [await documentsOf(from), await documentsOf(to)];
    for (const path of ['runs/run_1', 'users/usr_1']) assert.deepEqual(after.get(path), before.get(path), path);
    assert.equal(String((await file.download())[0]), 'test: Log in again');
    assert.deepEqual(await differences(to, folder('undo')), []);
  });

  it('is of the time that is named', async () => {
    await to.firestore.doc('runs/run_9').set({ status: 'passed' });
    const { updateTime } = await to.firestore.doc('runs/run_9').get();
    const at = new Date(Math.ceil((updateTime?.toMillis() ?? 0) + 1));
    while (Date.now() <= at.getTime()) await new Promise((resolve) => setTimeout(resolve, 5));
    await to.firestore.doc('runs/run_9').set({ status: 'spoilt' });
    await exportAll(to, folder('then'), { at });
    await importAll(to, folder('then'), { existing: 'replace' });
    assert.deepEqual((await to.firestore.doc('runs/run_9').get()).data(), { status: 'passed' });
  });

  it('says of a project what is otherwise than it was exported', async () => {
    await exportAll(from, folder('verified'), { keys: true });
    await importAll(to, folder('verified'));
    assert.deepEqual(await differences(to, folder('verified')), []);
    await to.firestore.doc('runs/run_1').update({ spoilt: true });
    await to.firestore.doc('users/usr_1').delete();
    await to.storage.bucket('virtuoso-artifacts').file('ses_1/0/0.jpg').save('spoilt');
    await to.bigquery.query("DELETE FROM analytics.test_runs WHERE event_id = 'evt_1'");
    assert.deepEqual(await differences(to, folder('verified')), [
      'documents users: users/usr_1 is gone',
      'documents runs: runs/run_1 is otherwise',
      'objects virtuoso-artifacts: ses_1/0/0.jpg is otherwise',
      'rows test_runs: 1 of 2',
    ]);
  });

  it('is refused when it is cut short or altered, before anything is written', async () => {
    await writeFile(folder('file'), '');
    await assert.rejects(importAll(to, root), /holds no whole export/);
    await exportAll(from, folder('altered'));
    await assert.rejects(exportAll(from, folder('altered')), /is not empty/);
    await appendFile(join(folder('altered'), 'documents/users.jsonl'), '{"path":"users/usr_2","fields":{}}\n');
    await assert.rejects(importAll(to, folder('altered')), /documents\/users\.jsonl was altered/);
    await rm(join(folder('altered'), 'documents/users.jsonl'));
    await assert.rejects(importAll(to, folder('altered')), /documents\/users\.jsonl is gone/);
    assert.equal((await documentsOf(to)).size, 0);
    assert.ok((await readdir(folder('altered'))).includes('export.json'));
  });
});
