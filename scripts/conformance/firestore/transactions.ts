import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentReference, Firestore } from '@google-cloud/firestore';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { ABORTED, type Clients, FAILED_PRECONDITION, fill, INVALID_ARGUMENT, messagesOf, refused } from './clients.ts';

/** A write that comes first makes the commit of who has read before it fail; one that is kept waiting does not. */
async function overtaken(write: Promise<unknown>, commit: () => Promise<unknown>): Promise<void> {
  const isFirst = await Promise.race([write.then(() => true), sleep(100).then(() => false)]);
  await (isFirst ? refused(commit(), ABORTED, /contention|again/i) : commit());
  await write;
}

type Id = Uint8Array | string | null | undefined;

/** Transactions: what they see, and when they are aborted. */
export function transactions(
  { db, gapic, collection, database, root, nameOf }: Clients,
  world: World,
): readonly Behaviour[] {
  const { method, all } = collector();
  const begin = async (options: object = { readWrite: {} }): Promise<Id> =>
    (await gapic.beginTransaction({ database, options }))[0].transaction;
  const read = (transaction: Id, path: string) =>
    gapic.getDocument({ name: nameOf(path), transaction: transaction ?? '' });
  const query = (transaction: Id, collectionId: string) =>
    messagesOf<{ document?: object | null }>(
      gapic.runQuery({ parent: root, structuredQuery: { from: [{ collectionId }] }, transaction: transaction ?? '' }),
    );
  const put = (transaction: Id, path: string, n: number) =>
    gapic.commit({
      database,
      transaction: transaction ?? '',
      writes: [{ update: { name: nameOf(path), fields: { n: { integerValue: n } } } }],
    });
  const made = async (n = 0) => {
    const document = collection().doc();
    await document.set({ n });
    return document;
  };
  const add = (firestore: Firestore, document: DocumentReference) =>
    firestore.runTransaction(async (transaction) => {
      const { n } = (await transaction.get(document)).data() ?? {};
      transaction.set(document, { n: n + 1 });
    });

  method('BeginTransaction', {
    'begins a transaction whose commit is one': async () => {
      const document = await made();
      const transaction = await begin();
      await read(transaction, document.path);
      await put(transaction, document.path, 5);
      assert.equal((await document.get()).get('n'), 5);
    },
    'takes the transaction that is tried again': async () => {
      const first = await begin();
      const again = await begin({ readWrite: { retryTransaction: first ?? '' } });
      assert.notDeepEqual(first, again);
    },
    'reads one state in a read-only transaction, whatever is written meanwhile': async () => {
      const document = await made(1);
      const transaction = await begin({ readOnly: {} });
      await document.set({ n: 2 });
      await fill(document.parent, { other: { n: 3 } });
      const [seen] = await read(transaction, document.path);
      assert.equal(String(seen.fields?.n?.integerValue), '1');
      assert.equal((await query(transaction, document.parent.id)).length, 1);
    },
    'reads the past in a read-only transaction': async () => {
      const document = await made(1);
      const { readTime } = await document.get();
      await document.set({ n: 2 });
      const seen = await db.runTransaction(async (transaction) => (await transaction.get(document)).get('n'), {
        readOnly: true,
        readTime,
      });
      assert.equal(seen, 1);
    },
    'refuses to read the future, and what is no longer kept': async () => {
      await refused(begin({ readOnly: { readTime: { seconds: 4_000_000_000 } } }), INVALID_ARGUMENT, /future/);
      await refused(begin({ readOnly: { readTime: { seconds: 1_000_000_000 } } }), FAILED_PRECONDITION, /too old/);
    },
    'refuses a malformed database': async () => {
      await refused(gapic.beginTransaction({ database: 'projects/p' }), INVALID_ARGUMENT, /database/);
    },
  });

  method('Commit', {
    'refuses writes in a read-only transaction': async () => {
      const document = await made();
      await refused(put(await begin({ readOnly: {} }), document.path, 1), INVALID_ARGUMENT, /read-only/);
    },
    'refuses a transaction that never was, or is over': async () => {
      const document = await made();
      await refused(put(Buffer.from('0123456789abcdef'), document.path, 1), INVALID_ARGUMENT, /transaction/);
      const transaction = await begin();
      await put(transaction, document.path, 1);
      await refused(put(transaction, document.path, 2), INVALID_ARGUMENT, /expired|no longer valid|transaction/);
    },
    'aborts a transaction when what it has read has changed': async () => {
      const document = await made();
      const transaction = await begin();
      await read(transaction, document.path);
      await overtaken(document.set({ n: 7 }), () => put(transaction, document.path, 1));
    },
    'aborts a transaction when a document that it has missed is there': async () => {
      const document = collection().doc();
      const transaction = await begin();
      await refused(read(transaction, document.path), 5, /not found/);
      await overtaken(document.set({ n: 7 }), () => put(transaction, document.path, 1));
    },
    'aborts a transaction when its query would find something new': async () => {
      const parent = collection();
      const transaction = await begin();
      assert.deepEqual(
        (await query(transaction, parent.id)).map((message) => message.document ?? null),
        [null],
      );
      await overtaken(fill(parent, { other: {} }), () => put(transaction, parent.doc('mine').path, 1));
    },
    'aborts a transaction when its query would find something no more': async () => {
      const document = await made();
      const transaction = await begin();
      assert.equal((await query(transaction, document.parent.id)).length, 1);
      await overtaken(document.delete(), () => put(transaction, document.parent.doc('mine').path, 1));
    },
    'aborts a transaction when its count would be another': async () => {
      const parent = collection();
      const transaction = await begin();
      const aggregations = [{ alias: 'n', count: {} }];
      const structuredAggregationQuery = { structuredQuery: { from: [{ collectionId: parent.id }] }, aggregations };
      const request = { parent: root, structuredAggregationQuery, transaction: transaction ?? '' };
      await messagesOf(gapic.runAggregationQuery(request));
      await overtaken(fill(parent, { other: {} }), () => put(transaction, parent.doc('mine').path, 1));
    },
    'does not abort a transaction that reads something else': async () => {
      const [a, b] = [await made(), await made()];
      const transaction = await begin();
      await read(transaction, a.path);
      await b.set({ n: 1 });
      await put(transaction, a.path, 1);
    },
    'keeps a rule over two documents': async () => {
      const [a, b] = [await made(1), await made(1)];
      const leave = (mine: DocumentReference) =>
        db.runTransaction(async (transaction) => {
          const [one, two] = await transaction.getAll(a, b);
          if (one?.get('n') + two?.get('n') === 2) transaction.update(mine, { n: 0 });
        });
      await Promise.all([leave(a), leave(b)]);
      assert.equal((await a.get()).get('n') + (await b.get()).get('n'), 1);
    },
    'counts every one of ten concurrent increments': async () => {
      const document = await made();
      await Promise.all(Array.from({ length: 10 }, () => add(db, document)));
      assert.equal((await document.get()).get('n'), 10);
    },
    'writes nothing when the function of a transaction throws': async () => {
      const document = await made();
      const failing = db.runTransaction(async (transaction) => {
        transaction.set(document, { n: 1 });
        throw new Error('mine');
      });
      await assert.rejects(failing, /mine/);
      assert.equal((await document.get()).get('n'), 0);
    },
    'writes nothing of a transaction when one of its conditions fails': async () => {
      const document = await made();
      const failing = db.runTransaction(
        async (transaction) => {
          transaction.set(document, { n: 1 });
          transaction.create(document, {});
        },
        { maxAttempts: 1 },
      );
      await refused(failing, 6, /exists/);
      assert.equal((await document.get()).get('n'), 0);
    },
  });

  method('Rollback', {
    'ends a transaction': async () => {
      const document = await made();
      const transaction = await begin();
      await gapic.rollback({ database, transaction: transaction ?? '' });
      await refused(read(transaction, document.path), INVALID_ARGUMENT, /transaction/);
    },
    'refuses a transaction that never was': async () => {
      await refused(
        gapic.rollback({ database, transaction: Buffer.from('0123456789abcdef') }),
        INVALID_ARGUMENT,
        /transaction/,
      );
    },
    'lets others write what the transaction has read': async () => {
      const document = await made();
      const transaction = await begin();
      await read(transaction, document.path);
      await gapic.rollback({ database, transaction: transaction ?? '' });
      await document.set({ n: 1 });
    },
  });

  const { clock } = world;
  if (!clock) return all;
  method('BeginTransaction', {
    'ends a transaction that is idle for a minute': async () => {
      const document = await made();
      const transaction = await begin();
      await read(transaction, document.path);
      clock.advance(61_000);
      await refused(put(transaction, document.path, 1), INVALID_ARGUMENT, /expired/);
    },
    'ends a transaction after 270 seconds': async () => {
      const document = await made();
      const transaction = await begin();
      for (let i = 0; i < 5; i += 1) {
        await read(transaction, document.path);
        clock.advance(50_000);
      }
      clock.advance(30_000);
      await refused(read(transaction, document.path), INVALID_ARGUMENT, /expired/);
    },
    'forgets the past after an hour': async () => {
      const document = await made();
      const { readTime } = await document.get();
      clock.advance(3_700_000);
      const past = { readOnly: { readTime: { seconds: readTime.seconds, nanos: readTime.nanoseconds } } };
      await refused(begin(past), FAILED_PRECONDITION, /too old/);
    },
  });
  return all;
}
