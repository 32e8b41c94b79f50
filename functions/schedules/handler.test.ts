import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type ScheduleEntity, schedulePatch, scheduleRequest } from '../../schemas/schedules.ts';
import { etagOf } from '../../shared/http/etags.ts';
import type { AppError } from '../../shared/platform/errors.ts';
import { withBase } from '../../shared/platform/testing.ts';
import { anEnvironment, appError, aRequest, aSchedule, aSuite, aTest } from '../testing.ts';
import { createSchedule, deleteSchedule, listSchedules, patchSchedule, readSchedule } from './handler.ts';

interface Shown {
  readonly id: string;
  readonly active: boolean;
  readonly nextTimes: string[];
  readonly run: unknown;
  readonly timeZone: string;
}

function bench(stored: ScheduleEntity[] = [aSchedule({ next_at: new Date('2026-03-04T13:00:00Z') })]) {
  const schedules = {
    getOwned: sinon
      .stub()
      .callsFake(async (id: string, userId: string) => stored.find((one) => one.id === id && one.user_id === userId)),
    list: sinon.stub().callsFake(async () => stored),
    count: sinon.stub().resolves(1),
    create: sinon.stub().callsFake(async (given) => aSchedule({ next_at: undefined as never, ...given })),
    change: sinon.stub().callsFake(async (_id, change) => {
      const patch = change(stored[0]);
      // A sentinel of Firestore, which takes the field away.
      const paused = !(patch.next_at instanceof Date);
      const { next_at, ...rest } = { ...stored[0], ...patch } as ScheduleEntity;
      stored[0] = paused ? rest : { ...rest, next_at: next_at as Date };
      return stored[0];
    }),
    delete: sinon.stub().resolves(),
  };
  const tests = {
    getAll: sinon.stub().callsFake(async (ids: string[]) => ids.map((id) => (id === 'tst_1' ? aTest() : undefined))),
    tagged: sinon.stub().resolves(['tst_1']),
  };
  const suites = {
    get: sinon.stub().resolves(aSuite({ tests: ['tst_1'] })),
    testsOf: sinon.stub().callsFake(async ({ tests }) => tests),
  };
  const environments = {
    named: sinon.stub().callsFake(async (name) => (name === 'staging' ? anEnvironment() : undefined)),
  };
  const services = withBase({ schedules, tests, suites, environments } as never) as never;
  const params = { id: 'sch_1' };
  return {
    ...{ schedules, suites, services },
    create: async (body: object) => await createSchedule.handle(aRequest({ body }), services),
    patch: async (body: object, headers = {}) =>
      (await patchSchedule.handle(aRequest({ params, body, headers }), services)).body as Shown,
    read: async () => (await readSchedule.handle(aRequest({ params }), services)).body as Shown,
  };
}

const nightly = { name: 'Nightly', cron: '30 2 * * *', timeZone: 'Europe/Berlin', run: { tests: ['tst_1'] } };

describe('making a schedule', () => {
  it('keeps what is to be run and says when, five times ahead', async () => {
    const { schedules, create } = bench();
    const run = { suite: 'sui_1', environment: 'staging', variables: { a_b: { c_d: 1 } }, retries: 2, failFast: true };
    const { status, headers, body } = await create({ ...nightly, run, missed: 'run-once', overlap: 'skip' });
    const [stored] = schedules.create.firstCall.args as [ScheduleEntity];
    const shown = body as Shown;
    assert.deepEqual([status, headers?.location], [201, `/v1/schedules/${shown.id}`]);
    assert.match(stored.id, /^sch_/);
    assert.deepEqual(
      [stored.user_id, stored.cron, stored.time_zone, stored.active, stored.missed, stored.overlap],
      ['usr_1', '30 2 * * *', 'Europe/Berlin', true, 'run-once', 'skip'],
    );
    assert.deepEqual(stored.run, run);
    assert.deepEqual(shown.run, run);
    assert.deepEqual(shown.nextTimes, [
      '2026-03-05T01:30:00.000Z',
      '2026-03-06T01:30:00.000Z',
      '2026-03-07T01:30:00.000Z',
      '2026-03-08T01:30:00.000Z',
      '2026-03-09T01:30:00.000Z',
    ]);
  });

  it('needs a name, a cron expression and what to run; the rest goes without saying', async () => {
    const { schedules, create } = bench();
    const { timeZone: _zone, ...least } = nightly;
    await create(least);
    const [{ time_zone, active, missed, overlap }] = schedules.create.firstCall.args as [ScheduleEntity];
    assert.deepEqual([time_zone, active, missed, overlap], ['Etc/UTC', true, 'skip', 'allow']);
  });

  it('is due never while it is paused', async () => {
    const { schedules, create } = bench();
    const { body } = await create({ ...nightly, active: false });
    assert.equal(schedules.create.firstCall.args[0].next_at, undefined);
    assert.deepEqual((body as Shown).nextTimes, []);
  });

  for (const [what, wrong, code, pointer] of [
    ['a wrong cron expression', { cron: '61 * * * *' }, 'unprocessable', '/cron'],
    ['seconds', { cron: '0 * * * * *' }, 'unprocessable', '/cron'],
    ['an unknown time zone', { timeZone: 'Europe/Berlim' }, 'unprocessable', '/timeZone'],
    ['a test that is not there', { run: { tests: ['tst_9'] } }, 'unprocessable', '/run/tests/0'],
    [
      'an environment that is not there',
      { run: { tests: ['tst_1'], environment: 'x' } },
      'unprocessable',
      '/run/environment',
    ],
    ['nothing to run', { run: {} }, 'invalid-argument', undefined],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const { schedules, create } = bench();
      await assert.rejects(create({ ...nightly, ...wrong }), (error: AppError) => {
        assert.ok(appError(code)(error));
        assert.equal(error.details[0]?.pointer, pointer);
        return true;
      });
      assert.equal(schedules.create.callCount, 0);
    });
  }

  it('is refused to who has a hundred', async () => {
    const { schedules, create } = bench();
    schedules.count.resolves(100);
    await assert.rejects(create(nightly), appError('conflict', /100 schedules/));
  });
});

describe('the contract of schedules', () => {
  it('takes what is run as runs take it', () => {
    assert.deepEqual(scheduleRequest.problems(nightly), []);
    for (const wrong of [
      { ...nightly, name: '' },
      { ...nightly, missed: 'run-all' },
      { ...nightly, run: { testz: [] } },
      { ...nightly, run: { retries: 9, tests: ['a'] } },
      { ...nightly, cronn: '' },
      { name: 'a', cron: '* * * * *' },
    ])
      assert.notDeepEqual(scheduleRequest.problems(wrong), [], JSON.stringify(wrong));
    assert.deepEqual(schedulePatch.problems({ active: false }), []);
    assert.notDeepEqual(schedulePatch.problems({}), []);
  });
});

describe('schedules', () => {
  it('are listed, all or those that are active', async () => {
    const { schedules, services } = bench();
    const { body } = await listSchedules.handle(aRequest(), services);
    assert.deepEqual(
      (body as { items: Shown[] }).items.map(({ id }) => id),
      ['sch_1'],
    );
    await listSchedules.handle(aRequest({ query: { active: 'false' } }), services);
    assert.deepEqual(
      schedules.list.args.map(([user, , active]) => [user, active]),
      [
        ['usr_1', undefined],
        ['usr_1', false],
      ],
    );
  });

  it('are paused, and go on with what comes next', async () => {
    const { patch, read } = bench([aSchedule({ next_at: new Date('2026-03-04T11:00:00Z') })]);
    assert.deepEqual((await patch({ active: false })).nextTimes, []);
    assert.equal((await read()).active, false);
    assert.equal((await patch({ active: true })).nextTimes[0], '2026-03-04T13:00:00.000Z');
  });

  it('keep their next time when something else changes, and get another by other times', async () => {
    const { patch } = bench([aSchedule({ next_at: new Date('2026-03-04T11:00:00Z') })]);
    const renamed = await patch({ name: 'b', run: { tags: ['smoke'] } });
    assert.deepEqual([renamed.nextTimes[0], renamed.run], ['2026-03-04T11:00:00.000Z', { tags: ['smoke'] }]);
    assert.equal((await patch({ cron: '0 18 * * *' })).nextTimes[0], '2026-03-04T18:00:00.000Z');
    assert.equal((await patch({ timeZone: 'America/New_York' })).nextTimes[0], '2026-03-04T23:00:00.000Z');
  });

  it('do not change when they have changed since they were read, nor into what is wrong', async () => {
    const { patch, read, schedules } = bench();
    const etag = etagOf(JSON.stringify(await read()));
    await patch({ name: 'b' }, { 'if-match': etag });
    await assert.rejects(patch({ name: 'c' }, { 'if-match': etag }), appError('precondition-failed'));
    await assert.rejects(patch({ cron: 'never' }), appError('unprocessable'));
    await assert.rejects(patch({ run: { tests: ['tst_9'] } }), appError('unprocessable'));
    assert.equal((await schedules.getOwned('sch_1', 'usr_1')).name, 'b');
  });

  it('are deleted', async () => {
    const { schedules, services } = bench();
    const reply = await deleteSchedule.handle(aRequest({ params: { id: 'sch_1' } }), services);
    assert.deepEqual([reply, schedules.delete.args.map(([id]) => id)], [{ status: 204 }, ['sch_1']]);
  });

  it('of somebody else are as if they were not there', async () => {
    const { schedules, services } = bench([aSchedule({ user_id: 'usr_2' })]);
    for (const route of [readSchedule, patchSchedule, deleteSchedule]) {
      const request = aRequest({ params: { id: 'sch_1' }, body: {} });
      await assert.rejects(route.handle(request, services), appError('not-found'));
    }
    assert.equal(schedules.delete.callCount + schedules.change.callCount, 0);
  });
});
