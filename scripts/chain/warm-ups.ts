import assert from 'node:assert/strict';
import type { RunEntity } from '../../schemas/entities.ts';
import { until } from '../local/plumbing/receiver.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

const NEEDED = ['plan-run', 'run-session'];

/** Runs whose instances are there before they are due. */
export function warmUps(suite: () => SuiteCloud): void {
  const running = (name: string) =>
    suite()
      .cloud.instances()
      .filter((instance) => instance.function === name);
  const endAll = async (name: string): Promise<void> => {
    for (let left = running(name).length; left > 0; left = running(name).length) {
      suite().cloud.killInstance(name);
      await until(() => running(name).length < left);
    }
  };
  const requests = () => NEEDED.map((name) => suite().cloud.meter.get(`run.request/${name}`) ?? 0);
  const coldStarts = () => NEEDED.map((name) => suite().cloud.coldStarts(name));

  it('are handled by the instances that were started for them', async function () {
    this.timeout(120_000);
    const { call, cloud, google, upload, ended, sessionsOf } = suite();
    const tests = await Promise.all(['one', 'two'].map((name) => upload(`warm-${name}.yaml`, test(name))));
    await cloud.settle();
    for (const name of NEEDED) await endAll(name);
    const before = coldStarts();

    const made = await call('POST', '/v1/schedules', { name: 'Warm', cron: '0 3 1 1 *', run: { tests } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { id } = made.body as { id: string };
    const schedule = google.firestore.doc(`schedules/${id}`);
    await schedule.update({ next_at: new Date(Date.now() + 60_000) });
    const asked = requests();
    await cloud.runSchedule('run-schedules');
    // Asked for again, nothing is warmed twice.
    await cloud.runSchedule('run-schedules');
    cloud.clock.advance(30_000);
    await cloud.settle();
    assert.deepEqual(
      requests().map((count, n) => count - (asked[n] ?? 0)),
      [1, 2],
    );
    assert.deepEqual(
      coldStarts().map((starts, n) => starts - (before[n] ?? 0)),
      [1, 2],
    );
    const warmed = running('run-session').map(({ pid }) => pid);
    assert.equal(warmed.length, 2);

    await schedule.update({ next_at: new Date(Math.floor(Date.now() / 60_000) * 60_000) });
    await cloud.runSchedule('run-schedules');
    const started = await google.firestore.collection('runs').where('started_by', '==', id).get();
    const due = only(started.docs).data() as RunEntity;
    assert.equal((await ended(due.id)).status, 'passed');
    const sessions = await sessionsOf(due.id);
    assert.deepEqual(
      sessions.map(({ cold_start }) => cold_start),
      [false, false],
    );
    assert.deepEqual(
      coldStarts().map((starts, n) => starts - (before[n] ?? 0)),
      [1, 2],
    );
    assert.deepEqual(
      running('run-session').map(({ pid }) => pid),
      warmed,
    );
    await call('DELETE', `/v1/schedules/${id}`);
  });
}

const test = (name: string): string => `test: Warm ${name}\ndo:\n  - note: done\n`;
