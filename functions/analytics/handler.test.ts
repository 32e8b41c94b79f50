import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type StatisticName, statistics } from '../../schemas/statistics.ts';
import { type Question, statementOf } from '../../shared/analytics/statistics.ts';
import { priceList } from '../../shared/cost/prices.ts';
import { sessionCost } from '../../shared/cost/session-cost.ts';
import { createApp } from '../../shared/http/app.ts';
import { unlimited } from '../../shared/http/bench.testing.ts';
import { allScopes, scopesOfRole } from '../../shared/http/scopes.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { statisticRoutes } from './handler.ts';

const names = Object.keys(statistics) as StatisticName[];

function bench({ scopes = allScopes as readonly string[], rows = [] as object[] } = {}) {
  const platform = testPlatform();
  const ask = sinon.stub<[Question], Promise<object>>().resolves({ rows, bytesProcessed: 10, cached: false });
  const app = createApp({
    ...{ name: 'analytics', routes: statisticRoutes as never, platform, limiter: unlimited },
    services: withBase({ questions: { ask } } as never, platform) as never,
    authenticate: async () => ({ userId: 'usr_1', scopes, keyHash: 'h' }),
    recorder: { record: () => {}, flush: async () => {} },
    idempotency: { once: async (_request, work) => ({ reply: await work(), again: false }) },
  });
  const get = async (name: string, query: Record<string, string> = {}) => {
    const response = await app.request(`/v1/analytics/${name}?${new URLSearchParams(query)}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ask, get };
}

describe('statistics', () => {
  it('are of your own rows and the last seven days, when nothing is said', async () => {
    const { ask, get } = bench();
    const { status, body } = await get('commands');
    assert.equal(status, 200);
    assert.deepEqual(ask.firstCall.args, [
      {
        ...{ statistic: 'commands', groupBy: 'command', userId: 'usr_1' },
        ...{ from: new Date('2026-02-26'), to: new Date('2026-03-05') },
      },
    ]);
    assert.deepEqual([body.from, body.to], ['2026-02-26T00:00:00.000Z', '2026-03-05T00:00:00.000Z']);
  });

  it('take days, of which the last counts whole, and times in any zone', async () => {
    const { ask, get } = bench();
    await get('runs', { from: '2026-01-01', to: '2026-01-31' });
    await get('runs', { from: '2026-01-01T00:00:00+02:00', to: '2026-01-01T12:00:00.500Z' });
    assert.deepEqual(
      ask.args.map(([{ from, to }]) => [from.toISOString(), to.toISOString()]),
      [
        ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
        ['2025-12-31T22:00:00.000Z', '2026-01-01T12:00:00.500Z'],
      ],
    );
  });

  it('of everybody are for administrators', async () => {
    const admin = bench();
    assert.equal((await admin.get('activity', { users: 'all' })).status, 200);
    assert.equal(admin.ask.firstCall.args[0].userId, undefined);
    const viewer = bench({ scopes: scopesOfRole.viewer });
    assert.equal((await viewer.get('activity')).status, 200);
    assert.equal((await viewer.get('activity', { users: 'all' })).status, 403);
    assert.equal(viewer.ask.callCount, 1);
  });

  it('show what the warehouse says, and whether there is more', async () => {
    const rows = [
      { key: 'tst_1', label: 'Buy', sessions: 2 },
      { key: null, label: null, sessions: 1 },
    ];
    const { body } = await bench({ rows }).get('runs', { groupBy: 'test' });
    assert.deepEqual(body.items, [
      { key: 'tst_1', label: 'Buy', sessions: 2 },
      { key: null, sessions: 1 },
    ]);
    assert.deepEqual([body.truncated, body.bytesProcessed, body.cached, body.groupBy], [false, 10, false, 'test']);
    const many = await bench({ rows: Array.from({ length: 1001 }, (_, n) => ({ key: String(n) })) }).get('runs');
    assert.deepEqual([(many.body.items as unknown[]).length, many.body.truncated], [1000, true]);
  });

  it('of cost tell the day of the prices, and the services apart', async () => {
    const rows = [{ key: '', sessions: 4, gbSeconds: 100, operations: 50, usd: 1 }];
    const { body } = await bench({ rows }).get('cost', { groupBy: 'service' });
    assert.deepEqual(body.prices, priceList);
    const items = body.items as { key: string; usd: number }[];
    assert.deepEqual(
      items.map(({ key }) => key),
      ['Cloud Run processor', 'Cloud Run memory', 'Firestore'],
    );
    const total = items.reduce((sum, { usd }) => sum + usd, 0);
    assert.ok(Math.abs(total - sessionCost({ gibSeconds: 100, operations: 50 }).total) < 1e-12);
  });
});

describe('what is sent to be more than a value', () => {
  const attacks = [
    "2026-01-01' OR '1'='1",
    '2026-01-01; DROP TABLE analytics.test_runs; --',
    'day`, (SELECT STRING_AGG(user_id) FROM analytics.user_activity) AS `x',
    'day) --',
    'user_id = user_id',
    '@user',
    '`key`',
    '__proto__',
    'constructor',
    'toString',
    'DAY',
    'day,command',
    '2026-01-01/**/',
    '\u0000',
    '%27',
    '',
    '9'.repeat(5000),
  ];

  for (const name of names) {
    for (const parameter of ['from', 'to', 'groupBy', 'users']) {
      it(`as ${parameter} of ${name} is refused before anything is asked`, async () => {
        const { ask, get } = bench();
        for (const attack of attacks) {
          const { status, body } = await get(name, { [parameter]: attack });
          assert.equal(status, 400, `${parameter}=${attack.slice(0, 40)}`);
          assert.match(JSON.stringify(body.errors), new RegExp(`"/${parameter}"`), attack.slice(0, 40));
        }
        assert.equal(ask.callCount, 0);
      });
    }
  }

  it('is refused as a parameter that there is not, or twice', async () => {
    const { ask, get } = bench();
    for (const name of ['userId', 'user', 'sql', 'table', 'limit', 'orderBy', 'groupBy[]'])
      assert.equal((await get('commands', { [name]: 'usr_2' })).status, 400, name);
    assert.equal((await get('commands&groupBy=day', {})).status, 404);
    assert.equal(ask.callCount, 0);
  });

  it('cannot be a range without an end, without a beginning, backwards, or without a measure', async () => {
    const { ask, get } = bench();
    for (const [from, to] of [
      ['2026-02-01', '2026-01-01'],
      ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
      ['2024-01-01', '2026-01-01'],
      ['0001-01-01', '9999-12-31'],
      ['2026-02-30', '2026-03-01'],
      ['2026-01-01T25:00:00Z', '2026-03-01'],
    ])
      assert.equal((await get('commands', { from: from ?? '', to: to ?? '' })).status, 400, `${from} to ${to}`);
    assert.equal((await get('commands', { from: '2199-01-01' })).status, 400);
    assert.equal(ask.callCount, 0);
  });

  it('is in no statement: those are the same whatever the values are', () => {
    const question = { from: new Date(0), to: new Date(1), userId: "' OR 1=1" };
    for (const name of names)
      for (const groupBy of statistics[name].groupings) {
        const sql = statementOf({ ...question, statistic: name, groupBy });
        assert.ok(sql.includes('user_id = @user') && sql.includes('@from') && sql.includes('@to'), sql);
        assert.ok(!sql.includes('OR 1=1') && !sql.includes(';'), sql);
      }
    assert.throws(() => statementOf({ ...question, statistic: 'runs', groupBy: 'toString' as never }), /grouping/);
  });
});
