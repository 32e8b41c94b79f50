import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { RunEntity } from '../../schemas/entities.ts';
import type { TriggerEntity } from '../../schemas/triggers.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { appError, aRun, aTest, aTrigger } from '../testing.ts';
import { runTriggers } from './handler.ts';

describe('run-triggers', () => {
  function bench(given: Partial<TriggerEntity> = {}) {
    const platform = testPlatform();
    const triggers = { get: sinon.stub().callsFake(async (id) => (id === 'trg_1' ? aTrigger(given) : undefined)) };
    const runs = { get: sinon.stub().resolves(undefined), create: sinon.stub().resolves(true) };
    const users = { get: sinon.stub().resolves({ disabled: false }) };
    const buckets = { lease: sinon.stub().resolves({ granted: 1, left: 0 }) };
    const tests = { getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => aTest({ id }))) };
    const services = withBase({ triggers, runs, users, buckets, tests } as never, platform);
    const send = (attributes: Record<string, string> = {}, data = '', id = '7') => {
      const message = { id, attributes: { trigger: 'trg_1', token: 'vtt_1', ...attributes }, data: Buffer.from(data) };
      return runTriggers(message, services as never);
    };
    const started = () => runs.create.args.map(([run]) => run as RunEntity);
    return { runs, users, buckets, platform, send, started };
  }

  it("starts the run that the trigger's owner has named", async () => {
    const { send, started } = bench({ run: { tests: ['tst_1'], environment: undefined as never, retries: 1 } });
    await send({ user_id: 'usr_2', tests: 'tst_2' }, '{"tests":["tst_3"],"user_id":"usr_2"}');
    const [run] = started();
    assert.deepEqual([run?.user_id, run?.trigger, run?.started_by, run?.status], ['usr_1', 'event', 'trg_1', 'queued']);
    assert.deepEqual([run?.selection.tests, run?.selection.retries], [['tst_1'], 1]);
  });

  it('starts it once for a message, and once for an event whatever messages tell of it', async () => {
    const { runs, buckets, send, started } = bench();
    await send();
    await send();
    await send({ 'ce-id': 'build-1' }, '', '8');
    await send({ 'ce-id': 'build-1' }, '', '9');
    await send({ 'ce-id': 'build-1', 'ce-source': 'elsewhere' }, '', '9');
    const [first, again, event, same, other] = started().map(({ id }) => id);
    assert.deepEqual([first, event], [again, same]);
    assert.equal(new Set([first, event, other]).size, 3);
    runs.get.resolves(aRun());
    await send();
    assert.deepEqual([runs.create.callCount, buckets.lease.callCount], [5, 5]);
  });

  for (const [what, attributes, given] of [
    ['without a token', { token: '' }, {}],
    ['without a trigger', { trigger: '' }, {}],
    ['with another token', { token: 'vtt_2' }, {}],
    ['with the hash of the token', { token: aTrigger().token_hash ?? '' }, {}],
    ['of a trigger that is not there', { trigger: 'trg_2' }, {}],
    ['of a trigger that is not active', {}, { active: false }],
    ['of a trigger by objects', {}, { on: 'object', token_hash: undefined as never }],
  ] as const) {
    it(`starts nothing for a message ${what}`, async () => {
      const { send, started, platform } = bench(given);
      await send(attributes);
      assert.deepEqual(started(), []);
      assert.ok(platform.lines.some(({ severity }) => severity === 'WARNING'));
      assert.doesNotMatch(JSON.stringify(platform.lines), /vtt_/);
    });
  }

  it('starts nothing for a message that the trigger is not for', async () => {
    const { send, started } = bench({ match: { attributes: { branch: 'release/*' } } });
    await send({ branch: 'main' });
    assert.deepEqual(started(), []);
    await send({ branch: 'release/1' });
    assert.equal(started().length, 1);
  });

  it('starts nothing for who is disabled', async () => {
    const { users, send, started } = bench();
    users.get.resolves({ disabled: true });
    await send();
    assert.deepEqual(started(), []);
  });

  it('is to be told again later when the trigger has started many', async () => {
    const { buckets, send, started } = bench();
    buckets.lease.resolves({ granted: 0, left: 0.5 });
    await assert.rejects(send(), appError('rate-limited', /trigger trg_1/));
    assert.deepEqual(started(), []);
  });
});
