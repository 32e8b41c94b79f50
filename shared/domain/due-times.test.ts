import assert from 'node:assert/strict';
import type { ScheduleEntity } from '../../schemas/schedules.ts';
import { dueOf } from './due-times.ts';

const noon = new Date('2026-03-04T12:00:00Z');
const aSchedule = (given: Partial<ScheduleEntity> = {}): ScheduleEntity => ({
  ...{ id: 'sch_1', user_id: 'usr_1', name: 'Every hour', created_at: noon, updated_at: noon },
  ...{ cron: '0 * * * *', time_zone: 'Etc/UTC', run: { tests: ['tst_1'] } },
  ...{ active: true, missed: 'skip', overlap: 'allow', next_at: noon },
  ...given,
});
const at = (time: string) => new Date(`2026-03-04T${time}Z`);

describe('what is due of a schedule', () => {
  const due = (given: Partial<ScheduleEntity>, now: string, busy = false) => {
    const { start, skipped, next } = dueOf(aSchedule(given), at(now), busy);
    const short = (time: Date | undefined) => time?.toISOString().slice(11, 16);
    return [start.map(short), skipped && `${short(skipped.due_at)} ${skipped.reason}`, short(next)];
  };
  const everyMinute = { cron: '* * * * *' };

  it('is nothing before its time, or while it is paused', () => {
    assert.deepEqual(due({}, '11:59:59'), [[], undefined, '12:00']);
    assert.deepEqual(due({ active: false }, '12:30:00'), [[], undefined, '12:00']);
    assert.deepEqual(dueOf({ ...aSchedule(), next_at: undefined } as never, at('12:00:00'), false).start, []);
  });

  it('is its time, at that and some minutes later', () => {
    for (const now of ['12:00:00', '12:00:31', '12:05:00'])
      assert.deepEqual(due({}, now), [['12:00'], undefined, '13:00']);
  });

  it('is each time of the last minutes', () => {
    const expected = [['12:00', '12:01', '12:02'], undefined, '12:03'];
    assert.deepEqual(due(everyMinute, '12:02:30'), expected);
  });

  it('is nothing of what was missed where that is skipped', () => {
    assert.deepEqual(due({}, '12:05:01'), [[], '12:00 missed', '13:00']);
    assert.deepEqual(due({}, '15:30:00'), [[], '12:00 missed', '16:00']);
    assert.deepEqual(due({}, '15:02:00'), [['15:00'], '12:00 missed', '16:00']);
  });

  it('is one time for all that were missed where that is wanted, and none where one comes in time', () => {
    const once = { missed: 'run-once' } as const;
    assert.deepEqual(due(once, '15:30:00'), [['12:00'], undefined, '16:00']);
    assert.deepEqual(due(once, '15:02:00'), [['15:00'], '12:00 missed', '16:00']);
  });

  it('is skipped while the run before runs, where overlapping is not wanted', () => {
    const skip = { overlap: 'skip' } as const;
    assert.deepEqual(due(skip, '12:00:10', true), [[], '12:00 overlap', '13:00']);
    assert.deepEqual(due(skip, '12:00:10', false), [['12:00'], undefined, '13:00']);
    assert.deepEqual(due({}, '12:00:10', true), [['12:00'], undefined, '13:00']);
    assert.deepEqual(due({ ...skip, missed: 'run-once' }, '12:30:00', true), [[], '12:00 overlap', '13:00']);
    assert.deepEqual(due({ ...skip, ...everyMinute }, '12:02:30'), [['12:00'], '12:02 overlap', '12:03']);
  });

  it('goes over the change of the clocks without a time too many or too few', () => {
    const berlin = { time_zone: 'Europe/Berlin', cron: '30 2 * * *', missed: 'run-once' } as const;
    const starts = (from: string, to: string) => {
      let schedule = aSchedule({ ...berlin, next_at: new Date(from) });
      const started: string[] = [];
      for (let now = Date.parse(from); now < Date.parse(to); now += 60_000) {
        const { start, next } = dueOf(schedule, new Date(now + 7_000), false);
        started.push(...start.map((time) => time.toISOString().slice(0, 16)));
        if (next) schedule = { ...schedule, next_at: next };
      }
      return started;
    };
    assert.deepEqual(starts('2026-03-28T01:30:00Z', '2026-03-30T12:00:00Z'), [
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    assert.deepEqual(starts('2026-10-24T00:30:00Z', '2026-10-26T12:00:00Z'), [
      '2026-10-24T00:30',
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });
});
