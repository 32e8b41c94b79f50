import assert from 'node:assert/strict';
import type { Query, QuerySnapshot } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fill } from './clients.ts';

interface Follower {
  /** The next snapshot: its ids, and its changes as `added a`. */
  next(): Promise<{ ids: string[]; changes: string[] }>;
}

/** Follows a query while `then` runs. */
async function following(query: Query, then: (follower: Follower) => Promise<void>): Promise<void> {
  const snapshots: QuerySnapshot[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  const stop = query.onSnapshot(
    (snapshot) => {
      snapshots.push(snapshot);
      wake();
    },
    (error) => {
      failure = error;
      wake();
    },
  );
  const next = async () => {
    while (snapshots.length === 0 && !failure) await new Promise<void>((resolve) => (wake = resolve));
    const snapshot = snapshots.shift();
    if (!snapshot) throw failure ?? new Error('no snapshot');
    return {
      ids: snapshot.docs.map((document) => document.id),
      changes: snapshot.docChanges().map((change) => `${change.type} ${change.doc.id}`),
    };
  };
  try {
    await then({ next });
  } finally {
    stop();
  }
}

/** Listeners as the client's users see them. */
export function snapshots({ db, collection }: Clients): readonly Behaviour[] {
  const { method, all } = collector();

  method('Listen', {
    'shows a query first what is there, then every change': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 2 } });
      await following(parent.orderBy('n'), async ({ next }) => {
        assert.deepEqual(await next(), { ids: ['a', 'b'], changes: ['added a', 'added b'] });
        await parent.doc('c').set({ n: 0 });
        assert.deepEqual(await next(), { ids: ['c', 'a', 'b'], changes: ['added c'] });
        await parent.doc('a').update({ n: 3 });
        assert.deepEqual(await next(), { ids: ['c', 'b', 'a'], changes: ['modified a'] });
        await parent.doc('b').delete();
        assert.deepEqual(await next(), { ids: ['c', 'a'], changes: ['removed b'] });
      });
    },
    'shows nothing at first when nothing is there': async () => {
      await following(collection(), async ({ next }) => {
        assert.deepEqual(await next(), { ids: [], changes: [] });
      });
    },
    'shows all that a commit changes in one snapshot': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 } });
      await following(parent.orderBy('n'), async ({ next }) => {
        await next();
        await db.batch().delete(parent.doc('a')).set(parent.doc('b'), { n: 1 }).set(parent.doc('c'), { n: 2 }).commit();
        assert.deepEqual(await next(), { ids: ['b', 'c'], changes: ['removed a', 'added b', 'added c'] });
      });
    },
    'shows nothing of a commit that changes nothing the query sees': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, x: { n: -1 } });
      await following(parent.where('n', '>', 0), async ({ next }) => {
        await next();
        await parent.doc('x').set({ n: -2 });
        await parent.doc('a').set({ n: 1 });
        await parent.doc('b').set({ n: 1 });
        assert.deepEqual(await next(), { ids: ['a', 'b'], changes: ['added b'] });
      });
    },
    'fills a limited query up when one of its documents leaves': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
      await following(parent.orderBy('n').limit(2), async ({ next }) => {
        assert.deepEqual((await next()).ids, ['a', 'b']);
        await parent.doc('a').delete();
        assert.deepEqual((await next()).ids, ['b', 'c']);
        await parent.doc('z').set({ n: 0 });
        assert.deepEqual((await next()).ids, ['z', 'b']);
      });
    },
    'follows a query from its end': async () => {
      const parent = collection();
      await fill(parent, { a: { n: 1 }, b: { n: 2 } });
      await following(parent.orderBy('n').limitToLast(1), async ({ next }) => {
        assert.deepEqual((await next()).ids, ['b']);
        await parent.doc('c').set({ n: 3 });
        assert.deepEqual((await next()).ids, ['c']);
      });
    },
    'follows a collection group': async () => {
      const parent = collection();
      const group = `${parent.id}-group`;
      await following(db.collectionGroup(group), async ({ next }) => {
        await next();
        await parent.doc('a').collection(group).doc('x').set({});
        assert.deepEqual((await next()).ids, ['x']);
      });
    },
    'follows one document from before it is there until it is gone': async () => {
      const document = collection().doc();
      const seen: (object | undefined)[] = [];
      let wake = () => {};
      const stop = document.onSnapshot((snapshot) => {
        seen.push(snapshot.data());
        wake();
      });
      const until = async (n: number) => {
        while (seen.length < n) await new Promise<void>((resolve) => (wake = resolve));
      };
      try {
        await until(1);
        await document.set({ n: 1 });
        await until(2);
        await document.update({ n: 2 });
        await until(3);
        await document.delete();
        await until(4);
      } finally {
        stop();
      }
      assert.deepEqual(seen, [undefined, { n: 1 }, { n: 2 }, undefined]);
    },
    'ends with the error of a query that is wrong': async () => {
      const query = collection().where('a', 'array-contains', 1).where('b', 'array-contains', 1);
      await following(query, async ({ next }) => {
        await assert.rejects(next(), /Error 3: .*ARRAY_CONTAINS/);
      });
    },
  });
  return all;
}
