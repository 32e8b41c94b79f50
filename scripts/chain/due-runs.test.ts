import assert from 'node:assert/strict';
import type { Firestore } from '@google-cloud/firestore';
import { runSchedules } from '../../functions/run-schedules/handler.ts';
import type { RunEntity } from '../../schemas/entities.ts';
import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { scheduledRunId, schedules } from '../../shared/domain/schedules.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { indexes } from '../../shared/resources/collections.ts';
import { createFirestoreWith } from '../local/firestore/index.ts';
import { startDatabase, type TestDatabase } from '../local/firestore/testing.ts';
import { Random } from '../torture/random.ts';

const FROM = Date.parse('2026-03-29T00:50:00Z');
const MINUTES = 20;
const minute = (n: number): Date => new Date(FROM + n * 60_000);

describe('schedules that several instances look after, of which some die', () => {
  let database: TestDatabase;
  before(async () => {
    database = await startDatabase({ create: createFirestoreWith({ indexes }) });
  });
  after(() => database?.close());

  /** A turn of an instance; it may die before or after one of its commits. */
  async function turn(at: Date, random: () => number): Promise<void> {
    let dead = false;
    const dying = async <T>(work: () => Promise<T>): Promise<T> => {
      const fate = random();
      if (dead || fate < 0.2) dead = true;
      if (dead) throw new Error('killed before');
      const result = await work();
      if (fate < 0.4) dead = true;
      if (dead) throw new Error('killed after');
      return result;
    };
    const firestore = new Proxy(database.db, {
      get(target, name) {
        if (name === 'runTransaction')
          return (...given: Parameters<Firestore['runTransaction']>) => dying(() => target.runTransaction(...given));
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const platform = testPlatform({
      environment: { WARM_UP_SECONDS: '0' },
      clients: { firestore: async () => firestore },
    });
    // Clocks are never quite the same.
    platform.clock.time = at.getTime() + Math.floor(random() * 4000);
    const services = {
      schedules: schedules.make(platform),
      users: { get: async () => undefined },
      tests: { getAll: async (ids: string[]) => ids.map(() => ({ status: 'ready' })), tagged: async () => [] },
    };
    await runSchedules({}, withBase(services, platform) as never);
  }

  const schedule = (id: string, given: Partial<ScheduleEntity>): ScheduleEntity => ({
    ...{ id, user_id: 'usr_1', name: id, created_at: minute(0), updated_at: minute(0) },
    ...{ cron: '* * * * *', time_zone: 'Etc/UTC', run: { tests: ['tst_1'] } },
    ...{ active: true, missed: 'skip', overlap: 'allow', next_at: minute(0) },
    ...given,
  });

  it('start one run for each time, and none for another', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const generator = new Random(seed);
    const random = () => generator.next();
    const stored = [
      schedule('sch_minute', {}),
      schedule('sch_five', { cron: '*/5 * * * *' }),
      // The hour from two to three is left out in that night.
      schedule('sch_gap', {
        cron: '30 2 * * *',
        time_zone: 'Europe/Berlin',
        next_at: new Date('2026-03-29T01:00:00Z'),
      }),
      schedule('sch_paused', { active: false }),
    ];
    for (const one of stored) await database.db.doc(`schedules/${one.id}`).set(one);
    for (let n = 0; n < MINUTES; n++) await Promise.all(Array.from({ length: 3 }, () => turn(minute(n), random)));
    // Those of the last minutes may all have died.
    for (let n = 0; n < 3; n++) await turn(minute(MINUTES - 1), () => 1);

    const minutes = Array.from({ length: MINUTES }, (_, n) => minute(n));
    const expected = [
      ...minutes.map((time) => scheduledRunId('sch_minute', time)),
      ...minutes.filter((time) => time.getUTCMinutes() % 5 === 0).map((time) => scheduledRunId('sch_five', time)),
      scheduledRunId('sch_gap', new Date('2026-03-29T01:00:00Z')),
    ];
    const { docs } = await database.db.collection('runs').get();
    assert.deepEqual(docs.map(({ id }) => id).sort(), expected.sort(), `seed ${seed}`);
    const runs = docs.map((document) => document.data() as RunEntity);
    assert.ok(
      runs.every(({ trigger, status, user_id }) => `${trigger} ${status} ${user_id}` === 'schedule queued usr_1'),
    );
    const gap = (await database.db.doc('schedules/sch_gap').get()).data();
    assert.equal(gap?.next_at.toDate().toISOString(), '2026-03-30T00:30:00.000Z');
  });
});
