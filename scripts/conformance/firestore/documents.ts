import assert from 'node:assert/strict';
import { Timestamp } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import {
  ALREADY_EXISTS,
  type Clients,
  FAILED_PRECONDITION,
  INVALID_ARGUMENT,
  messagesOf,
  NOT_FOUND,
  refused,
} from './clients.ts';

interface Found {
  readonly found?: { readonly name: string; readonly fields: Record<string, unknown> } | null;
  readonly missing?: string;
  readonly readTime?: { readonly seconds: unknown } | null;
  readonly transaction?: Uint8Array;
}

/** Single documents: got, created, updated and deleted. */
export function documents({ db, gapic, collection, database, root, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const fresh = () => collection().doc();
  const one = { integerValue: 1 };

  method('GetDocument', {
    'returns a document with its name, fields and times': async () => {
      const document = fresh();
      await document.set({ a: 1 });
      const [read] = await gapic.getDocument({ name: nameOf(document.path) });
      assert.equal(read.name, nameOf(document.path));
      assert.deepEqual(Object.keys(read.fields ?? {}), ['a']);
      assert.ok(read.createTime?.seconds && read.updateTime?.seconds);
    },
    'returns only the fields of a mask': async () => {
      const document = fresh();
      await document.set({ a: 1, b: { c: 1, d: 2 }, e: 3 });
      const [read] = await gapic.getDocument({
        name: nameOf(document.path),
        mask: { fieldPaths: ['a', 'b.c', 'none'] },
      });
      assert.deepEqual(Object.keys(read.fields ?? {}).sort(), ['a', 'b']);
      assert.deepEqual(Object.keys(read.fields?.b?.mapValue?.fields ?? {}), ['c']);
    },
    'refuses a document that is not there': async () => {
      await refused(gapic.getDocument({ name: nameOf('none/none') }), NOT_FOUND, /not found/);
    },
    'refuses the name of a collection and what is no name': async () => {
      await refused(gapic.getDocument({ name: nameOf('c') }), INVALID_ARGUMENT, /lacks "\/"/);
      await refused(gapic.getDocument({ name: 'c/d' }), INVALID_ARGUMENT, /resource name|lacks/i);
    },
    'reads a document as it was': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1 });
      await document.set({ n: 2 });
      const readTime = { seconds: writeTime.seconds, nanos: writeTime.nanoseconds };
      const [then] = await gapic.getDocument({ name: nameOf(document.path), readTime });
      assert.equal(String(then.fields?.n?.integerValue), '1');
    },
    'refuses to read the future': async () => {
      const readTime = { seconds: 4_000_000_000 };
      await refused(gapic.getDocument({ name: nameOf('c/d'), readTime }), INVALID_ARGUMENT, /future/);
    },
    'refuses to read what is no longer kept': async () => {
      const readTime = { seconds: 1_000_000_000 };
      await refused(gapic.getDocument({ name: nameOf('c/d'), readTime }), FAILED_PRECONDITION, /too old/);
    },
  });

  method('BatchGetDocuments', {
    'finds some documents and says which are missing': async () => {
      const [a, b] = [fresh(), fresh()];
      await a.set({ n: 1 });
      const [first, second] = await db.getAll(a, b);
      assert.deepEqual([first?.exists, second?.exists], [true, false]);
      assert.ok(second?.readTime instanceof Timestamp);
    },
    'returns only the fields of a mask': async () => {
      const document = fresh();
      await document.set({ a: 1, b: 2 });
      const [read] = await db.getAll(document, { fieldMask: ['b'] });
      assert.deepEqual(read?.data(), { b: 2 });
    },
    'answers once for a document that is asked for twice': async () => {
      const name = nameOf(fresh().path);
      const messages = await messagesOf<Found>(gapic.batchGetDocuments({ database, documents: [name, name] }));
      assert.deepEqual(
        messages.map((message) => message.missing),
        [name],
      );
    },
    'begins a transaction with the read': async () => {
      const request = { database, documents: [nameOf(fresh().path)], newTransaction: { readOnly: {} } };
      const messages = await messagesOf<Found>(gapic.batchGetDocuments(request));
      assert.ok((messages[0]?.transaction?.length ?? 0) > 0);
      assert.ok(messages.every((message) => message.readTime));
    },
    'reads one state at a time that is given': async () => {
      const document = fresh();
      const { writeTime } = await document.set({ n: 1 });
      await document.delete();
      const readTime = { seconds: writeTime.seconds, nanos: writeTime.nanoseconds };
      const messages = await messagesOf<Found>(
        gapic.batchGetDocuments({ database, documents: [nameOf(document.path)], readTime }),
      );
      assert.ok(messages[0]?.found);
    },
    'refuses a document of another database': async () => {
      const name = `${database.replace('(default)', 'other')}/documents/c/d`;
      await refused(messagesOf(gapic.batchGetDocuments({ database, documents: [name] })), INVALID_ARGUMENT, /database/);
    },
  });

  method('CreateDocument', {
    'creates a document with an id that is given': async () => {
      const collectionId = collection().id;
      const request = { parent: root, collectionId, documentId: 'mine', document: { fields: { a: one } } };
      const [made] = await gapic.createDocument(request);
      assert.equal(made.name, nameOf(`${collectionId}/mine`));
      await refused(gapic.createDocument(request), ALREADY_EXISTS, /already exists/i);
    },
    'chooses an id of 20 letters and digits': async () => {
      const collectionId = collection().id;
      const [made] = await gapic.createDocument({ parent: root, collectionId, document: {} });
      assert.match(made.name ?? '', new RegExp(`/${collectionId}/[A-Za-z0-9]{20}$`));
    },
    'creates a document below one that is not there': async () => {
      const parent = fresh();
      const request = { parent: nameOf(parent.path), collectionId: 'sub', documentId: 'd', document: {} };
      await gapic.createDocument(request);
      assert.equal((await parent.get()).exists, false);
      assert.equal((await parent.collection('sub').doc('d').get()).exists, true);
    },
    'returns only the fields of a mask': async () => {
      const request = { parent: root, collectionId: collection().id, document: { fields: { a: one, b: one } } };
      const [made] = await gapic.createDocument({ ...request, mask: { fieldPaths: ['b'] } });
      assert.deepEqual(Object.keys(made.fields ?? {}), ['b']);
    },
    'refuses a collection as parent, and an empty collection id': async () => {
      const parent = nameOf('c');
      await refused(gapic.createDocument({ parent, collectionId: 'x', document: {} }), INVALID_ARGUMENT, /./);
      await refused(gapic.createDocument({ parent: root, collectionId: '', document: {} }), INVALID_ARGUMENT, /./);
    },
    'refuses ids that are paths': async () => {
      const request = { parent: root, collectionId: 'c', documentId: 'd', document: {} };
      await refused(gapic.createDocument({ ...request, documentId: 'd/c/e' }), INVALID_ARGUMENT, /\//);
      await refused(gapic.createDocument({ ...request, collectionId: 'c/d/c' }), INVALID_ARGUMENT, /\//);
    },
  });

  method('UpdateDocument', {
    'makes or replaces a document': async () => {
      const name = nameOf(fresh().path);
      await gapic.updateDocument({ document: { name, fields: { a: one } } });
      const [read] = await gapic.updateDocument({ document: { name, fields: { b: one } } });
      assert.deepEqual(Object.keys(read.fields ?? {}), ['b']);
    },
    'changes only the fields of the update mask, and deletes those that are not given': async () => {
      const name = nameOf(fresh().path);
      await gapic.updateDocument({ document: { name, fields: { a: one, b: one, c: one } } });
      const update = {
        document: { name, fields: { a: { integerValue: 2 }, c: { integerValue: 9 } } },
        updateMask: { fieldPaths: ['a', 'b'] },
      };
      const [read] = await gapic.updateDocument(update);
      assert.deepEqual(Object.keys(read.fields ?? {}).sort(), ['a', 'c']);
      assert.equal(String(read.fields?.c?.integerValue), '1');
    },
    'answers with the fields of the mask': async () => {
      const document = { name: nameOf(fresh().path), fields: { a: one, b: one } };
      const [read] = await gapic.updateDocument({ document, mask: { fieldPaths: ['a'] } });
      assert.deepEqual(Object.keys(read.fields ?? {}), ['a']);
    },
    'refuses a document that must exist, or must not': async () => {
      const document = { name: nameOf(fresh().path), fields: {} };
      await refused(gapic.updateDocument({ document, currentDocument: { exists: true } }), NOT_FOUND, /No document/);
      await gapic.updateDocument({ document, currentDocument: { exists: false } });
      await refused(gapic.updateDocument({ document, currentDocument: { exists: false } }), ALREADY_EXISTS, /exists/);
    },
    'refuses a request without a document': async () => {
      await refused(gapic.updateDocument({ document: { name: '' } }), INVALID_ARGUMENT, /./);
    },
  });

  method('DeleteDocument', {
    'deletes a document, whether it is there or not': async () => {
      const document = fresh();
      await document.set({});
      await gapic.deleteDocument({ name: nameOf(document.path) });
      await gapic.deleteDocument({ name: nameOf(document.path) });
      assert.equal((await document.get()).exists, false);
    },
    'leaves the documents below it': async () => {
      const document = fresh();
      await document.set({});
      await document.collection('sub').doc('d').set({});
      await gapic.deleteDocument({ name: nameOf(document.path) });
      assert.equal((await document.collection('sub').doc('d').get()).exists, true);
    },
    'refuses when its condition does not hold': async () => {
      const document = fresh();
      const name = nameOf(document.path);
      await refused(gapic.deleteDocument({ name, currentDocument: { exists: true } }), NOT_FOUND, /No document/);
      await document.set({});
      const currentDocument = { updateTime: { seconds: 1 } };
      await refused(gapic.deleteDocument({ name, currentDocument }), FAILED_PRECONDITION, /does not match/);
    },
  });
  return all;
}
