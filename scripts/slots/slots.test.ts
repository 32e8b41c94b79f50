import assert from 'node:assert/strict';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { troubledUsers } from './troubled-users.ts';
import { startWorld } from './world.ts';

type World = Awaited<ReturnType<typeof startWorld>>;

describe('the slots of users', function () {
  this.timeout(120_000);
  let world: World;
  const open = async (instances: number) => {
    world = await startWorld(() => 0.5, instances);
    return world;
  };
  afterEach(() => world.close());
  const limit = (userId: string, most: number) => world.setLimit(userId, most);
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

it('slots are never too many and none is lost when instances and reactions die and events come twice', async function () {
  this.timeout(120_000);
  for (const seed of [1, 2])
    assert.deepEqual(await troubledUsers(seed), [], `npm run slots -- --seed ${seed} --size 1`);
});
