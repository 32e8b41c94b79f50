import assert from 'node:assert/strict';
import sinon from 'sinon';
import { artifactsBucket } from '../resources/buckets.ts';
import { AppError } from './errors.ts';
import { objectStore } from './object-store.ts';
import { testPlatform } from './testing.ts';
import { withLogContext } from './trace.ts';

describe('an object store', () => {
  function bench() {
    const file = {
      save: sinon.stub().resolves(),
      download: sinon.stub().resolves([Buffer.from('bytes')]),
      getMetadata: sinon.stub(),
      delete: sinon.stub().resolves(),
      metadata: { generation: '17' },
    };
    const bucket = {
      file: sinon.stub().returns(file),
      getFiles: sinon.stub().resolves([[{ name: 'a' }, { name: 'b' }]]),
    };
    const storage = { bucket: sinon.stub().returns(bucket) };
    const platform = testPlatform({ clients: { storage: async () => storage } });
    return { file, bucket, storage, store: objectStore(artifactsBucket, 'write').make(platform) };
  }
  const missing = Object.assign(new Error('No such object'), { code: 404 });
  const notFound = (error: unknown) => error instanceof AppError && error.code === 'not-found';

  it('writes an object whole, with the trace that it was made under, and tells its generation', async () => {
    const { file, bucket, storage, store } = bench();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const generation = await withLogContext({ traceparent, function: 'f', fields: {} }, () =>
      store.put('a/b.txt', 'text', { contentType: 'text/plain', metadata: { owner: 'usr_1' } }),
    );
    assert.equal(generation, '17');
    assert.deepEqual(storage.bucket.firstCall.args, ['virtuoso-artifacts']);
    assert.deepEqual(bucket.file.firstCall.args, ['a/b.txt', {}]);
    assert.deepEqual(file.save.firstCall.args[1].metadata, {
      contentType: 'text/plain',
      metadata: { owner: 'usr_1', traceparent },
    });
  });

  it('reads an object, also in a generation of the past', async () => {
    const { bucket, store } = bench();
    assert.equal((await store.get('a', { generation: '3' })).toString(), 'bytes');
    assert.deepEqual(bucket.file.firstCall.args, ['a', { generation: '3' }]);
  });

  it('reads no more of an object than is wanted, and one byte that shows that there is more', async () => {
    const { file, store } = bench();
    await store.get('a', { most: 10 });
    assert.deepEqual(file.download.firstCall.args, [{ validation: false, start: 0, end: 10 }]);
    file.download.rejects(Object.assign(new Error('Requested range not satisfiable'), { code: 416 }));
    assert.equal((await store.get('empty', { most: 10 })).length, 0);
    await assert.rejects(store.get('empty'));
  });

  it('says that there is no such object', async () => {
    const { file, store } = bench();
    file.download.rejects(missing);
    file.getMetadata.rejects(missing);
    await assert.rejects(store.get('a'), notFound);
    await assert.rejects(store.stat('a'), notFound);
  });

  it('leaves other errors as they are', async () => {
    const { file, store } = bench();
    file.download.rejects(new Error('socket hang up'));
    await assert.rejects(store.get('a'), /^Error: socket hang up$/);
  });

  it('tells what is known of an object', async () => {
    const { file, store } = bench();
    file.getMetadata.resolves([{ generation: 5, size: '12', metadata: { owner: 'usr_1' } }]);
    assert.deepEqual(await store.stat('a'), {
      name: 'a',
      generation: '5',
      size: 12,
      contentType: 'application/octet-stream',
      metadata: { owner: 'usr_1' },
    });
  });

  it('lists names below a prefix', async () => {
    const { bucket, store } = bench();
    assert.deepEqual(await store.list('x/'), ['a', 'b']);
    assert.deepEqual(bucket.getFiles.firstCall.args, [{ prefix: 'x/' }]);
  });

  it('tells the generations of many objects from one list, which ends with the last of them', async () => {
    const { bucket, store } = bench();
    assert.deepEqual(await store.generations([]), new Map());
    bucket.getFiles.resolves([[{ name: 'a', generation: '5' }]]);
    assert.deepEqual(await store.generations(['\u{1f600}', 'b', 'a', '\uff41']), new Map([['a', '5']]));
    const [{ startOffset, endOffset, maxApiCalls }] = bucket.getFiles.firstCall.args;
    assert.deepEqual([startOffset, endOffset, maxApiCalls], ['a', '\u{1f600}!', 5]);
    assert.equal(bucket.getFiles.callCount, 1);
  });

  it('deletes what may be gone already', async () => {
    const { file, store } = bench();
    await store.delete('a');
    assert.deepEqual(file.delete.firstCall.args, [{ ignoreNotFound: true }]);
  });
});
