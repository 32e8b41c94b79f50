import assert from 'node:assert/strict';
import type { QueryPartition } from '@google-cloud/firestore';
import type { Behaviour, World } from '../behaviour.ts';
import { collector } from '../behaviour.ts';
import { type Clients, fill, INVALID_ARGUMENT, messagesOf, refused } from './clients.ts';

/** Lists of documents and collections, and partitions of collection groups. */
export function lists({ db, gapic, collection, root, nameOf }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const numbers = async (n: number) => {
    const parent = collection();
    await fill(parent, Object.fromEntries(Array.from({ length: n }, (_, i) => [`d${i}`, { i, other: -i }])));
    return parent;
  };
  const idsOf = (documents: readonly { name?: string | null }[] | null | undefined) =>
    (documents ?? []).map((document) => document.name?.split('/').at(-1));
  const raw = { autoPaginate: false };

  method('ListDocuments', {
    'lists the documents of a collection by name': async () => {
      const { id: collectionId } = await numbers(3);
      const [documents] = await gapic.listDocuments({ parent: root, collectionId });
      assert.deepEqual(idsOf(documents), ['d0', 'd1', 'd2']);
    },
    'lists page by page': async () => {
      const { id: collectionId } = await numbers(5);
      const request = { parent: root, collectionId, pageSize: 2 };
      const pages: (string | undefined)[][] = [];
      for (let pageToken = ''; ; ) {
        const [documents, , answer] = await gapic.listDocuments({ ...request, pageToken }, raw);
        if (documents.length > 0) pages.push(idsOf(documents));
        pageToken = answer?.nextPageToken ?? '';
        if (pageToken === '') break;
      }
      assert.deepEqual(pages, [['d0', 'd1'], ['d2', 'd3'], ['d4']]);
    },
    'lists in another order': async () => {
      const { id: collectionId } = await numbers(3);
      const [documents] = await gapic.listDocuments({ parent: root, collectionId, orderBy: 'i desc' });
      assert.deepEqual(idsOf(documents), ['d2', 'd1', 'd0']);
    },
    'returns only the fields of a mask': async () => {
      const { id: collectionId } = await numbers(1);
      const [documents] = await gapic.listDocuments({ parent: root, collectionId, mask: { fieldPaths: ['other'] } });
      assert.deepEqual(Object.keys(documents[0]?.fields ?? {}), ['other']);
    },
    'shows documents that are missing but have documents below': async () => {
      const parent = collection();
      await parent.doc('there').set({});
      await parent.doc('gone/sub/d').set({});
      assert.deepEqual(
        (await parent.listDocuments()).map((document) => document.id),
        ['gone', 'there'],
      );
      const request = { parent: root, collectionId: parent.id };
      const [shown] = await gapic.listDocuments({ ...request, showMissing: true });
      assert.deepEqual(
        shown.map((document) => document.createTime === null),
        [true, false],
      );
      assert.deepEqual(idsOf((await gapic.listDocuments(request))[0]), ['there']);
    },
    'refuses to show missing documents in another order': async () => {
      const request = { parent: root, collectionId: 'c', showMissing: true, orderBy: 'i' };
      await refused(gapic.listDocuments(request), INVALID_ARGUMENT, /order_by/);
    },
    'lists all collections of a parent when none is named': async () => {
      const parent = collection().doc();
      await parent.collection('a').doc('x').set({});
      await parent.collection('b').doc('y').set({});
      await parent.collection('b').doc('y').collection('c').doc('z').set({});
      const [documents] = await gapic.listDocuments({ parent: nameOf(parent.path), collectionId: '' });
      assert.deepEqual(idsOf(documents), ['x', 'y']);
    },
    'lists the documents as they were': async () => {
      const parent = collection();
      const { writeTime } = await parent.doc('a').set({});
      await parent.doc('b').set({});
      const readTime = { seconds: writeTime.seconds, nanos: writeTime.nanoseconds };
      const [documents] = await gapic.listDocuments({ parent: root, collectionId: parent.id, readTime });
      assert.deepEqual(idsOf(documents), ['a']);
    },
    'refuses a page token that is none': async () => {
      const request = { parent: root, collectionId: 'c', pageToken: '!' };
      await refused(gapic.listDocuments(request, raw), INVALID_ARGUMENT, /page_token|page token/i);
    },
    'refuses a negative page size': async () => {
      await refused(
        gapic.listDocuments({ parent: root, collectionId: 'c', pageSize: -1 }, raw),
        INVALID_ARGUMENT,
        /page_size/,
      );
    },
  });

  method('ListCollectionIds', {
    'lists the collections below a document, those of missing documents too': async () => {
      const document = collection().doc();
      await document.collection('b').doc('x').set({});
      await document.collection('a').doc('y/deep/z').set({});
      assert.deepEqual(
        (await document.listCollections()).map((one) => one.id),
        ['a', 'b'],
      );
    },
    'lists the collections at the top': async () => {
      const parent = await numbers(1);
      const found = await db.listCollections();
      assert.ok(found.some((one) => one.id === parent.id));
    },
    'lists page by page': async () => {
      const document = collection().doc();
      for (const id of ['a', 'b', 'c']) await document.collection(id).doc('x').set({});
      const request = { parent: nameOf(document.path), pageSize: 2 };
      const [first, , answer] = await gapic.listCollectionIds(request, raw);
      const pageToken = answer?.nextPageToken ?? '';
      const [second] = await gapic.listCollectionIds({ ...request, pageToken }, raw);
      assert.deepEqual([first, second], [['a', 'b'], ['c']]);
    },
    'forgets a collection whose last document is deleted': async () => {
      const document = collection().doc();
      await document.collection('a').doc('x').set({});
      await document.collection('a').doc('x').delete();
      assert.deepEqual(await document.listCollections(), []);
    },
    'refuses a collection as parent': async () => {
      await refused(gapic.listCollectionIds({ parent: nameOf('c') }), INVALID_ARGUMENT, /collection|parent/i);
    },
  });

  const group = async (n: number) => {
    const id = world.name('g');
    const batch = db.batch();
    for (let i = 0; i < n; i += 1) batch.set(collection().doc(String(i)).collection(id).doc(String(i)), { i });
    await batch.commit();
    return id;
  };

  method('PartitionQuery', {
    'splits a collection group into parts that have every document once': async () => {
      const id = await group(20);
      const parts: QueryPartition[] = [];
      for await (const part of db.collectionGroup(id).getPartitions(4)) parts.push(part);
      assert.ok(parts.length >= 1 && parts.length <= 4);
      const found = await Promise.all(parts.map(async (part) => (await part.toQuery().get()).docs));
      assert.equal(new Set(found.flat().map((document) => document.ref.path)).size, 20);
      assert.equal(found.flat().length, 20);
    },
    'leaves one part whole when one is wanted': async () => {
      const id = await group(3);
      const parts = await messagesOf<QueryPartition>(db.collectionGroup(id).getPartitions(1));
      assert.equal(parts.length, 1);
      assert.equal((await parts[0]?.toQuery().get())?.size, 3);
    },
    'refuses filters, limits, other orders and plain collections': async () => {
      const from = [{ collectionId: 'g', allDescendants: true }];
      const orderBy = [{ field: { fieldPath: '__name__' } }];
      const where = { unaryFilter: { op: 'IS_NULL' as const, field: { fieldPath: 'a' } } };
      const queries = [
        { from, orderBy, where },
        { from, orderBy, limit: { value: 1 } },
        { from, orderBy: [{ field: { fieldPath: 'a' } }] },
        { from: [{ collectionId: 'g' }], orderBy },
      ];
      for (const structuredQuery of queries) {
        const call = gapic.partitionQuery({ parent: root, partitionCount: 2, structuredQuery });
        await refused(call, INVALID_ARGUMENT, /collection group/);
      }
    },
    'refuses a count below one': async () => {
      const structuredQuery = {
        from: [{ collectionId: 'g', allDescendants: true }],
        orderBy: [{ field: { fieldPath: '__name__' } }],
      };
      await refused(
        gapic.partitionQuery({ parent: root, partitionCount: 0, structuredQuery }),
        INVALID_ARGUMENT,
        /partition_count/,
      );
    },
  });
  return all;
}
