import assert from 'node:assert/strict';
import { Timestamp } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { startDatabase, type TestDatabase } from './testing.ts';

const NAME = 'projects/virtuoso-local/databases/(default)';

describe('local firestore: transactions', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await startDatabase();
  });
  afterEach(() => test.close());

  it('counts every one of ten concurrent increments', async () => {
    const ref = test.db.doc('counters/one');
    await ref.set({ n: 0 });
    const increments = Array.from({ length: 10 }, () =>
      test.db.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(ref);
        transaction.update(ref, { n: snapshot.get('n') + 1 });
      }),
    );
    await Promise.all(increments);
    assert.equal((await ref.get()).get('n'), 10);
  });

  it('hands out each of several jobs once when many look for the first one', async () => {
    const jobs = test.db.collection('jobs');
    for (let i = 0; i < 6; i += 1) await jobs.doc(`j${i}`).set({ state: 'queued', at: i });
    const claimed = await Promise.all(
      Array.from({ length: 6 }, () =>
        test.db.runTransaction(async (transaction) => {
          const found = await transaction.get(jobs.where('state', '==', 'queued').orderBy('at').limit(1));
          const [job] = found.docs;
          if (job) transaction.update(job.ref, { state: 'taken' });
          return job?.id;
        }),
      ),
    );
    assert.deepEqual(claimed.sort(), ['j0', 'j1', 'j2', 'j3', 'j4', 'j5']);
  });

  it('sees phantoms: two transactions cannot both add to an empty query result', async () => {
    const seats = test.db.collection('seats');
    const book = (id: string) =>
      test.db.runTransaction(async (transaction) => {
        const taken = await transaction.get(seats.where('seat', '==', '1A'));
        if (taken.empty) transaction.create(seats.doc(id), { seat: '1A' });
      });
    await Promise.all([book('a'), book('b'), book('c')]);
    assert.equal((await seats.get()).size, 1);
  });

  it('keeps an invariant over two documents (no write skew)', async () => {
    const [x, y] = [test.db.doc('skew/x'), test.db.doc('skew/y')];
    await Promise.all([x.set({ on: true }), y.set({ on: true })]);
    const turnOff = (mine: typeof x) =>
      test.db.runTransaction(async (transaction) => {
        const both = await transaction.getAll(x, y);
        if (both.every((doc) => doc.get('on'))) transaction.update(mine, { on: false });
      });
    await Promise.all([turnOff(x), turnOff(y)]);
    const states = await test.db.getAll(x, y);
    assert.equal(states.filter((doc) => doc.get('on')).length, 1);
  });

  it('aborts a transaction whose document was changed by a plain write, and the client tries it again', async () => {
    const ref = test.db.doc('plain/one');
    await ref.set({ n: 1 });
    let attempts = 0;
    await test.db.runTransaction(async (transaction) => {
      attempts += 1;
      const snapshot = await transaction.get(ref);
      if (attempts === 1) await ref.update({ n: 10 });
      transaction.update(ref, { n: snapshot.get('n') + 1 });
    });
    assert.equal(attempts, 2);
    assert.equal((await ref.get()).get('n'), 11);
  });

  it('goes on when two transactions want the same two documents in opposite orders', async () => {
    const [x, y] = [test.db.doc('cross/x'), test.db.doc('cross/y')];
    await Promise.all([x.set({ n: 0 }), y.set({ n: 0 })]);
    const both = (first: typeof x, second: typeof x) =>
      test.db.runTransaction(async (transaction) => {
        const a = await transaction.get(first);
        const b = await transaction.get(second);
        transaction.update(first, { n: a.get('n') + 1 });
        transaction.update(second, { n: b.get('n') + 1 });
      });
    await Promise.all([both(x, y), both(y, x), both(x, y), both(y, x)]);
    assert.deepEqual([(await x.get()).get('n'), (await y.get()).get('n')], [4, 4]);
  });

  it('writes nothing when the function throws', async () => {
    const ref = test.db.doc('thrown/one');
    const failing = test.db.runTransaction(async (transaction) => {
      await transaction.get(ref);
      transaction.set(ref, { n: 1 });
      throw new Error('changed my mind');
    });
    await assert.rejects(failing, /changed my mind/);
    assert.equal((await ref.get()).exists, false);
  });

  it('reads one state in a read-only transaction, whatever is written meanwhile', async () => {
    const items = test.db.collection('snapshot');
    await items.doc('a').set({ n: 1 });
    await items.doc('b').set({ n: 2 });
    const seen = await test.db.runTransaction(
      async (transaction) => {
        await transaction.get(items.doc('a'));
        await items.doc('a').update({ n: 5 });
        await items.doc('b').delete();
        await items.doc('c').set({ n: 0 });
        const found = await transaction.get(items.where('n', '>=', 0).orderBy('n', 'desc'));
        return found.docs.map((doc) => `${doc.id}${doc.get('n')}`);
      },
      { readOnly: true },
    );
    assert.deepEqual(seen, ['b2', 'a1']);
  });

  it('reads the past for an hour', async () => {
    const ref = test.db.doc('past/one');
    const first = await ref.set({ n: 1 });
    await ref.set({ n: 2 });
    await ref.delete();
    const at = (readTime: Timestamp) =>
      test.db.runTransaction((transaction) => transaction.get(ref), { readOnly: true, readTime });
    assert.equal((await at(first.writeTime)).get('n'), 1);
    const listed = await test.db.runTransaction((t) => t.get(test.db.collection('past')), {
      readOnly: true,
      readTime: first.writeTime,
    });
    assert.equal(listed.size, 1);
    const later = Timestamp.fromMillis(test.cloud.clock.now() + 60_000);
    await assert.rejects(at(later), { code: status.INVALID_ARGUMENT });
    test.cloud.clock.advance(61 * 60_000);
    await assert.rejects(at(first.writeTime), { code: status.FAILED_PRECONDITION });
    assert.equal(test.cloud.store.all('SELECT * FROM firestore_history').length, 0);
  });

  it('ends transactions that are idle for a minute', async () => {
    const ref = test.db.doc('idle/one');
    await ref.set({ n: 1 });
    let attempts = 0;
    await test.db.runTransaction(async (transaction) => {
      attempts += 1;
      await transaction.get(ref);
      if (attempts === 1) test.cloud.clock.advance(61_000);
      transaction.update(ref, { n: attempts });
    });
    assert.equal(attempts, 2);
  });

  it('refuses a transaction that has ended, and writes in a read-only one', async () => {
    const { raw } = await import('./testing.ts');
    const client = raw(test.cloud);
    try {
      const { transaction } = (await client.call('BeginTransaction', { database: NAME })) as { transaction: Buffer };
      await client.call('Rollback', { database: NAME, transaction });
      await assert.rejects(client.call('Commit', { database: NAME, transaction, writes: [] }), {
        code: status.INVALID_ARGUMENT,
        details: /transaction has expired/,
      });
      const readOnly = (await client.call('BeginTransaction', { database: NAME, options: { readOnly: {} } })) as {
        transaction: Buffer;
      };
      const write = { delete: `${NAME}/documents/a/b` };
      await assert.rejects(
        client.call('Commit', { database: NAME, transaction: readOnly.transaction, writes: [write] }),
        { code: status.INVALID_ARGUMENT },
      );
    } finally {
      client.close();
    }
  });

  it('refuses what it does not support, by name', async () => {
    const { raw } = await import('./testing.ts');
    const client = raw(test.cloud);
    try {
      await assert.rejects(client.stream('ExecutePipeline', { database: NAME }), {
        code: status.UNIMPLEMENTED,
        details: /ExecutePipeline/,
      });
    } finally {
      client.close();
    }
  });
});
