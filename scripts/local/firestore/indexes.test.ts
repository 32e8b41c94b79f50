import assert from 'node:assert/strict';
import { AggregateField, FieldPath, Filter, type Query, Timestamp } from '@google-cloud/firestore';
import { status } from '@grpc/grpc-js';
import { createFirestoreWith } from './index.ts';
import { startDatabase, type TestDatabase } from './testing.ts';

describe('local firestore: declared indexes', () => {
  let test: TestDatabase;
  before(async () => {
    const create = createFirestoreWith({
      indexes: [
        {
          collection: 'sessions',
          fields: [
            { field: 'user', order: 'asc' },
            { field: 'at', order: 'desc' },
          ],
        },
        {
          collection: 'sessions',
          fields: [
            { field: 'state', order: 'asc' },
            { field: 'at', order: 'desc' },
          ],
        },
        {
          collection: 'sessions',
          fields: [
            { field: 'tags', order: 'array-contains' },
            { field: 'n', order: 'asc' },
          ],
        },
        { collection: 'leaves', scope: 'collection-group', fields: [{ field: 'n', order: 'asc' }] },
      ],
    });
    test = await startDatabase({ create });
    await test.db.doc('sessions/a').set({ user: 'u', state: 's', at: 1, n: 1, tags: ['t'] });
  });
  after(() => test.close());

  const allowed: Record<
    string,
    (
      c: FirebaseFirestore.CollectionReference,
    ) => Query | FirebaseFirestore.AggregateQuery<FirebaseFirestore.AggregateSpec>
  > = {
    'no filter': (c) => c,
    'one order': (c) => c.orderBy('at', 'desc'),
    'a range on one field': (c) => c.where('at', '>', 0).orderBy('at', 'desc'),
    'several equalities, which are merged': (c) =>
      c.where('user', '==', 'u').where('state', '==', 's').where('n', '==', 1),
    'equality and the name': (c) => c.where('user', '==', 'u').orderBy(FieldPath.documentId(), 'desc'),
    'a declared index': (c) => c.where('user', '==', 'u').orderBy('at', 'desc'),
    'a range over a declared index': (c) => c.where('user', '==', 'u').where('at', '<', 9).orderBy('at', 'desc'),
    'two declared indexes, merged': (c) => c.where('user', '==', 'u').where('state', '==', 's').orderBy('at', 'desc'),
    'in, as several equalities': (c) => c.where('user', 'in', ['u', 'v']).orderBy('at', 'desc'),
    'an array index': (c) => c.where('tags', 'array-contains', 't').orderBy('n'),
    'an order on a field that is fixed': (c) => c.where('user', '==', 'u').orderBy('user'),
    'a count': (c) => c.where('user', '==', 'u').where('state', '==', 's').count(),
    'a sum of one field': (c) => c.aggregate({ sum: AggregateField.sum('n') }),
  };
  for (const [name, make] of Object.entries(allowed)) {
    it(`answers ${name}`, async () => {
      await make(test.db.collection('sessions')).get();
    });
  }

  const refused: Record<
    string,
    {
      query: (
        c: FirebaseFirestore.CollectionReference,
      ) => Query | FirebaseFirestore.AggregateQuery<FirebaseFirestore.AggregateSpec>;
      fields: string;
    }
  > = {
    'equality and another order': {
      query: (c) => c.where('user', '==', 'u').orderBy('n', 'desc'),
      fields: "[{field: 'user', order: 'asc'}, {field: 'n', order: 'desc'}]",
    },
    'the order opposite to that of a declared index, which is not read backwards': {
      query: (c) => c.where('user', '==', 'u').orderBy('at'),
      fields: "[{field: 'user', order: 'asc'}, {field: 'at', order: 'asc'}]",
    },
    'a range, which is ascending without an order, over a descending index': {
      query: (c) => c.where('user', '==', 'u').where('at', '<', 9),
      fields: "[{field: 'user', order: 'asc'}, {field: 'at', order: 'asc'}]",
    },
    'two orders': {
      query: (c) => c.orderBy('at').orderBy('n'),
      fields: "[{field: 'at', order: 'asc'}, {field: 'n', order: 'asc'}]",
    },
    'an equality that no index with the order has': {
      query: (c) => c.where('user', '==', 'u').where('n', '==', 1).orderBy('at', 'desc'),
      fields: "[{field: 'user', order: 'asc'}, {field: 'n', order: 'asc'}, {field: 'at', order: 'desc'}]",
    },
    'an alternative without its index': {
      query: (c) =>
        c.where(Filter.or(Filter.where('user', '==', 'u'), Filter.where('n', '==', 1))).orderBy('at', 'desc'),
      fields: "[{field: 'n', order: 'asc'}, {field: 'at', order: 'desc'}]",
    },
    'a name in the other direction': {
      query: (c) => c.orderBy('at').orderBy(FieldPath.documentId(), 'desc'),
      fields: "[{field: 'at', order: 'asc'}, {field: '__name__', order: 'desc'}]",
    },
    'a sum over a filter': {
      query: (c) => c.where('user', '==', 'u').aggregate({ sum: AggregateField.sum('n') }),
      fields: "[{field: 'user', order: 'asc'}, {field: 'n', order: 'asc'}]",
    },
  };
  for (const [name, { query, fields }] of Object.entries(refused)) {
    it(`refuses ${name}, and says what to declare`, async () => {
      const failure: { code?: number; message: string } = await query(test.db.collection('sessions'))
        .get()
        .then(
          () => assert.fail('it was answered'),
          (error: Error) => error,
        );
      assert.equal(failure.code, status.FAILED_PRECONDITION);
      assert.ok(failure.message.includes(`{collection: 'sessions', fields: ${fields}}`), failure.message);
    });
  }

  it('asks for a declaration of every field of a collection group', async () => {
    await test.db.collectionGroup('leaves').get();
    await test.db.collectionGroup('leaves').where('n', '>', 1).get();
    await assert.rejects(test.db.collectionGroup('leaves').where('m', '==', 1).get(), {
      code: status.FAILED_PRECONDITION,
      message: /scope: 'collection-group'/,
    });
  });

  it('tells a listener', async () => {
    const failure = await new Promise<Error>((resolve) => {
      test.db
        .collection('sessions')
        .orderBy('at')
        .orderBy('n')
        .onSnapshot(() => {}, resolve);
    });
    assert.match(failure.message, /requires an index/);
  });
});

describe('local firestore: time to live', () => {
  it('deletes documents once their time has passed, and reports it', async () => {
    const create = createFirestoreWith({ indexes: [], ttl: [{ collection: 'cache', field: 'expires_at' }] });
    const { cloud, db, close } = await startDatabase({ create });
    try {
      const now = cloud.clock.now();
      await db.doc('cache/soon').set({ expires_at: Timestamp.fromMillis(now + 60_000) });
      await db.doc('cache/later').set({ expires_at: Timestamp.fromMillis(now + 600_000) });
      await db.doc('cache/never').set({ expires_at: 'tomorrow' });
      await db.doc('other/x/cache/soon').set({ expires_at: Timestamp.fromMillis(now + 30_000) });
      cloud.clock.advance(61_000);
      assert.deepEqual(
        (await db.collectionGroup('cache').get()).docs.map((doc) => doc.id),
        ['later', 'never'],
      );
      cloud.clock.advance(600_000);
      assert.deepEqual(
        (await db.collection('cache').get()).docs.map((doc) => doc.id),
        ['never'],
      );
      const deleted = cloud.changes.filter((change) => change.type === 'deleted');
      assert.equal(deleted.length, 3);
    } finally {
      await close();
    }
  });
});
