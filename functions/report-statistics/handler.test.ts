import assert from 'node:assert/strict';
import sinon from 'sinon';
import { AppError } from '../../shared/platform/errors.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { lastMonth, lastWeek, reportStatistics } from './handler.ts';

describe('report-statistics', () => {
  function bench() {
    const week = { total: { requests: 0, errors: 0, p95: null }, before: undefined };
    const data = {
      week: sinon.stub().callsFake(async (monday) => ({
        ...{ ...week, week: monday, days: [], routes: [], cost: [] },
        flaky: [{ user: 'usr_1', name: 'Buy', sessions: 2, notPassed: 1 }],
        slow: ['usr_1', 'usr_2'].map((user) => ({
          user,
          test: 'Buy',
          checkpoint: 'Pay',
          command: 'x',
          p95: 1,
          slowerBy: null,
        })),
      })),
      month: sinon.stub().callsFake(async (month) => ({ month, days: [], months: [], users: [], cost: [] })),
    };
    const stored = new Map<string, string>();
    const shown = new Map<string, object>();
    const reports = {
      stat: sinon.stub().callsFake(async (name) => {
        if (!stored.has(name)) throw new AppError('not-found', name);
        return { name };
      }),
      put: sinon.stub().callsFake(async (name, body, { metadata }) => {
        stored.set(name, body);
        shown.set(name, metadata);
      }),
      list: sinon.stub().callsFake(async (prefix) => [...stored.keys()].filter((name) => name.startsWith(prefix))),
      delete: sinon.stub().callsFake(async (name) => void stored.delete(name)),
    };
    const platform = testPlatform();
    return {
      data,
      stored,
      shown,
      platform,
      run: () => reportStatistics({}, withBase({ data, reports } as never, platform) as never),
    };
  }

  it('writes the last whole week and month, once', async () => {
    const { data, stored, platform, run } = bench();
    await run();
    assert.deepEqual(
      [...stored.keys()],
      ['statistics/weekly_performance/2026-02-23.html', 'statistics/monthly_usage/2026-02-01.html'],
    );
    for (const html of stored.values()) assert.match(html, /^<!doctype html>[\s\S]*<\/html>\n$/);
    await run();
    assert.deepEqual([data.week.callCount, data.month.callCount], [1, 1]);
    platform.clock.time += 5 * 86_400_000;
    await run();
    assert.deepEqual([data.week.callCount, data.month.callCount], [2, 1]);
  });

  it('notes whose data a page shows', async () => {
    const { shown, run } = bench();
    await run();
    assert.deepEqual([...shown.values()], [{ shows: 'usr_1 usr_2' }, { shows: '' }]);
  });

  it('writes anew what it is asked for', async () => {
    const { data, stored, run } = bench();
    const page = 'statistics/monthly_usage/2025-11-01.html';
    for (const name of [page.replace('statistics/', 'statistics/due/'), 'statistics/due/other']) stored.set(name, '');
    stored.set(page, 'older');
    await run();
    assert.match(stored.get(page) ?? '', /November 2025/);
    assert.deepEqual(data.month.args.flat(), ['2025-11-01', '2026-02-01']);
    assert.deepEqual(
      [...stored.keys()].filter((name) => name.includes('due')),
      [],
    );
  });

  it('knows when weeks and months are over', () => {
    const at = (time: string) => [lastWeek(Date.parse(time)), lastMonth(Date.parse(time))];
    assert.deepEqual(at('2026-03-08T23:59:59.999Z'), ['2026-02-23', '2026-02-01']);
    assert.deepEqual(at('2026-03-09T00:00:00Z'), ['2026-03-02', '2026-02-01']);
    assert.deepEqual(at('2026-01-01T00:00:00Z'), ['2025-12-22', '2025-12-01']);
  });
});
