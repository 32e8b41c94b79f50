import assert from 'node:assert/strict';
import sinon from 'sinon';
import { liveAnswers } from '../../schemas/live-answers.ts';
import { usedUp } from '../../shared/domain/quotas.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { mailbox } from '../live-mailbox.testing.ts';
import { appError, aRequest } from '../testing.ts';
import { closeSession, createSession, listSessions, readSession } from './handler.ts';

type Json = Record<string, unknown>;

function bench(session: Parameters<typeof mailbox>[0] = {}) {
  const { live } = mailbox(session);
  const environments = { named: sinon.stub().resolves(undefined) };
  const usage = { openLive: sinon.stub().resolves() };
  const services = withBase({ live, usage, environments }) as never;
  const create = async (body: object, headers: Record<string, string> = {}) =>
    await createSession.handle(aRequest({ body, headers }) as never, services);
  return { live, usage, environments, services, create };
}

describe('live sessions', () => {
  it('are opened idle, for an hour without commands', async () => {
    const { create, live } = bench();
    const { status, body, headers } = await create({ baseUrl: 'https://a.example', variables: { secret: 1 } });
    const session = body as Json;
    assert.deepEqual([status, headers?.location], [201, `/v1/sessions/${session.id}`]);
    const { kind, replay, expiresAt, baseUrl } = session;
    assert.deepEqual([kind, session.status, replay, baseUrl], ['live', 'idle', 'safe', 'https://a.example']);
    assert.equal(expiresAt, new Date(NOON + 3600_000).toISOString());
    assert.equal('variables' in session, false);
    assert.deepEqual(live.create.firstCall.args[0].variables, { secret: 1 });
  });

  it('show nothing of how they are kept', async () => {
    const inner = { lease: { owner: 'o', expires_at: new Date(NOON) }, state_object: 'x', state_generation: '1' };
    const { services } = bench({ session: { ...inner, woken_at: new Date(NOON), stopped_batch: 1 } });
    const request = aRequest({ params: { id: 'ses_1' } });
    const { body } = await readSession.handle(request as never, services);
    const known = Object.keys(liveAnswers['live-session'].schema.properties);
    assert.deepEqual(
      Object.keys(body as Json).filter((name) => !known.includes(name)),
      [],
    );
  });

  it('are one for a key', async () => {
    const { create } = bench();
    const { body } = await create({}, { 'idempotency-key': 'k' });
    assert.equal((body as Json).id, derivedId('ses', 'usr_1', 'k'));
  });

  it('are counted before they are there, and refused when too many are open', async () => {
    const { create, live, usage } = bench();
    const { body } = await create({});
    const [who, id] = usage.openLive.firstCall.args;
    assert.deepEqual([who.userId, id], ['usr_1', (body as Json).id]);
    assert.ok(usage.openLive.calledBefore(live.create));
    usage.openLive.rejects(usedUp('open_live_sessions', 3, NOON));
    await assert.rejects(create({}), appError('rate-limited', /'openLiveSessions' of 3 is used up/));
    assert.equal(live.create.callCount, 1);
  });

  it('are refused with an environment that does not exist, or more variables than a document holds', async () => {
    const { create, live } = bench();
    await assert.rejects(create({ environment: 'stagin' }), appError('unprocessable', /stagin/));
    const variables = { big: 'x'.repeat(600_000) };
    await assert.rejects(create({ variables }), appError('unprocessable', /too large/));
    assert.equal(live.create.callCount, 0);
  });

  it('are counted only when nothing is wrong with them', async () => {
    const { create, usage } = bench();
    const expiresAt = new Date(NOON - 1).toISOString();
    let deep: unknown = 1;
    for (let i = 0; i < 30; i++) deep = { deep };
    for (const body of [{ expiresAt }, { variables: { deep } }, { environment: 'stagin' }])
      await assert.rejects(create(body), appError('unprocessable'));
    assert.equal(usage.openLive.callCount, 0);
  });

  it('point to the variable that cannot be kept', async () => {
    const refusal = await bench()
      .create({ variables: { __bad__: 1 } })
      .catch((error: AppError) => error);
    assert.equal((refusal as AppError).details[0]?.pointer, '/variables/__bad__');
  });

  it('name the field of an environment that does not exist', async () => {
    const refusal = await bench()
      .create({ environment: 'stagin' })
      .catch((error: AppError) => error);
    assert.equal((refusal as AppError).details[0]?.pointer, '/environment');
  });

  it('are listed, and closed by their owner only', async () => {
    const { services, live } = bench();
    const { body } = await listSessions.handle(aRequest() as never, services);
    assert.deepEqual(
      (body as { items: Json[] }).items.map(({ id }) => id),
      ['ses_1'],
    );
    const close = (userId: string) =>
      closeSession.handle(
        aRequest({ params: { id: 'ses_1' }, caller: { userId, scopes: [], keyHash: '' } }) as never,
        services,
      );
    await assert.rejects(close('usr_2'), appError('not-found'));
    assert.equal(live.end.callCount, 0);
    assert.equal((await close('usr_1')).status, 204);
    assert.deepEqual(live.end.args, [['ses_1', 'closed']]);
  });
});
