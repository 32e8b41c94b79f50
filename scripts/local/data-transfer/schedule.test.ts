import assert from 'node:assert/strict';
import { parseSchedule, timesOf } from './schedule.ts';
import { tableName } from './table-template.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const FROM = '2026-01-14T10:20'; // A Wednesday.

/** The first times from FROM on, without seconds. */
function first(text: string, count: number, anchor = FROM): string[] {
  const schedule = parseSchedule(text);
  const times: string[] = [];
  for (let from = at(FROM); times.length < count; ) {
    const next = schedule.next(from, at(anchor)) ?? assert.fail(`"${text}" has no time after ${times.at(-1)}`);
    times.push(new Date(next).toISOString().slice(0, 16));
    from = next + 1;
  }
  return times;
}

describe('the schedule of a query', () => {
  const schedules: Record<string, string[]> = {
    'every 24 hours': ['2026-01-14T10:20', '2026-01-15T10:20'],
    'every 90 minutes': ['2026-01-14T10:20', '2026-01-14T11:50'],
    'every 5 mins': ['2026-01-14T10:20', '2026-01-14T10:25'],
    'every 1 hour': ['2026-01-14T10:20', '2026-01-14T11:20'],
    'every 6 hours synchronized': ['2026-01-14T12:00', '2026-01-14T18:00', '2026-01-15T00:00'],
    'every 2 hours from 07:30 to 11:30': ['2026-01-14T11:30', '2026-01-15T07:30', '2026-01-15T09:30'],
    'every 4 hours from 22:00 to 04:00': ['2026-01-14T22:00', '2026-01-15T02:00', '2026-01-15T22:00'],
    'every day 06:00': ['2026-01-15T06:00', '2026-01-16T06:00'],
    'every day 10:20': ['2026-01-14T10:20', '2026-01-15T10:20'],
    'every day': ['2026-01-15T00:00', '2026-01-16T00:00'],
    'every monday 09:00': ['2026-01-19T09:00', '2026-01-26T09:00'],
    'Every  Mon, WED 09:00': ['2026-01-19T09:00', '2026-01-21T09:00', '2026-01-26T09:00'],
    'every wed,fri of jan,jun 13:15': ['2026-01-14T13:15', '2026-01-16T13:15', '2026-01-21T13:15'],
    '1 of month 00:00': ['2026-02-01T00:00', '2026-03-01T00:00'],
    '1,15 of month 09:30': ['2026-01-15T09:30', '2026-02-01T09:30', '2026-02-15T09:30'],
    '31 of month 00:00': ['2026-01-31T00:00', '2026-03-31T00:00'],
    '29 of february 00:00': ['2028-02-29T00:00', '2032-02-29T00:00'],
    'first sunday of month': ['2026-02-01T00:00', '2026-03-01T00:00'],
    'first sunday of quarter 00:00': ['2026-04-05T00:00', '2026-07-05T00:00'],
    '1st,3rd monday of month 15:30': ['2026-01-19T15:30', '2026-02-02T15:30', '2026-02-16T15:30'],
    'second,fifth thursday of month 05:00': ['2026-01-29T05:00', '2026-02-12T05:00', '2026-03-12T05:00'],
    '2nd,third mon,wed,thu of march 17:00': ['2026-03-09T17:00', '2026-03-11T17:00', '2026-03-12T17:00'],
    'first day of month 01:00': ['2026-02-01T01:00', '2026-03-01T01:00'],
  };
  for (const [text, times] of Object.entries(schedules))
    it(`"${text}" is understood`, () => assert.deepEqual(first(text, times.length), times));

  it('has all times of a range, its end left out', () => {
    const times = [...timesOf(parseSchedule('every day 06:00'), at('2026-01-01T06:00'), at('2026-01-03T06:00'), 0)];
    assert.deepEqual(times, [at('2026-01-01T06:00'), at('2026-01-02T06:00')]);
    assert.equal(parseSchedule('30 of february 00:00').next(at(FROM), 0), undefined);
  });

  it('counts an interval from its start, also back', () => {
    assert.deepEqual(first('every 6 hours', 2, '2026-01-20T03:00'), ['2026-01-14T15:00', '2026-01-14T21:00']);
  });

  for (const text of [
    ...['', 'daily', 'every', 'every 4 minutes', 'every 0 hours', 'every 7 hours synchronized', 'every 2 days'],
    ...['every day 24:00', 'every day 6', 'every someday 09:00', '0 of month 00:00', '32 of month 00:00', '1 09:00'],
    ...['sixth monday of month 09:00', 'first monday of year 09:00', '0 6 * * *', 'every 2 hours from 25:00 to 26:00'],
  ])
    it(`"${text}" is refused`, () => assert.throws(() => parseSchedule(text), { code: 3, message: /schedule/i }));
});

describe('the template of a table name', () => {
  const midnight = at('2018-02-15T00:00');
  const names: Record<string, string> = {
    mytable: 'mytable',
    'mytable_{run_date}': 'mytable_20180215',
    'mytable_{run_time|"%Y%m%d"}': 'mytable_20180215',
    'mytable_{run_time+25h|"%Y%m%d"}': 'mytable_20180216',
    'mytable_{run_time-1h|"%Y%m%d"}': 'mytable_20180214',
    'mytable_{run_time+1.5h|"%Y%m%d%H"}': 'mytable_2018021501',
    'mytable_{run_time+90m|"%Y%m%d%H"}': 'mytable_2018021501',
    '{run_time+97s|"%Y%m%d"}_mytable_{run_time+97s|"%H%M%S"}': '20180215_mytable_000137',
    '{run_time|"%b_%B_%a_%A_%j_%y_%F_%%"}': 'Feb_February_Thu_Thursday_046_18_2018-02-15_%',
    'a\\{b\\}{run_time|"\\"%Y\\|"}': 'a{b}"2018|',
  };
  for (const [template, name] of Object.entries(names))
    it(`${template} is ${name}`, () => assert.equal(tableName(template, midnight), name));

  for (const template of ['a{', '{now}', '{run_time}', '{run_time|%Y}', '{run_time+1d|"%Y"}', '{run_time|"%Q"}'])
    it(`${template} is refused`, () => assert.throws(() => tableName(template, midnight), { code: 3 }));
});
