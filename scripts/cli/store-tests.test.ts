import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createApiClient } from './api-client.ts';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';
import type { ReadyTest } from './read-tests.ts';
import { storeTests } from './store-tests.ts';

const aReadyTest = (
  name: string,
  bytes = `test: ${name}`,
  definition: object = { name },
  inSuite = false,
): ReadyTest => ({
  ...{ file: { path: `/${name}`, name, root: '/' }, bytes: Buffer.from(bytes), inSuite },
  definition: definition as ReadyTest['definition'],
});

describe('tests that are to be stored', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(() => api.close());

  const { signal } = new AbortController();
  const store = (tests: readonly ReadyTest[], options: object = {}) =>
    storeTests(createApiClient(api.url, 'vrt_key'), tests, { signal, ...options });
  /** What was asked for since the last time. */
  const asked = () =>
    (api.seen as FakeApi['seen'][number][])
      .splice(0)
      .map(({ path }) => path.replace('/v1/tests', ''))
      .sort();

  it('are uploaded once: the second time each is looked up, with one request', async () => {
    const tests = ['a', 'b', 'c'].map((name) => aReadyTest(name));
    const ids = ['tst_a', 'tst_b', 'tst_c'];
    assert.deepEqual(await store(tests), { ids, found: false });
    assert.deepEqual(asked(), ['/lookup', '?name=a', '?name=b', '?name=c']);
    assert.deepEqual(await store(tests), { ids, found: true });
    assert.deepEqual(asked(), ['/lookup']);
  });

  it('are uploaded when they have changed, those alone', async () => {
    await store([aReadyTest('a'), aReadyTest('b')]);
    asked();
    await store([aReadyTest('a', 'new'), aReadyTest('b'), aReadyTest('c')]);
    assert.deepEqual(asked(), ['/lookup', '?name=a', '?name=c']);
  });

  it('are looked up by the digests of their bytes as they would be sent', async () => {
    await store([aReadyTest('a', 'ü')]);
    const digest = createHash('sha256').update('ü').digest('hex');
    assert.deepEqual(JSON.parse(api.seen[0]?.body ?? ''), { files: [{ name: 'a', digest }] });
  });

  it('are looked up in pages of five hundred files', async () => {
    const tests = Array.from({ length: 501 }, (_, n) => aReadyTest(`${n}`));
    for (const { file, bytes } of tests) api.stored.set(file.name, createHash('sha256').update(bytes).digest('hex'));
    const { ids } = await store(tests);
    const pages = api.seen.map(({ body }) => (JSON.parse(body) as { files: object[] }).files.length);
    assert.deepEqual([pages, ids.length, ids[500]], [[500, 1], 501, 'tst_500']);
  });

  it('of a suite are found by their names', async () => {
    const tests = ['B', 'A'].map((name) => aReadyTest('s.yaml', 'suite', { name }, true));
    const named = ['A', 'B'].map((name) => ({ id: `tst_${name}`, name }));
    api.script = () => ({ body: { items: [{ name: 's.yaml', status: 'ready', id: 'sui_1', tests: named }] } });
    assert.deepEqual(await store(tests), { ids: ['tst_B', 'tst_A'], found: true });
    assert.deepEqual(asked(), ['/lookup']);
  });

  for (const status of [403, 404, 405, 500])
    it(`are all uploaded where looking them up is answered with ${status}`, async () => {
      await store([aReadyTest('a')]);
      asked();
      api.script = ({ path }) => (path === '/v1/tests/lookup' ? { status, body: { detail: 'No.' } } : undefined);
      assert.deepEqual(await store([aReadyTest('a')]), { ids: ['tst_a'], found: false });
      assert.deepEqual(asked(), ['/lookup', '?name=a']);
    });

  it('are all uploaded, and nothing is looked up, where that is wanted', async () => {
    await store([aReadyTest('a')]);
    asked();
    assert.deepEqual(await store([aReadyTest('a')], { all: true }), { ids: ['tst_a'], found: false });
    assert.deepEqual(asked(), ['?name=a']);
  });
});
