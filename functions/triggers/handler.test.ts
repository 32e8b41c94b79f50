import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type TriggerEntity, triggerPatch, triggerRequest } from '../../schemas/triggers.ts';
import { hashOfKey } from '../../shared/domain/api-keys.ts';
import { etagOf } from '../../shared/http/etags.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aTest, aTrigger } from '../testing.ts';
import { createTrigger, deleteTrigger, listTriggers, patchTrigger, readTrigger } from './handler.ts';

function bench(stored: TriggerEntity[] = [aTrigger()]) {
  const triggers = {
    getOwned: sinon
      .stub()
      .callsFake(async (id: string, userId: string) => stored.find((one) => one.id === id && one.user_id === userId)),
    list: sinon.stub().callsFake(async () => stored),
    count: sinon.stub().resolves(1),
    create: sinon.stub().callsFake(async (given) => ({ ...aTrigger(), token_hash: undefined, ...given })),
    change: sinon.stub().callsFake(async (_id, change) => {
      stored[0] = { ...(stored[0] as TriggerEntity), ...change(stored[0]) };
      return stored[0];
    }),
    delete: sinon.stub().resolves(),
  };
  const tests = {
    getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => (id === 'tst_1' ? aTest() : undefined))),
    tagged: sinon.stub().resolves(['tst_1']),
  };
  const { randomBytes } = testPlatform();
  const services = withBase({ triggers, tests, suites: {}, environments: {}, randomBytes } as never) as never;
  const params = { id: 'trg_1' };
  return {
    ...{ triggers, services },
    create: async (body: object) => await createTrigger.handle(aRequest({ body }), services),
    patch: async (body: object, headers = {}) =>
      (await patchTrigger.handle(aRequest({ params, body, headers }), services)).body as TriggerEntity,
    read: async () => (await readTrigger.handle(aRequest({ params }), services)).body as object,
  };
}

const byMessage = { name: 'Deployed', on: 'message', run: { tests: ['tst_1'] } };
const byObject = { name: 'Built', on: 'object', path: 'builds/**', run: { tests: ['tst_1'] } };

describe('making a trigger', () => {
  it('by messages gives it a token, shown once and kept by its hash', async () => {
    const { triggers, create } = bench();
    const match = { attributes: { my_branch: 'release/*' }, data: { 'build.status_code': 'SUCCESS' } };
    const { status, headers, body } = await create({ ...byMessage, match });
    const { token, ...shown } = body as { token: string; id: string };
    const [stored] = triggers.create.firstCall.args as [TriggerEntity];
    assert.deepEqual([status, headers?.location], [201, `/v1/triggers/${stored.id}`]);
    assert.match(token, /^vtt_[0-9a-z]{40}$/);
    assert.equal(stored.token_hash, hashOfKey(token));
    assert.deepEqual((shown as unknown as TriggerEntity).match, match);
    assert.doesNotMatch(JSON.stringify([shown, stored]), new RegExp(token));
    assert.doesNotMatch(JSON.stringify(shown), new RegExp(stored.token_hash ?? ''));
  });

  it('by objects needs a path, and has no token', async () => {
    const { triggers, create } = bench();
    const { body } = await create(byObject);
    const [stored] = triggers.create.firstCall.args as [TriggerEntity];
    assert.deepEqual(
      [stored.path, stored.token_hash, (body as { token?: string }).token],
      ['builds/**', undefined, undefined],
    );
  });

  for (const [what, body, code, pointer] of [
    ['messages and a path', { ...byMessage, path: 'a' }, 'invalid-argument', '/path'],
    ['objects and something to match', { ...byObject, match: {} }, 'invalid-argument', '/match'],
    ['objects and no path', { name: 'x', on: 'object', run: byObject.run }, 'invalid-argument', '/path'],
    ['a path that no object has', { ...byObject, path: '/builds/**' }, 'invalid-argument', '/path'],
    ['a test that is not there', { ...byMessage, run: { tests: ['tst_9'] } }, 'unprocessable', '/run/tests/0'],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { triggers, create } = bench();
      await assert.rejects(create(body), (error: AppError) => {
        assert.ok(appError(code)(error));
        assert.equal(error.details[0]?.pointer, pointer);
        return true;
      });
      assert.equal(triggers.create.callCount, 0);
    });
  }

  it('is refused to who has a hundred', async () => {
    const { triggers, create } = bench();
    triggers.count.resolves(100);
    await assert.rejects(create(byObject), appError('conflict', /100 triggers/));
  });
});

describe('the contract of triggers', () => {
  it('takes patterns by names', () => {
    assert.deepEqual(
      triggerRequest.problems({ ...byMessage, match: { attributes: { a: '*' }, data: { 'a.b': '1' } } }),
      [],
    );
    for (const wrong of [
      { ...byMessage, on: 'mail' },
      { ...byMessage, match: { attributes: { a: 1 } } },
      { ...byMessage, match: { headers: {} } },
      { ...byMessage, token: 'mine' },
      { name: 'a', on: 'message' },
    ])
      assert.notDeepEqual(triggerRequest.problems(wrong), [], JSON.stringify(wrong));
    assert.notDeepEqual(triggerPatch.problems({ on: 'object' }), []);
    assert.notDeepEqual(triggerPatch.problems({}), []);
  });
});

describe('triggers', () => {
  it('are listed and read without the hashes of their tokens', async () => {
    const { triggers, services, read } = bench();
    const list = await listTriggers.handle(aRequest({ query: { active: 'true' } }), services);
    assert.equal(triggers.list.firstCall.args[2], true);
    assert.doesNotMatch(JSON.stringify([list, await read()]), new RegExp(hashOfKey('vtt_1')));
  });

  it('change in what is named, unless they have changed since they were read', async () => {
    const { patch, read, triggers } = bench();
    const etag = etagOf(JSON.stringify(await read()));
    const { active, run } = await patch({ active: false, run: { tags: ['smoke'] } }, { 'if-match': etag });
    assert.deepEqual([active, run], [false, { tags: ['smoke'] }]);
    await assert.rejects(patch({ active: true }, { 'if-match': etag }), appError('precondition-failed'));
    await assert.rejects(patch({ path: 'a/**' }), appError('invalid-argument'));
    const byObjects = bench([aTrigger({ on: 'object', path: 'a/**' })]);
    const meant = /^No object fits 'tests\/\{user\}\/b\/\*': .*: write 'b\/\*'\.$/;
    await assert.rejects(byObjects.patch({ path: 'tests/{user}/b/*' }), appError('invalid-argument', meant));
    assert.equal((await byObjects.patch({ path: 'b/*' })).path, 'b/*');
    await assert.rejects(patch({ run: { tests: ['tst_9'] } }), appError('unprocessable'));
    assert.equal((await triggers.getOwned('trg_1', 'usr_1')).active, false);
  });

  it('of somebody else are as if they were not there', async () => {
    const { triggers, services } = bench([aTrigger({ user_id: 'usr_2' })]);
    for (const route of [readTrigger, patchTrigger, deleteTrigger]) {
      const request = aRequest({ params: { id: 'trg_1' }, body: {} });
      await assert.rejects(route.handle(request, services), appError('not-found'));
    }
    assert.equal(triggers.delete.callCount + triggers.change.callCount, 0);
  });

  it('are deleted', async () => {
    const { triggers, services } = bench();
    await deleteTrigger.handle(aRequest({ params: { id: 'trg_1' } }), services);
    assert.deepEqual(
      triggers.delete.args.map(([id]) => id),
      ['trg_1'],
    );
  });
});
