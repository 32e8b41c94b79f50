import assert from 'node:assert/strict';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { noFaults, startWorld } from './world.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

/** Numbers that are the same every time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the slots of users', function () {
  this.timeout(120_000);
  let world: World;
  const open = async (instances: number, faults = noFaults) => {
    world = await startWorld(randomFrom(7), instances, faults);
    return world;
  };
  afterEach(() => world.close());
  const limit = (userId: string, most: number) =>
    world.db.doc(`slots/${userId}`).set({ quotas: { parallel_sessions: most } });
  const sessionsOf = async (userId: string) =>
    (await world.db.collection('sessions').where('user_id', '==', userId).get()).docs.map(
      (document) => document.data() as SessionEntity,
    );

  it('are two for who has two: never are three sessions under way, and always two while there are', async () => {
    await open(6);
    await limit('usr_1', 2);
    await world.ended(await world.start({ userId: 'usr_1', sessions: 8 }));
    assert.equal(world.seen.most.get('usr_1'), 2);
    assert.deepEqual([...new Set((await sessionsOf('usr_1')).map(({ status }) => status))], ['passed']);
  });

  it('cost a run that finds enough of them a document read and written, and its sessions nothing', async () => {
    const { meter, slots, sessions } = await open(0);
    const spent = async (work: () => Promise<unknown>) => {
      const [reads, writes] = [meter.get('firestore.read') ?? 0, meter.get('firestore.write') ?? 0];
      await work();
      return [(meter.get('firestore.read') ?? 0) - reads, (meter.get('firestore.write') ?? 0) - writes];
    };
    assert.deepEqual(await spent(() => slots.reserve({ id: 'run_1', user_id: 'usr_1' }, 3)), [1, 1]);
    for (const [hands_on, cost] of [
      [null, [1, 1]],
      ['slot', [2, 1]],
    ] as const) {
      const session = { id: `ses_${hands_on}`, run_id: 'run_1', user_id: 'usr_1', status: 'queued', resumed: 0 };
      await world.db.doc(`sessions/${session.id}`).set({ ...session, held: null, hands_on });
      await sessions.acquire(session.id, 'me', 1000, {});
      const end = { status: 'passed', attempt: 1, attempts: 1 } as const;
      assert.deepEqual(await spent(() => sessions.finish(session.id, 'me', end)), cost, `hands on: ${hands_on}`);
    }
  });

  it('are given in the order of priority, then of age, and every run has its turn', async () => {
    const { start, seen, ended, hire } = await open(0);
    await limit('usr_1', 1);
    const ids: string[] = [];
    for (const [sessions, priority] of [
      [3, 'low'],
      [2, 'normal'],
      [2, 'high'],
      [1, 'normal'],
    ] as const) {
      ids.push(await start({ userId: 'usr_1', sessions, priority }));
      await world.planned(ids.at(-1) as string);
    }
    hire(3);
    await ended(...ids);
    const runOf = new Map((await sessionsOf('usr_1')).map(({ id, run_id }) => [id, ids.indexOf(run_id)]));
    // The first had found a slot before the others came.
    assert.equal(seen.begun.map((id) => runOf.get(id)).join(''), '02211300');
  });

  it('are waited for at a place that is known, and about how long', async () => {
    const { start, ended, hire, runs, places } = await open(0);
    await limit('usr_1', 1);
    const startAll = async (...wanted: Omit<Parameters<typeof start>[0], 'userId'>[]) => {
      const ids: string[] = [];
      for (const one of wanted) {
        ids.push(await start({ userId: 'usr_1', ...one }));
        await world.planned(ids.at(-1) as string);
      }
      return ids;
    };
    const placeOf = async (id: string) => await places.of((await runs.get(id)) as RunEntity);
    const ids = await startAll({ sessions: 2 }, { sessions: 3 }, { sessions: 1, priority: 'high' });
    const [first, second, third] = await Promise.all(ids.map(placeOf));
    assert.deepEqual(first, { position: 1, waits_for: 'browser' });
    assert.deepEqual(
      [second?.position, third?.position],
      [3, 1],
      'one of the first waits too, and the third is urgent',
    );
    assert.equal(second?.waits_for, 'slot');
    hire(2);
    await ended(...ids);
    assert.equal(await placeOf(ids[0] as string), undefined, 'it has been begun');
    // One is under way when the next ones come: each of the user's took a second.
    await world.db.doc('sessions/ses_running').set({
      ...{
        id: 'ses_running',
        user_id: 'usr_1',
        run_id: 'run_0',
        kind: 'run',
        status: 'running',
        awaited: true,
        held: null,
        hands_on: null,
      },
    });
    const later = await startAll({ sessions: 1 }, { sessions: 1 });
    assert.deepEqual(await placeOf(later[1] as string), { position: 2, waits_for: 'slot', estimated_wait_ms: 2000 });
    await world.db.doc('sessions/ses_running').delete();
    await world.slots.fill('usr_1');
    await ended(...later);
  });

  it('leave other users theirs, however much one has to do', async () => {
    const { start, ended, seen } = await open(12);
    await limit('usr_1', 2);
    const many = await start({ userId: 'usr_1', sessions: 20 });
    await world.planned(many);
    const few = await start({ userId: 'usr_2', sessions: 4 });
    await ended(many, few);
    assert.deepEqual([seen.most.get('usr_1'), seen.most.get('usr_2')], [2, 4]);
    const own = new Set((await sessionsOf('usr_2')).map(({ id }) => id));
    const last = seen.begun.findLastIndex((id) => own.has(id));
    assert.ok(last < 20, `the last of four began as number ${last + 1} of 24`);
  });

  it('are not all of one run that wants fewer at once', async () => {
    const { start, ended, seen } = await open(8);
    const [narrow, wide] = [
      await start({ userId: 'usr_1', sessions: 12, parallel: 2 }),
      await start({ userId: 'usr_1', sessions: 12 }),
    ];
    await ended(narrow, wide);
    assert.ok((seen.most.get(narrow) ?? 0) <= 2, `${seen.most.get(narrow)} at once`);
    assert.equal(seen.most.get('usr_1'), 4);
  });

  for (let seed = 1; seed <= 2; seed++) {
    it(`are never too many and none is lost when instances and reactions die and events come twice (${seed})`, async () => {
      const faults = { killed: 0.1, twice: 0.2, reactionLost: 0.1, failed: 0.2 };
      world = await startWorld(randomFrom(seed), 10, faults);
      const { start, ended, seen } = world;
      await limit('usr_1', 3);
      const ids: string[] = [];
      for (const [userId, sessions, more] of [
        ['usr_1', 9, { retries: 1 }],
        ['usr_1', 7, { parallel: 2 }],
        ['usr_2', 3, {}],
        ['usr_2', 6, { priority: 'high' }],
        ['usr_1', 2, {}],
      ] as const) {
        ids.push(await start({ userId, sessions, ...more }));
      }
      await ended(...ids);
      const most = [seen.most.get('usr_1'), seen.most.get('usr_2'), seen.most.get(ids[1] as string)] as number[];
      for (const [i, limit] of [3, 4, 2].entries()) assert.ok((most[i] ?? 0) <= limit, `${most} at once`);
      // All slots are free again: what comes now has them at once.
      const again = await start({ userId: 'usr_1', sessions: 3 });
      await ended(again);
      const fresh = (await sessionsOf('usr_1')).filter(({ run_id }) => run_id === again);
      assert.deepEqual([...new Set(fresh.map(({ rank }) => rank))], [undefined]);
    });
  }

  it('of a run that is cancelled are for those that wait', async () => {
    const { start, ended, runs } = await open(4);
    await limit('usr_1', 2);
    const [first, second] = [
      await start({ userId: 'usr_1', sessions: 30 }),
      await start({ userId: 'usr_1', sessions: 3 }),
    ];
    await world.planned(second);
    await runs.requestCancel(first);
    await ended(first, second);
    const left = (await sessionsOf('usr_1')).filter(({ status }) => !['passed', 'cancelled'].includes(status));
    assert.deepEqual(left, []);
    assert.equal((await runs.get(second))?.status, 'passed');
  });

  it('that are lost with an instance that nobody asked for again are found by the cleanup', async () => {
    const { slots, sessions, db } = await open(0);
    await limit('usr_1', 1);
    const held = { id: 'ses_held', user_id: 'usr_1', run_id: 'run_1', status: 'queued', awaited: true, held: 'slot' };
    await db.doc('sessions/ses_held').set({ ...held, rank: '1' });
    await slots.fillAll(10);
    assert.equal((await sessions.get('ses_held'))?.held, null);
  });
});
