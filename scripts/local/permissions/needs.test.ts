import assert from 'node:assert/strict';
import { grpcNeeds } from './grpc-needs.ts';
import { httpNeeds } from './http-needs.ts';
import type { Needs } from './needs.ts';

const words = (needs: Needs | undefined) =>
  Array.isArray(needs) ? needs.map(({ access, kind, name }) => `${access} ${kind} ${name}`).join(', ') : needs;
const documents = 'projects/p/databases/(default)/documents';

describe('what a call needs', () => {
  const firestore = (method: string, request: object) =>
    words(grpcNeeds(`/google.firestore.v1.Firestore/${method}`, request as Record<string, unknown>));

  it('of Firestore, are the collections of its documents', () => {
    const names = [`${documents}/runs/r`, `${documents}/runs/r/log/1`];
    assert.equal(firestore('BatchGetDocuments', { documents: names }), 'read collection runs, read collection log');
    assert.equal(firestore('GetDocument', { name: names[1] }), 'read collection log');
    assert.equal(firestore('Commit', { writes: [] }), '');
    assert.equal(
      firestore('Commit', {
        writes: [
          { update: { name: names[0] } },
          { delete: names[1] },
          { transform: { document: `${documents}/users/u` } },
          { verify: `${documents}/tests/t` },
        ],
      }),
      'write collection runs, write collection log, write collection users, read collection tests',
    );
  });

  it('of Firestore, are the collections of its queries', () => {
    const query = { parent: documents, structuredQuery: { from: [{ collectionId: 'runs' }] } };
    assert.equal(firestore('RunQuery', query), 'read collection runs');
    assert.equal(firestore('RunAggregationQuery', { structuredAggregationQuery: query }), 'read collection runs');
    assert.equal(firestore('Listen', { addTarget: { query } }), 'read collection runs');
    assert.equal(firestore('Listen', { removeTarget: 1 }), '');
  });

  it('of methods that no use allows, are refused', () => {
    assert.equal(firestore('ListCollectionIds', {}), 'refused');
    for (const path of [
      '/google.pubsub.v1.Publisher/DeleteTopic',
      '/google.cloud.tasks.v2.CloudTasks/PurgeQueue',
      '/google.cloud.secretmanager.v1.SecretManagerService/DeleteSecret',
      '/google.cloud.bigquery.datatransfer.v1.DataTransferService/CreateTransferConfig',
    ])
      assert.equal(grpcNeeds(path, {}), 'refused', path);
  });

  const requests: readonly (readonly [string, string, string | undefined])[] = [
    ['GET', '/storage/v1/b/files/o/a%2Fb', 'read bucket files'],
    ['GET', '/download/storage/v1/b/files/o/a?alt=media', 'read bucket files'],
    ['POST', '/upload/storage/v1/b/files/o?uploadType=multipart', 'write bucket files'],
    ['DELETE', '/storage/v1/b/files/o/a', 'write bucket files'],
    ['POST', '/storage/v1/b/files/o/a/rewriteTo/b/other/o/b', 'read bucket files, write bucket other'],
    ['DELETE', '/storage/v1/b/files/o/a%2Facl', 'write bucket files'],
    ['POST', '/storage/v1/b/files/o/a/acl', 'refused'],
    ['GET', '/storage/v1/b/files/o/a/acl/allUsers', 'refused'],
    ['PATCH', '/storage/v1/b/files', 'refused'],
    ['POST', '/storage/v1/b', 'refused'],
    ['POST', '/bigquery/v2/projects/p/datasets/analytics/tables/test_runs/insertAll', 'write table test_runs'],
    ['GET', '/bigquery/v2/projects/p/datasets/analytics/tables/test_runs', 'read table test_runs'],
    ['DELETE', '/bigquery/v2/projects/p/datasets/analytics/tables/test_runs', 'refused'],
    ['POST', '/bigquery/v2/projects/p/queries', 'query'],
    ['GET', '/bigquery/v2/projects/p/queries/job_1', 'query'],
    ['POST', '/bigquery/v2/projects/p/datasets', 'refused'],
    ['GET', '/computeMetadata/v1/project/project-id', undefined],
  ];
  for (const [method, path, needs] of requests) {
    it(`${method} ${path}: ${needs ?? 'nothing'}`, () => {
      assert.equal(words(httpNeeds(method, new URL(path, 'http://127.0.0.1'))), needs);
    });
  }
});
