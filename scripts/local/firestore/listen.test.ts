import assert from 'node:assert/strict';
import type { DocumentSnapshot, Query, QuerySnapshot } from '@google-cloud/firestore';
import { raw, startDatabase, type TestDatabase } from './testing.ts';

const NAME = 'projects/virtuoso-local/databases/(default)';

/** Snapshots as they come, to be awaited one by one. */
function follow<T>(subscribe: (next: (value: T) => void, failed: (error: Error) => void) => () => void) {
  const ready: T[] = [];
  const waiting: { resolve: (value: T) => void; reject: (error: Error) => void }[] = [];
  const stop = subscribe(
    (value) => {
      const first = waiting.shift();
      if (first) first.resolve(value);
      else ready.push(value);
    },
    (error) => waiting.shift()?.reject(error),
  );
  return {
    stop,
    ready,
    next: () =>
      new Promise<T>((resolve, reject) => {
        const value = ready.shift();
        if (value !== undefined) resolve(value);
        else waiting.push({ resolve, reject });
      }),
  };
}

const followQuery = (query: Query) => follow<QuerySnapshot>((next, failed) => query.onSnapshot(next, failed));

function changes(snapshot: QuerySnapshot): string[] {
  return snapshot.docChanges().map((change) => `${change.type} ${change.doc.id}`);
}

describe('local firestore: listeners', () => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await startDatabase();
  });
  afterEach(() => test.close());

  it('tells a query first what is there, then one snapshot for each commit that changes it', async () => {
    const rooms = test.db.collection('rooms');
    await rooms.doc('a').set({ n: 1, open: true });
    const seen = followQuery(rooms.where('open', '==', true).orderBy('n'));
    assert.deepEqual(changes(await seen.next()), ['added a']);
    const batch = test.db.batch();
    batch.set(rooms.doc('b'), { n: 0, open: true });
    batch.set(rooms.doc('c'), { n: 5, open: false });
    batch.update(rooms.doc('a'), { n: 2 });
    await batch.commit();
    const second = await seen.next();
    assert.deepEqual(changes(second), ['added b', 'modified a']);
    assert.deepEqual(
      second.docs.map((doc) => doc.id),
      ['b', 'a'],
    );
    await rooms.doc('c').update({ n: 6 });
    await rooms.doc('b').update({ open: false });
    assert.deepEqual(changes(await seen.next()), ['removed b']);
    await rooms.doc('a').delete();
    assert.deepEqual(changes(await seen.next()), ['removed a']);
    seen.stop();
    assert.deepEqual(seen.ready, []);
  });

  it('fills a limited query up when one of its documents leaves', async () => {
    const queue = test.db.collection('queue');
    for (const id of ['a', 'b', 'c']) await queue.doc(id).set({ at: id });
    const seen = followQuery(queue.orderBy('at').limit(2));
    assert.deepEqual(changes(await seen.next()), ['added a', 'added b']);
    await queue.doc('a').delete();
    assert.deepEqual(changes(await seen.next()), ['removed a', 'added c']);
    await queue.doc('0').set({ at: '0' });
    assert.deepEqual(changes(await seen.next()), ['removed c', 'added 0']);
    seen.stop();
  });

  it('follows one document from before it is there until it is gone', async () => {
    const ref = test.db.doc('single/one');
    const seen = follow<DocumentSnapshot>((next, failed) => ref.onSnapshot(next, failed));
    assert.equal((await seen.next()).exists, false);
    const written = await ref.set({ n: 1 });
    const first = await seen.next();
    assert.equal(first.get('n'), 1);
    assert.ok(first.updateTime?.isEqual(written.writeTime));
    await ref.update({ n: 2 });
    assert.equal((await seen.next()).get('n'), 2);
    await ref.delete();
    assert.equal((await seen.next()).exists, false);
    seen.stop();
  });

  it('counts a read for each document that it delivers', async () => {
    const items = test.db.collection('items');
    await items.doc('a').set({ n: 1 });
    await items.doc('b').set({ n: 1 });
    const before = test.cloud.meter.get('firestore.read') ?? 0;
    const seen = followQuery(items);
    await seen.next();
    await items.doc('a').update({ n: 2 });
    await seen.next();
    seen.stop();
    assert.equal(test.cloud.meter.get('firestore.read'), before + 3);
  });

  it('keeps a quiet stream alive', async () => {
    const seen = followQuery(test.db.collection('quiet'));
    await seen.next();
    for (let i = 0; i < 5; i += 1) test.cloud.clock.advance(60_000);
    await test.db.doc('quiet/a').set({});
    assert.deepEqual(changes(await seen.next()), ['added a']);
    seen.stop();
  });

  it('tells deleted from removed, and resumes with what has changed since the token', async () => {
    const { db } = test;
    await db.doc('resume/a').set({ on: true });
    await db.doc('resume/b').set({ on: true });
    await db.doc('resume/c').set({ on: true });
    const client = raw(test.cloud);
    const where = {
      filterType: 'fieldFilter',
      fieldFilter: { field: { fieldPath: 'on' }, op: 'EQUAL', value: { booleanValue: true } },
    };
    const target = {
      targetId: 7,
      query: { parent: `${NAME}/documents`, structuredQuery: { from: [{ collectionId: 'resume' }], where } },
    };
    try {
      const first = client.listen();
      first.send({ database: NAME, addTarget: target });
      const opening = await first.until((message) => message.targetChange?.targetChangeType === 'NO_CHANGE');
      assert.deepEqual(
        opening.map(
          (message) => message.targetChange?.targetChangeType ?? message.documentChange?.document.name.at(-1),
        ),
        ['ADD', 'a', 'b', 'c', 'CURRENT', 'NO_CHANGE'],
      );
      const token = opening.at(-1)?.targetChange?.resumeToken;
      await db.doc('resume/a').delete();
      const [gone] = await first.until((message) => message.targetChange !== undefined);
      assert.equal(gone?.documentDelete?.document, `${NAME}/documents/resume/a`);
      assert.deepEqual(gone?.documentDelete?.removedTargetIds, [7]);
      await db.doc('resume/b').set({ on: false });
      const [left] = await first.until((message) => message.targetChange !== undefined);
      assert.equal(left?.documentRemove?.document, `${NAME}/documents/resume/b`);
      first.end();
      await db.doc('resume/d').set({ on: true });

      const second = client.listen();
      second.send({ database: NAME, addTarget: { ...target, resumeToken: token } });
      const resumed = await second.until((message) => message.targetChange?.targetChangeType === 'NO_CHANGE');
      assert.deepEqual(
        resumed
          .map((m) => m.documentChange?.document.name ?? m.documentDelete?.document ?? m.documentRemove?.document)
          .filter(Boolean),
        [`${NAME}/documents/resume/d`, `${NAME}/documents/resume/a`, `${NAME}/documents/resume/b`],
      );
      second.end();

      test.cloud.clock.advance(2 * 3600_000);
      const third = client.listen();
      third.send({ database: NAME, addTarget: { ...target, resumeToken: token } });
      const reset = await third.until((message) => message.targetChange?.targetChangeType === 'NO_CHANGE');
      assert.deepEqual(
        reset.map((message) => message.targetChange?.targetChangeType ?? message.documentChange?.document.name.at(-1)),
        ['ADD', 'RESET', 'c', 'd', 'CURRENT', 'NO_CHANGE'],
      );
      third.send({ database: NAME, removeTarget: 7 });
      await third.until((message) => message.targetChange?.targetChangeType === 'REMOVE');
      third.end();
    } finally {
      client.close();
    }
  });

  it('ends a target with its reason when the query is wrong', async () => {
    const client = raw(test.cloud);
    try {
      const stream = client.listen();
      const query = { parent: `${NAME}/documents`, structuredQuery: { from: [] } };
      stream.send({ database: NAME, addTarget: { targetId: 1, query } });
      const messages = await stream.until((message) => message.targetChange?.targetChangeType === 'REMOVE');
      assert.equal(messages.at(-1)?.targetChange?.cause?.code, 3);
      stream.end();
    } finally {
      client.close();
    }
  });
});
