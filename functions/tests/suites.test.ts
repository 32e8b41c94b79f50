import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { SuiteEntity } from '../../schemas/entities.ts';
import { suitePatch, suiteRequest } from '../../schemas/suites.ts';
import { etagOf } from '../../shared/http/etags.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aSuite, aTest } from '../testing.ts';
import { createSuite, deleteSuite, listSuites, patchSuite, readSuite } from './suites.ts';

const { object: file, ...free } = aSuite();

function bench(stored: SuiteEntity = free) {
  let suite = stored;
  const suites = {
    get: sinon.stub().callsFake(async () => suite),
    list: sinon.stub().callsFake(async () => [suite]),
    create: sinon.stub().callsFake(async (given) => ({ ...free, ...given })),
    change: sinon.stub().callsFake(async (_id, change) => {
      suite = { ...suite, ...change(suite), version: suite.version + 1 };
      return suite;
    }),
    delete: sinon.stub().resolves(),
  };
  const tests = {
    getAll: sinon
      .stub()
      .callsFake(async (ids: string[]) => ids.map((id) => (id === 'tst_9' ? undefined : aTest({ id })))),
  };
  const files = { delete: sinon.stub().resolves() };
  const services = withBase({ suites, tests, files } as never) as never;
  const params = { id: 'sui_1' };
  return {
    ...{ suites, files, services },
    create: async (body: object) => await createSuite.handle(aRequest({ body }), services),
    patch: async (body: object, headers = {}) =>
      (await patchSuite.handle(aRequest({ params, body, headers }), services)).body as SuiteEntity,
    read: async () => (await readSuite.handle(aRequest({ params }), services)).body as SuiteEntity,
    remove: () => deleteSuite.handle(aRequest({ params }), services),
  };
}

describe('making a suite', () => {
  it('of tests keeps them in their order', async () => {
    const { suites, create } = bench();
    const { status, headers, body } = await create({ name: 'Mine', description: 'b', tests: ['tst_2', 'tst_1'] });
    const [stored] = suites.create.firstCall.args as [SuiteEntity];
    assert.deepEqual([status, headers?.location], [201, `/v1/suites/${stored.id}`]);
    assert.match(stored.id, /^sui_/);
    assert.deepEqual([stored.user_id, stored.name, stored.tests], ['usr_1', 'Mine', ['tst_2', 'tst_1']]);
    assert.equal((body as SuiteEntity).version, 1);
  });

  it('of a selector keeps that', async () => {
    const { suites, create } = bench();
    const selector = { tags: ['smoke'], path: 'shop/**' };
    await create({ name: 'Smoke', selector });
    const [stored] = suites.create.firstCall.args as [SuiteEntity];
    assert.deepEqual([stored.tests, stored.selector], [[], selector]);
  });

  it('is refused of both, of neither, and of tests that are not there', async () => {
    const { suites, create } = bench();
    await assert.rejects(create({ name: 'a' }), appError('invalid-argument'));
    await assert.rejects(
      create({ name: 'a', tests: ['tst_1'], selector: { path: '*' } }),
      appError('invalid-argument'),
    );
    await assert.rejects(create({ name: 'a', tests: ['tst_1', 'tst_9'] }), (error: AppError) => {
      assert.equal(error.details[0]?.pointer, '/tests/1');
      return appError('unprocessable')(error);
    });
    assert.equal(suites.create.callCount, 0);
  });

  it('takes what the contract says', () => {
    assert.deepEqual(suiteRequest.problems({ name: 'a', selector: { tags: ['b'] } }), []);
    for (const wrong of [
      { name: 'a', selector: {} },
      { name: 'a', tests: [] },
      { name: '', tests: ['a'] },
      { name: 'a', tests: ['a', 'a'] },
    ])
      assert.notDeepEqual(suiteRequest.problems(wrong), [], JSON.stringify(wrong));
    assert.notDeepEqual(suitePatch.problems({}), []);
  });
});

describe('a suite that names tests', () => {
  it('has a new version when it is changed, unless somebody was faster', async () => {
    const { patch, read } = bench();
    const etag = etagOf(JSON.stringify(await read()));
    const { version, tests, name } = await patch({ tests: ['tst_3'], name: 'New' }, { 'if-match': etag });
    assert.deepEqual([version, tests, name], [2, ['tst_3'], 'New']);
    await assert.rejects(patch({ name: 'c' }, { 'if-match': etag }), appError('precondition-failed'));
    await assert.rejects(patch({ tests: ['tst_9'] }), appError('unprocessable'));
    await assert.rejects(patch({ tests: ['tst_1'], selector: { path: '*' } }), appError('invalid-argument'));
    assert.deepEqual((await patch({ selector: { path: '*' } })).tests, []);
  });

  it('is listed, and deleted without its tests', async () => {
    const { suites, files, services, remove } = bench();
    const { body } = await listSuites.handle(aRequest({ query: {} }), services);
    assert.deepEqual(
      (body as { items: SuiteEntity[] }).items.map(({ id }) => id),
      ['sui_1'],
    );
    await remove();
    assert.deepEqual([files.delete.callCount, suites.delete.callCount], [0, 1]);
  });
});

describe('a suite that stands in a file', () => {
  it('is changed by its file alone', async () => {
    const { suites, patch } = bench({ ...free, object: file as never });
    await assert.rejects(patch({ name: 'b' }), appError('conflict', /stands in the file 'all\.yaml'/));
    assert.equal(suites.change.callCount, 0);
  });
});
