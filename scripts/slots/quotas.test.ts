import assert from 'node:assert/strict';
import type { Firestore } from '@google-cloud/firestore';
import { runs } from '../../shared/domain/runs.ts';
import { slots } from '../../shared/domain/slots.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import { usage } from '../../shared/domain/usage.ts';
import { users } from '../../shared/domain/users.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, testPlatform } from '../../shared/platform/testing.ts';
import { connect, startDatabase, type TestDatabase } from '../local/firestore/testing.ts';

const TOMORROW = '2026-03-05T00:00:00.000Z';

describe('the quotas of users', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let clients: Firestore[];
  let time = NOON;
  beforeEach(async () => {
    time = NOON;
    database = await startDatabase();
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.terminate()));
    await database.close();
  });

  /** Services of an instance of its own, with a client of its own. */
  function instance(environment: Record<string, string> = {}) {
    const client = connect(database.cloud);
    clients.push(client);
    const platform = {
      ...testPlatform({ clients: { firestore: async () => client }, environment }),
      clock: { now: () => time, sleep: async () => undefined },
    };
    const made = { slots: slots.make(platform), usage: usage.make(platform) };
    return { ...made, runs: runs.make(platform), users: users.make(platform) };
  }
  const instances = (count: number) => Array.from({ length: count }, () => instance());
  const setQuotas = async (quotas: Record<string, number | null>) => {
    const { users: all } = instance();
    const user = { id: 'usr_1', email: 'a@example.com', name: 'Ada', role: 'developer' as const };
    await all.create({ ...user, settings: {}, disabled: false });
    return (await all.change('usr_1', { quotas }, () => undefined))?.quotas;
  };
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      (error) => {
        assert.ok(error instanceof AppError && error.code === 'rate-limited', String(error));
        return error.message;
      },
    );
  const who = { userId: 'usr_1' };

  it('of live sessions a day are kept by ten instances at once, to the last one, and start anew at midnight', async () => {
    const own = await setQuotas({ liveSessionsADay: 20 });
    const ten = instances(10);
    const ask = (i: number) =>
      outcome((ten[i % 10] as (typeof ten)[0]).usage.openLive({ ...who, quotas: own ?? {} }, `ses_${i}`));
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i)));
    assert.equal(outcomes.filter((one) => one === 'taken').length, 20);
    const refused = `Your quota 'liveSessionsADay' of 20 is used up: it starts anew at ${TOMORROW}.`;
    assert.deepEqual([...new Set(outcomes)].sort(), [refused, 'taken']);
    assert.equal(await ask(outcomes.indexOf('taken')), 'taken', 'the same session is counted once');
    time = Date.parse(TOMORROW);
    assert.equal(await ask(41), 'taken');
  });

  it('of runs a day are kept by ten planners at once, and are told before a run is taken', async () => {
    const own = await setQuotas({ runsADay: 12, parallelSessions: 3 });
    const ten = instances(10);
    const reserve = async (i: number) => {
      const { slots: mine, runs: all } = ten[i % 10] as (typeof ten)[0];
      const run = { id: `run_${i}`, user_id: 'usr_1' };
      const more = {
        selection: { tests: [], definitions: [], variables: {} },
        status: 'queued',
        trigger: 'api',
      } as const;
      await all.create({ ...run, ...more, totals: emptyTotals } as never);
      return await outcome(mine.reserve(run, 1));
    };
    const outcomes = await Promise.all(Array.from({ length: 25 }, (_, i) => reserve(i)));
    assert.equal(outcomes.filter((one) => one === 'taken').length, 12);
    const check = () => outcome(instance().usage.checkRun({ ...who, quotas: own ?? {} }));
    assert.match(await check(), /'runsADay' of 12 is used up/);
    assert.deepEqual((await instance().usage.of({ ...who, quotas: own ?? {} })).runsADay, {
      ...{ limit: 12, used: 12, resetsAt: TOMORROW },
    });
    time = Date.parse(TOMORROW);
    assert.equal(await check(), 'taken');
  });

  it('of open live sessions count those that are open, and forget those that are closed or never came to be', async () => {
    const own = (await setQuotas({ openLiveSessions: 2 })) ?? {};
    const { usage: mine } = instance();
    const open = (id: string) => outcome(mine.openLive({ ...who, quotas: own }, id));
    const session = (id: string, status: string) => database.db.doc(`sessions/${id}`).set({ kind: 'live', status });
    assert.equal(await open('ses_1'), 'taken');
    await session('ses_1', 'idle');
    assert.equal(await open('ses_2'), 'taken');
    assert.match(await open('ses_3'), /'openLiveSessions' of 2 is used up: there is room again when one/);
    time += 61_000;
    assert.equal(await open('ses_3'), 'taken', 'the second has never been created');
    await session('ses_3', 'running');
    assert.match(await open('ses_4'), /used up/);
    await session('ses_1', 'closed');
    assert.equal(await open('ses_4'), 'taken');
  });

  it("of browsers' minutes are what the day's sessions have taken", async () => {
    const own = (await setQuotas({ browserMinutesADay: 2 })) ?? {};
    const { usage: mine } = instance();
    const took = (id: string, ms: number, at: number) =>
      database.db.doc(`sessions/${id}`).set({ user_id: 'usr_1', browser_ms: ms, updated_at: new Date(at) });
    await took('ses_0', 600_000, NOON - 24 * 3600_000);
    await took('ses_1', 119_000, NOON);
    await database.db.doc('sessions/ses_2').set({ user_id: 'usr_1', updated_at: new Date(NOON) });
    assert.equal(await outcome(mine.checkRun({ ...who, quotas: own })), 'taken');
    await took('ses_3', 1000, NOON);
    assert.match(await outcome(mine.checkRun({ ...who, quotas: own })), /'browserMinutesADay' of 2/);
    assert.match(await outcome(mine.openLive({ ...who, quotas: own }, 'ses_9')), /'browserMinutesADay' of 2/);
  });

  it('of what is stored are what the sessions of the day have kept, whoever starts the next run', async () => {
    const own = (await setQuotas({ storedMegabytesADay: 3 })) ?? {};
    const { usage: mine } = instance();
    const kept = (id: string, bytes: number, at: number) =>
      database.db.doc(`sessions/${id}`).set({ user_id: 'usr_1', stored_bytes: bytes, updated_at: new Date(at) });
    await kept('ses_0', 9_000_000, NOON - 24 * 3600_000);
    await kept('ses_1', 2_999_999, NOON);
    const asked = () => [
      mine.checkRun({ ...who, quotas: own }),
      mine.openLive({ ...who, quotas: own }, 'ses_9'),
      mine.checkDay(who.userId),
    ];
    assert.deepEqual(await Promise.all(asked().map(outcome)), ['taken', 'taken', 'taken']);
    await kept('ses_2', 1, NOON);
    for (const refused of await Promise.all(asked().map(outcome))) {
      assert.equal(refused, `Your quota 'storedMegabytesADay' of 3 is used up: it starts anew at ${TOMORROW}.`);
    }
    const { storedMegabytesADay } = await mine.of({ ...who, quotas: own });
    assert.deepEqual(storedMegabytesADay, { limit: 3, used: 3, resetsAt: TOMORROW });
    time = Date.parse(TOMORROW);
    assert.deepEqual(await Promise.all(asked().map(outcome)), ['taken', 'taken', 'taken']);
  });

  it('are as many as all have where a user has none of their own, and none where the limits are off', async () => {
    const shown = await instance({ RATE_LIMIT_FACTOR: '0.5', PARALLEL_SESSIONS: '7' }).usage.of(who);
    assert.deepEqual(
      [shown.runsADay?.limit, shown.parallelSessions?.limit, shown.openLiveSessions?.limit],
      [500, 7, 100],
    );
    const off = instance({ RATE_LIMIT_FACTOR: '0' });
    assert.equal((await off.usage.of(who)).runsADay?.limit, null);
    const reads = database.cloud.meter.get('firestore.read') ?? 0;
    await off.usage.checkRun(who);
    assert.equal(database.cloud.meter.get('firestore.read') ?? 0, reads, 'and cost nothing');
    const own = (await setQuotas({ runsADay: 0, liveSessionsADay: 3 })) ?? {};
    assert.match(await outcome(off.usage.checkRun({ ...who, quotas: own })), /'runsADay' of 0/);
    const { users: all } = instance();
    const changed = await all.change('usr_1', { quotas: { runsADay: null } }, () => undefined);
    assert.deepEqual(changed?.quotas, { live_sessions_a_day: 3 });
    assert.deepEqual((await database.db.doc('slots/usr_1').get()).get('quotas'), { live_sessions_a_day: 3 });
  });
});
