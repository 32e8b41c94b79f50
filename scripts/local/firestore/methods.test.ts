import assert from 'node:assert/strict';
import { status } from '@grpc/grpc-js';
import { type RawClient, raw, startDatabase, type TestDatabase } from './testing.ts';
import type { Fields, Value } from './values.ts';

const DATABASE = 'projects/virtuoso-local/databases/(default)';
const ROOT = `${DATABASE}/documents`;

interface DocumentMessage {
  name: string;
  fields: Fields;
  createTime: unknown;
  updateTime: unknown;
}

const whole = (n: number) => ({ integerValue: String(n) });

describe('local firestore: methods that the client does not call', () => {
  let test: TestDatabase;
  let client: RawClient;
  before(async () => {
    test = await startDatabase();
    client = raw(test.cloud);
  });
  after(async () => {
    client.close();
    await test.close();
  });

  it('creates, gets, updates and deletes a document by itself', async () => {
    const created = (await client.call('CreateDocument', {
      parent: ROOT,
      collectionId: 'single',
      document: { fields: { a: whole(1), b: whole(2) } },
      mask: { fieldPaths: ['a'] },
    })) as DocumentMessage;
    assert.match(created.name, /\/single\/[A-Za-z0-9]{20}$/);
    assert.deepEqual(Object.keys(created.fields), ['a']);
    const { name } = created;
    const id = name.slice(name.lastIndexOf('/') + 1);
    const again = { parent: ROOT, collectionId: 'single', documentId: id, document: {} };
    await assert.rejects(client.call('CreateDocument', again), { code: status.ALREADY_EXISTS });
    const update = { document: { name, fields: { a: whole(5) } }, updateMask: { fieldPaths: ['a', 'b'] } };
    const updated = (await client.call('UpdateDocument', update)) as DocumentMessage;
    assert.deepEqual(Object.keys(updated.fields), ['a']);
    assert.deepEqual(updated.createTime, created.createTime);
    assert.notDeepEqual(updated.updateTime, created.updateTime);
    const got = (await client.call('GetDocument', { name })) as DocumentMessage;
    assert.deepEqual(got, updated);
    await client.call('DeleteDocument', { name, currentDocument: { updateTime: updated.updateTime } });
    await assert.rejects(client.call('GetDocument', { name }), { code: status.NOT_FOUND });
  });

  it('returns the result of every transform: the larger, the smaller, and NaN', async () => {
    const name = `${ROOT}/transforms/one`;
    const fields = { n: whole(5), d: { doubleValue: 3 }, t: { stringValue: 'x' }, nan: { doubleValue: Number.NaN } };
    await client.call('Commit', { database: DATABASE, writes: [{ update: { name, fields } }] });
    const answer = (await client.call('Commit', {
      database: DATABASE,
      writes: [
        {
          transform: {
            document: name,
            fieldTransforms: [
              { fieldPath: 'n', maximum: { doubleValue: 5.5 } },
              { fieldPath: 'n', minimum: whole(7) },
              { fieldPath: 'd', maximum: whole(3) },
              { fieldPath: 't', maximum: whole(1) },
              { fieldPath: 'nan', minimum: whole(1) },
              { fieldPath: 'list', appendMissingElements: { values: [whole(1), { doubleValue: 1 }] } },
            ],
          },
        },
      ],
    })) as { writeResults: { transformResults: Value[] }[] };
    const results = answer.writeResults[0]?.transformResults.map((value) =>
      value.valueType === 'doubleValue'
        ? value.doubleValue
        : value.valueType === 'integerValue'
          ? BigInt(value.integerValue)
          : null,
    );
    assert.deepEqual(results, [5.5, 5.5, 3, 1n, Number.NaN, null]);
    assert.deepEqual((await test.db.doc('transforms/one').get()).get('list'), [1]);
  });

  it('lists documents page by page, in another order too', async () => {
    for (const [id, n] of Object.entries({ a: 3, b: 2, c: 1 })) await test.db.doc(`paged/${id}`).set({ n });
    const list = async (more: object) => {
      const ids: string[] = [];
      let pageToken = '';
      do {
        const request = { parent: ROOT, collectionId: 'paged', pageSize: 2, pageToken, ...more };
        const page = (await client.call('ListDocuments', request)) as {
          documents: DocumentMessage[];
          nextPageToken: string;
        };
        assert.ok(page.documents.length <= 2);
        ids.push(...page.documents.map((document) => document.name.slice(-1)));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return ids.join('');
    };
    assert.equal(await list({}), 'abc');
    assert.equal(await list({ orderBy: 'n' }), 'cba');
    assert.equal(await list({ orderBy: '__name__ desc' }), 'cba');
    assert.equal(await list({ showMissing: true }), 'abc');
  });

  it('refuses requests above 10 MiB', async () => {
    const writes = Array.from({ length: 11 }, (_, i) => ({
      update: { name: `${ROOT}/large/d${i}`, fields: { a: { stringValue: 'x'.repeat(1_000_000) } } },
    }));
    await assert.rejects(client.call('Commit', { database: DATABASE, writes }), { code: status.INVALID_ARGUMENT });
    assert.equal((await test.db.collection('large').get()).size, 0);
  });

  it('refuses names of other databases, collections and nonsense', async () => {
    for (const name of [
      `${ROOT}/odd`,
      'projects/p/databases/d/documents/a/b',
      'nonsense',
      `${ROOT}/a//b/c`,
      `${ROOT}/a/..`,
    ]) {
      await assert.rejects(
        client.call('Commit', { database: DATABASE, writes: [{ delete: name }] }),
        { code: status.INVALID_ARGUMENT },
        name,
      );
    }
  });

  it('refuses filters that cannot be combined', async () => {
    const field = { fieldPath: 'f' };
    const list = { arrayValue: { values: [whole(1)] } };
    const and = (...filters: object[]) => ({ compositeFilter: { op: 'AND', filters } });
    const filter = (op: string, value: object) => ({ fieldFilter: { field, op, value } });
    for (const where of [
      and(filter('NOT_IN', list), filter('IN', list)),
      and(filter('NOT_IN', list), filter('NOT_EQUAL', whole(1))),
      and(filter('ARRAY_CONTAINS', whole(1)), filter('ARRAY_CONTAINS', whole(2))),
      and(filter('ARRAY_CONTAINS', whole(1)), filter('ARRAY_CONTAINS_ANY', list)),
      filter('IN', { arrayValue: { values: [] } }),
    ]) {
      const request = { parent: ROOT, structuredQuery: { from: [{ collectionId: 'c' }], where } };
      await assert.rejects(client.stream('RunQuery', request), { code: status.INVALID_ARGUMENT });
    }
  });

  it('refuses vector search where the service has none, by name', async () => {
    const structuredQuery = {
      from: [{ collectionId: 'c', allDescendants: true }],
      findNearest: { limit: { value: 1 } },
    };
    const refusal = { code: status.UNIMPLEMENTED, details: /find_nearest/ };
    const aggregation = { structuredQuery, aggregations: [{ count: {} }] };
    await assert.rejects(
      client.stream('RunAggregationQuery', { parent: ROOT, structuredAggregationQuery: aggregation }),
      refusal,
    );
    await assert.rejects(client.call('PartitionQuery', { parent: ROOT, structuredQuery, partitionCount: 2 }), refusal);
  });

  it('writes each document of a batch by itself, and says for each how it went', async () => {
    const answer = (await client.call('BatchWrite', {
      database: DATABASE,
      writes: [
        { update: { name: `${ROOT}/batch/one`, fields: {} }, currentDocument: { exists: true } },
        { update: { name: `${ROOT}/batch/two`, fields: {} } },
        { update: { name: `${ROOT}/batch/three`, fields: { __bad__: whole(1) } } },
      ],
    })) as { status: { code: number }[] };
    assert.deepEqual(
      answer.status.map(({ code }) => code),
      [status.NOT_FOUND, status.OK, status.INVALID_ARGUMENT],
    );
    const twice = [{ delete: `${ROOT}/batch/two` }, { delete: `${ROOT}/batch/two` }];
    await assert.rejects(client.call('BatchWrite', { database: DATABASE, writes: twice }), {
      code: status.INVALID_ARGUMENT,
    });
  });
});
