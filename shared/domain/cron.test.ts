import assert from 'node:assert/strict';
import type { AppError } from '../platform/errors.ts';
import { checkRecurrence, nextTime, timesAfter } from './cron.ts';

const times = (cron: string, time_zone: string, after: string, most = 4) =>
  timesAfter({ cron, time_zone }, new Date(after), most).map((time) => time.toISOString().replace(':00.000Z', 'Z'));

describe('a cron expression', () => {
  it('is due in its time zone, after the moment and never at it', () => {
    assert.deepEqual(times('0 9 * * 1-5', 'Asia/Kolkata', '2026-03-06T03:30:00Z', 2), [
      '2026-03-09T03:30Z',
      '2026-03-10T03:30Z',
    ]);
    assert.deepEqual(times('*/20 * * * *', 'Etc/UTC', '2026-03-04T12:00:00Z', 2), [
      '2026-03-04T12:20Z',
      '2026-03-04T12:40Z',
    ]);
    assert.deepEqual(times('@daily', 'America/New_York', '2026-01-01T12:00:00Z', 1), ['2026-01-02T05:00Z']);
    assert.deepEqual(times('0 9 13 * 5', 'Etc/UTC', '2026-03-10T00:00:00Z', 2), [
      '2026-03-13T09:00Z',
      '2026-03-20T09:00Z',
    ]);
  });

  it('of a fixed time that is left out in spring is due right after the gap', () => {
    assert.deepEqual(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3), [
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
    assert.deepEqual(times('15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T20:00:00Z', 2), [
      '2026-10-03T15:30Z',
      '2026-10-04T15:15Z',
    ]);
    assert.deepEqual(times('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00:00Z', 2), [
      '2018-11-04T03:00Z',
      '2018-11-05T02:00Z',
    ]);
  });

  it('of fixed times that come twice in autumn is due the first time', () => {
    assert.deepEqual(times('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2), [
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
    assert.deepEqual(times('30 2,14 * * *', 'Europe/Berlin', '2026-10-24T13:00:00Z', 3), [
      '2026-10-25T00:30Z',
      '2026-10-25T13:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  it('of every hour or every half hour is due as often as they come', () => {
    assert.deepEqual(times('0 * * * *', 'Europe/Berlin', '2026-03-28T23:30:00Z', 3), [
      '2026-03-29T00:00Z',
      '2026-03-29T01:00Z',
      '2026-03-29T02:00Z',
    ]);
    assert.deepEqual(times('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:50:00Z'), [
      '2026-10-25T00:00Z',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30Z',
    ]);
  });

  it('of a leap day is due in leap years', () => {
    assert.equal(
      nextTime({ cron: '0 9 29 2 *', time_zone: 'Etc/UTC' }, new Date('2026-01-01'))?.getUTCFullYear(),
      2028,
    );
  });

  const wrong: readonly [string, string, string, RegExp, string][] = [
    ['a field out of range', '61 * * * *', 'Etc/UTC', /'61 \* \* \* \*' is no cron expression: .*minute: 61/, '/cron'],
    ['something else', 'every day', 'Etc/UTC', /has 2 of the five fields/, '/cron'],
    ['a name of nothing', '0 9 * * FRY', 'Etc/UTC', /is no cron expression/, '/cron'],
    ['a nickname that is none', '@nightly', 'Etc/UTC', /is no cron expression/, '/cron'],
    ['a moment', '2026-01-05T00:00:00', 'Etc/UTC', /has 1 of the five fields/, '/cron'],
    ['seconds', '*/10 * * * * *', 'Etc/UTC', /6 fields; nothing is started more often than once a minute/, '/cron'],
    ['a day that never comes', '0 0 30 2 *', 'Etc/UTC', /never due/, '/cron'],
    ['a zone that is misspelled', '0 9 * * *', 'Europe/Berlim', /did you mean 'Europe\/Berlin'\?$/, '/timeZone'],
    ['an offset', '0 9 * * *', '+02:00', /no time zone '\+02:00'/, '/timeZone'],
  ];
  for (const [what, cron, time_zone, message, pointer] of wrong) {
    it(`with ${what} is refused in words`, () => {
      assert.throws(
        () => checkRecurrence({ cron, time_zone }, new Date('2026-03-04T12:00:00Z')),
        (error: AppError) => {
          assert.equal(error.code, 'unprocessable');
          assert.match(error.message, message);
          assert.equal(error.details[0]?.pointer, pointer);
          return true;
        },
      );
    });
  }
});
