import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { NOON, testPlatform } from '../platform/testing.ts';
import { type LiveSessions, liveSessions, type NewCommand } from './live-sessions.ts';
import { LeaseLost } from './sessions.ts';

const at = (ms: number) => new Date(NOON + ms);
const HOUR = 3600_000;

/** A session and its commands as transactions see them. */
function bench(session: Partial<LiveSessionEntity> | undefined, commands: Partial<LiveCommandEntity>[] = []) {
  const stored = new Map<string, object | undefined>([
    [
      'sessions/ses_1',
      session && {
        id: 'ses_1',
        user_id: 'usr_1',
        kind: 'live',
        status: 'idle',
        commands: 0,
        done: 0,
        passed: 0,
        failed: 0,
        created_at: at(0),
        ...session,
      },
    ],
    ...commands.map((one): [string, object] => [`checkpoints/${one.id}`, one]),
  ]);
  const read = async (ref: string) => ({ data: () => stored.get(ref) });
  const transaction = {
    get: read,
    getAll: (...refs: string[]) => Promise.all(refs.map(read)),
    create: sinon.stub<[string, LiveCommandEntity]>(),
    update: sinon.stub<[string, Record<string, unknown>]>(),
  };
  const firestore = {
    collection: (name: string) => ({
      doc: (id: string) => Object.assign(new String(`${name}/${id}`), { get: () => read(`${name}/${id}`) }),
    }),
    runTransaction: (work: (given: unknown) => unknown) =>
      work({
        ...transaction,
        get: (ref: string) => read(String(ref)),
        getAll: (...refs: string[]) => Promise.all(refs.map((ref) => read(String(ref)))),
      }),
  };
  const platform = testPlatform({ clients: { firestore: async () => firestore } });
  const service: LiveSessions = liveSessions.make(platform);
  return { ...transaction, service, platform };
}
const command = (id: string): NewCommand => ({ id, kind: 'step', look: {}, stop_on_error: true });

describe('the mailbox of a live session', () => {
  it('gives each command what its session was changed to, and keeps the end that somebody has set', async () => {
    const settings = { config: { timeout: 5 } };
    const { service, create, update } = bench({ settings, ends_at: at(5 * HOUR) });
    await service.append('ses_1', 'usr_1', [command('chk_1')]);
    assert.deepEqual(create.firstCall.args[1].settings, settings);
    assert.deepEqual(update.firstCall.args[1].closes_at, at(5 * HOUR));
  });

  it('appends commands in one transaction, with numbers of their own, and keeps the session open for another hour', async () => {
    const { service, create, update, platform } = bench({ commands: 4, done: 4 });
    platform.clock.time += 60_000;
    const appended = await service.append('ses_1', 'usr_1', [command('chk_5'), command('chk_6')]);
    assert.deepEqual(
      create.args.map(([, { id, position, batch, status, session_id, user_id }]) => [
        id,
        position,
        batch,
        status,
        session_id,
        user_id,
      ]),
      [
        ['chk_5', 5, 5, 'pending', 'ses_1', 'usr_1'],
        ['chk_6', 6, 5, 'pending', 'ses_1', 'usr_1'],
      ],
    );
    assert.deepEqual([appended.kind, 'wake' in appended && appended.wake], ['appended', true]);
    const [, patch] = update.firstCall.args;
    assert.deepEqual([patch.commands, patch.closes_at, patch.woken_at], [6, at(60_000 + HOUR), at(60_000)]);
  });

  it('keeps a session open for a day at most', async () => {
    const { service, update, platform } = bench({});
    platform.clock.time += 23.5 * HOUR;
    await service.append('ses_1', 'usr_1', [command('chk_1')]);
    assert.deepEqual(update.firstCall.args[1].closes_at, at(24 * HOUR));
  });

  for (const [why, session, wake] of [
    ['nobody has it', {}, true],
    ['an instance has it', { lease: { owner: 'o', expires_at: at(1) } }, false],
    ['its instance let go of it', { lease: { owner: 'o', expires_at: at(-1) } }, true],
    ['another call has just asked for an instance', { woken_at: at(-1000) }, false],
    ['that was long ago', { woken_at: at(-61_000) }, true],
    [
      'the instance that was asked for has died since',
      { woken_at: at(-5000), lease: { owner: 'o', expires_at: at(-1000) } },
      true,
    ],
  ] as const) {
    it(`${wake ? 'wakes the session' : 'wakes nobody'} when ${why}`, async () => {
      const { service, update } = bench(session);
      const appended = await service.append('ses_1', 'usr_1', [command('chk_1')]);
      assert.equal('wake' in appended && appended.wake, wake);
      assert.equal(update.firstCall.args[1].status, wake ? 'waiting' : undefined);
    });
  }

  it('appends nothing a second time', async () => {
    const known = [
      { id: 'chk_1', status: 'passed' as const },
      { id: 'chk_2', status: 'pending' as const },
    ];
    const { service, create } = bench({ commands: 2, done: 1 }, known);
    const appended = await service.append('ses_1', 'usr_1', [command('chk_1'), command('chk_2')]);
    assert.deepEqual(appended, { kind: 'appended', commands: known, wake: true });
    assert.equal(create.callCount, 0);
    const done = await service.append('ses_1', 'usr_1', [command('chk_1')]);
    assert.deepEqual(done, { kind: 'appended', commands: [known[0]], wake: false });
  });

  it('takes nothing for a session that is over, and says so to who waits; what is done can still be had', async () => {
    const known = [
      { id: 'chk_1', status: 'passed' as const },
      { id: 'chk_2', status: 'pending' as const },
    ];
    const { service, create } = bench({ status: 'closed', commands: 2, done: 1 }, known);
    const over = { kind: 'over', status: 'closed' };
    assert.deepEqual(await service.append('ses_1', 'usr_1', [command('chk_3')]), over);
    assert.deepEqual(await service.append('ses_1', 'usr_1', [command('chk_2')]), over);
    assert.equal((await service.append('ses_1', 'usr_1', [command('chk_1')])).kind, 'appended');
    assert.equal(create.callCount, 0);
  });

  it("takes nothing for a session that is somebody else's, that is a run's, or that there is not", async () => {
    for (const session of [{ user_id: 'usr_2' }, { kind: 'run' as never }, undefined]) {
      const { service } = bench(session);
      assert.deepEqual(await service.append('ses_1', 'usr_1', [command('chk_1')]), { kind: 'missing' });
    }
  });

  it('takes no more than a thousand that wait', async () => {
    const { service } = bench({ commands: 1000, done: 1 });
    const appended = await service.append('ses_1', 'usr_1', [command('a'), command('b')]);
    assert.deepEqual(appended, { kind: 'full', waiting: 999 });
  });
});

describe('who holds a live session', () => {
  const held = {
    lease: { owner: 'me', expires_at: at(1000) },
    status: 'running',
    commands: 2,
    done: 1,
    passed: 1,
  } as const;
  const one = { id: 'chk_2', kind: 'step', session_id: 'ses_1', position: 2 } as LiveCommandEntity;

  it('commits a result together with what it makes of the session', async () => {
    const { service, update } = bench(held);
    await service.commit(one, 'me', { status: 'passed' }, { state_object: 's' });
    const [[, outcome], [, session]] = update.args as [[string, object], [string, object]];
    assert.deepEqual(outcome, { status: 'passed', updated_at: at(0) });
    assert.deepEqual(session, { state_object: 's', passed: 2, done: 2, closes_at: at(HOUR), updated_at: at(0) });
  });

  it('does nothing any more once somebody else has it, or it is closed', async () => {
    for (const session of [
      { ...held, lease: { owner: 'you', expires_at: at(1000) } },
      { ...held, status: 'closed' as const },
    ]) {
      const { service, update } = bench(session);
      await assert.rejects(service.commit(one, 'me', { status: 'passed' }, {}), LeaseLost);
      await assert.rejects(service.begin(one, 'me', 'running'), LeaseLost);
      await assert.rejects(service.rest('ses_1', 'me'), LeaseLost);
      assert.equal(update.callCount, 0);
    }
  });

  it('lets go of it only when there is nothing more to do', async () => {
    assert.equal(await bench(held).service.rest('ses_1', 'me'), false);
    const { service, update } = bench({ ...held, done: 2 });
    assert.equal(await service.rest('ses_1', 'me'), true);
    const [, patch] = update.firstCall.args;
    assert.deepEqual([patch.status, patch.lease], ['idle', { owner: 'me', expires_at: at(0) }]);
  });

  it('finds it ended once, with its document kept for a while', async () => {
    const { service, update } = bench({});
    await service.end('ses_1', 'expired');
    const [, patch] = update.firstCall.args;
    assert.deepEqual([patch.status, patch.closes_at, patch.ended_at], ['expired', null, at(0)]);
    assert.deepEqual(patch.expires_at, at(90 * 24 * HOUR));
    const over = bench({ status: 'closed' });
    await over.service.end('ses_1', 'expired');
    assert.equal(over.update.callCount, 0);
  });
});
