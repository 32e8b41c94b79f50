import assert from 'node:assert/strict';
import type { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import type { Storage } from '@google-cloud/storage';
import type { ErasureEntity } from '../../schemas/erasure.ts';
import { createErasures } from '../../shared/domain/erasures.ts';
import { createEraser } from '../../shared/erasure/eraser.ts';
import { testPlatform } from '../../shared/platform/testing.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { pullOnce, subscriberClient } from '../local/pubsub/client.ts';
import { type GoogleClients, googleClients } from './clients.ts';

/** More than a page of documents, and of what was found. */
const MANY = { runs: 110, checkpoints: 210 };
const FEW = { runs: 2, checkpoints: 3 };

interface Clients {
  readonly firestore: Firestore;
  readonly storage: Storage;
  readonly bigquery: BigQuery;
}

describe('an erasure', () => {
  let cloud: LocalCloud;
  let google: GoogleClients;
  before(async function () {
    this.timeout(120_000);
    cloud = await startCloud({ functions: [] });
    google = googleClients(cloud);
    await google.pubsub.createSubscription('system-events', 'erasures-told');
  });
  after(async () => {
    await google?.close();
    await cloud?.close();
  });

  function instance({ firestore, storage, bigquery }: Clients = google) {
    const platform = testPlatform({
      environment: { GCP_PROJECT_ID: 'virtuoso-local' },
      clients: {
        firestore: async () => firestore,
        storage: async () => storage,
        bigquery: async () => bigquery,
        pubsub: async () => google.pubsub,
      },
    });
    platform.clock.time = Date.now();
    return { platform, eraser: createEraser(platform), erasures: createErasures(platform) };
  }
  const soon = () => Date.now() + 1e7;
  const receiptOf = async (id: string) => (await google.firestore.doc(`erasures/${id}`).get()).data() as ErasureEntity;
  const makeDue = (id: string) => google.firestore.doc(`erasures/${id}`).update({ next_round_at: new Date(0) });

  /** A user with something of everything; gives how many documents and objects there are. */
  async function seed(user: string, { runs, checkpoints } = FEW): Promise<{ documents: number; objects: number }> {
    const writer = google.firestore.bulkWriter();
    const put = (path: string, data: object) => void writer.set(google.firestore.doc(path), { user_id: user, ...data });
    put(`users/${user}`, { id: user, email: `${user}@example.com`, disabled: false });
    put(`cache/progress-${user}`, { value: 'Step' });
    for (let i = 0; i < runs; i++) put(`runs/run_${user}${i}`, { id: `run_${user}${i}`, status: 'passed' });
    for (const i of [0, 1]) put(`runs/run_${user}0/log/evt_${i}`, { user_id: 'nobody', events: '[]' });
    put(`sessions/ses_${user}`, { id: `ses_${user}`, kind: 'run', status: 'passed' });
    for (let i = 0; i < checkpoints; i++) put(`checkpoints/chk_${user}${i}`, { session_id: `ses_${user}` });
    const elsewhere = { bucket: 'virtuoso-tests', name: `tests/team/${user}.yaml` };
    put(`tests/tst_${user}`, { object: elsewhere });
    put(`tests/tst_${user}2`, { object: { bucket: 'virtuoso-tests', name: `tests/${user}/a.yaml` } });
    await writer.close();
    const objects = [
      ['virtuoso-tests', `tests/${user}/a.yaml`],
      ['virtuoso-tests', elsewhere.name],
      ['virtuoso-tests', `baselines/${user}/tst_1/home.png`],
      ['virtuoso-reports', `run_${user}0/index.html`],
      // Two generations of one.
      ['virtuoso-artifacts', `ses_${user}/state.json.enc`],
      ['virtuoso-artifacts', `ses_${user}/state.json.enc`],
    ] as const;
    for (const [bucket, name] of objects)
      await google.storage.bucket(bucket).file(name).save('x', { resumable: false });
    const rows = [1, 2, 3].map((n) => ({
      ...{
        insertId: `${user}${n}`,
        json: { occurred_at: '2026-03-04T12:00:00Z', event_id: `${user}${n}`, user_id: user },
      },
    }));
    await google.bigquery.dataset('analytics').table('user_activity').insert(rows, { raw: true });
    return { documents: 5 + runs + 2 + checkpoints, objects: objects.length };
  }

  /** How much of a user there is. */
  async function countOf(user: string) {
    let documents = 0;
    const count = async (collection: FirebaseFirestore.CollectionReference): Promise<void> => {
      for (const ref of await collection.listDocuments()) {
        if (`${ref.path} `.includes(user) && !ref.path.startsWith('erasures/') && (await ref.get()).exists) documents++;
        if (ref.path.includes(user)) for (const inner of await ref.listCollections()) await count(inner);
      }
    };
    for (const collection of await google.firestore.listCollections()) await count(collection);
    let objects = 0;
    for (const bucket of (await google.storage.getBuckets())[0])
      objects += (await bucket.getFiles({ versions: true }))[0].filter(({ name }) => name.includes(user)).length;
    const [rows] = await google.bigquery.query({
      ...{ query: 'SELECT COUNT(*) AS n FROM analytics.user_activity WHERE user_id = @user', params: { user } },
    });
    return { documents, objects, rows: rows[0].n as number };
  }
  const none = { documents: 0, objects: 0, rows: 0 };
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

  async function told(user: string): Promise<string[]> {
    const raw = subscriberClient(cloud.port);
    const messages = await pullOnce(raw, 'erasures-told', 100);
    await raw.close();
    const events = messages.map(({ message }) => JSON.parse(String(message?.data)) as { id: string; subject: string });
    return events.filter(({ subject }) => subject === `users/${user}`).map(({ id }) => id);
  }

  it('ends complete, wherever and however often it is killed, and counts each document once', async function () {
    this.timeout(240_000);
    const [seeded, others] = [await seed('usr_killed', MANY), await seed('usr_other')];
    const begun = await instance().erasures.begin('usr_killed', 'usr_admin', () => undefined);
    assert.equal(begun?.status, 'running');
    assert.equal((await google.firestore.doc('users/usr_killed').get()).get('disabled'), true);
    let deaths = 0;
    for (let alive = 1; (await receiptOf('usr_killed')).status === 'running'; alive++) {
      const { eraser } = instance(dyingAfter(google, alive));
      await eraser.round('usr_killed', soon()).catch((error: Error) => {
        assert.match(String(error.cause ?? error), /killed/);
        deaths++;
      });
    }
    assert.ok(deaths >= 8, `${deaths} deaths`);
    assert.deepEqual(await countOf('usr_killed'), none);
    const { deleted } = await receiptOf('usr_killed');
    assert.equal(sum(deleted.documents), seeded.documents, JSON.stringify(deleted));
    assert.ok(sum(deleted.objects) <= seeded.objects && sum(deleted.objects) >= 1, JSON.stringify(deleted));
    assert.deepEqual(await countOf('usr_other'), { ...others, rows: 3 });
    assert.equal(new Set(await told('usr_killed')).size, 1);
  });

  it('that is done twice at once is done once', async () => {
    const seeded = await seed('usr_twice');
    await instance().erasures.begin('usr_twice', 'usr_admin', () => undefined);
    await Promise.all([1, 2].map(() => instance().eraser.round('usr_twice', soon())));
    const receipt = await receiptOf('usr_twice');
    assert.deepEqual([receipt.status, receipt.rounds], ['erased', 1]);
    assert.equal(sum(receipt.deleted.documents), seeded.documents, JSON.stringify(receipt.deleted));
    assert.equal(sum(receipt.deleted.objects), seeded.objects, JSON.stringify(receipt.deleted));
    assert.equal(sum(receipt.deleted.rows), 3);
    assert.deepEqual(await countOf('usr_twice'), none);
    const again = await instance().erasures.begin('usr_twice', 'usr_somebody', () => assert.fail());
    assert.equal(again?.requested_by, 'usr_admin');
  });

  it('finds in its later rounds what came late, and keeps no id of it after the last', async () => {
    await seed('usr_late');
    await instance().erasures.begin('usr_late', 'usr_admin', () => undefined);
    await instance().eraser.round('usr_late', soon());
    const artifact = google.storage.bucket('virtuoso-artifacts').file('ses_usr_late/trace.zip');
    await artifact.save('late', { resumable: false });
    await google.firestore.doc('runs/run_usr_late0/log/evt_late').set({ events: '[]' });
    await google.firestore.doc('checkpoints/chk_usr_late_x').set({ user_id: 'usr_late', session_id: 'ses_usr_late2' });
    for (const rounds of [2, 3]) {
      assert.equal(
        (await instance().erasures.due(10)).some(({ id }) => id === 'usr_late'),
        false,
      );
      await makeDue('usr_late');
      assert.ok((await instance().erasures.due(10)).some(({ id }) => id === 'usr_late'));
      await instance().eraser.round('usr_late', soon());
      assert.equal((await receiptOf('usr_late')).rounds, rounds);
      assert.deepEqual(await countOf('usr_late'), none);
    }
    assert.equal((await receiptOf('usr_late')).next_round_at, null);
    assert.equal((await google.firestore.collection('erasures/usr_late/found').get()).size, 0);
    await instance().eraser.round('usr_late', soon());
    assert.equal((await receiptOf('usr_late')).rounds, 3);
  });

  it('is not over while rows are too new to be deleted', async () => {
    await seed('usr_fresh');
    await instance().erasures.begin('usr_fresh', 'usr_admin', () => undefined);
    const bigquery = replacing(google.bigquery, {
      createQueryJob: async ({ query }: { query: string }) => {
        if (!query.includes('user_activity'))
          return await google.bigquery.createQueryJob({ query, params: { user: '' } });
        throw new Error('UPDATE or DELETE statement over table x would affect rows in the streaming buffer');
      },
    });
    await instance({ ...google, bigquery }).eraser.round('usr_fresh', soon());
    const waiting = await receiptOf('usr_fresh');
    assert.deepEqual([waiting.status, waiting.waits_for], ['running', ['user_activity']]);
    assert.deepEqual(await countOf('usr_fresh'), { ...none, rows: 3 });
    assert.deepEqual(await told('usr_fresh'), []);
    await makeDue('usr_fresh');
    await instance().eraser.round('usr_fresh', soon());
    const done = await receiptOf('usr_fresh');
    assert.deepEqual([done.status, done.waits_for, done.deleted.rows.user_activity], ['erased', [], 3]);
    assert.deepEqual(await countOf('usr_fresh'), none);
    assert.equal((await told('usr_fresh')).length, 1);
  });

  it('ends what runs, and waits until no instance can have it any more', async () => {
    await seed('usr_busy');
    const ref = google.firestore.doc('sessions/ses_usr_busy9');
    const session = { id: ref.id, user_id: 'usr_busy', kind: 'run', status: 'running', awaited: true };
    const expires_at = new Date(Date.now() + 20_000);
    await ref.set({ ...session, lease: { owner: 'i', expires_at } });
    await instance().erasures.begin('usr_busy', 'usr_admin', () => undefined);
    const { platform, eraser } = instance();
    const waited: unknown[] = [];
    platform.clock.sleep = async (ms) => {
      waited.push((await ref.get()).get('status'));
      platform.clock.time += ms;
    };
    await eraser.round('usr_busy', soon());
    assert.deepEqual(waited, ['cancelled']);
    assert.equal(platform.clock.time, expires_at.getTime());
    assert.deepEqual(await countOf('usr_busy'), none);
  });

  it('stops when its time is over, and goes on there', async () => {
    await seed('usr_slow');
    await instance().erasures.begin('usr_slow', 'usr_admin', () => undefined);
    await assert.rejects(instance().eraser.round('usr_slow', Date.now() - 1), /more to erase/);
    assert.equal((await receiptOf('usr_slow')).status, 'running');
    await instance().eraser.round('usr_slow', soon());
    assert.deepEqual(await countOf('usr_slow'), none);
  });

  it('is of users that there are', async () => {
    assert.equal(await instance().erasures.begin('usr_nobody', 'usr_admin', () => undefined), undefined);
    const refuse = () => {
      throw new Error('another one');
    };
    await seed('usr_kept');
    await assert.rejects(instance().erasures.begin('usr_kept', 'usr_admin', refuse), /another one/);
    assert.equal((await google.firestore.doc('erasures/usr_kept').get()).exists, false);
    assert.equal((await google.firestore.doc('users/usr_kept').get()).get('disabled'), false);
  });
});

/** The same object with some methods of it replaced. */
function replacing<T extends object>(target: T, methods: Record<string, (...args: never[]) => unknown>): T {
  return new Proxy(target, {
    get(_, name) {
      const own = typeof name === 'string' ? methods[name] : undefined;
      const value = own ?? Reflect.get(target, name, target);
      return typeof value === 'function' && !own ? value.bind(target) : value;
    },
  });
}

/** Clients of an instance that dies after so many commits, deletions of objects and statements. */
function dyingAfter({ firestore, storage, bigquery }: Clients, most: number): Clients {
  let done = 0;
  const or = async <R>(work: () => Promise<R>): Promise<R> => {
    if (++done > most) throw new Error('killed');
    return await work();
  };
  return {
    firestore: replacing(firestore, {
      runTransaction: (work: Parameters<Firestore['runTransaction']>[0]) => or(() => firestore.runTransaction(work)),
    }),
    storage: replacing(storage, {
      bucket: (name: string) => {
        const bucket = storage.bucket(name);
        return replacing(bucket, {
          file: (...args: Parameters<typeof bucket.file>) => {
            const file = bucket.file(...args);
            return replacing(file, { delete: () => or(() => file.delete()) });
          },
        });
      },
    }),
    bigquery: replacing(bigquery, {
      createQueryJob: (options: Parameters<BigQuery['createQueryJob']>[0]) =>
        or(() => bigquery.createQueryJob(options)),
    }),
  };
}
