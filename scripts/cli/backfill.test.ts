import assert from 'node:assert/strict';
import sinon from 'sinon';
import { googleClients } from '../chain/clients.ts';
import { type LocalCloud, startCloud } from '../local/cloud.ts';
import { runDates } from './backfill.ts';
import { main } from './main.ts';

describe('virtuoso backfill', function () {
  this.timeout(120_000);
  let cloud: LocalCloud;
  before(async () => {
    cloud = await startCloud({ functions: [] });
  });
  after(() => cloud.close());
  const virtuoso = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const stubs = (['stdout', 'stderr'] as const).map((name) =>
      sinon.stub(process[name], 'write').callsFake((text) => {
        said[name === 'stdout' ? 'out' : 'err'] += text;
        return true;
      }),
    );
    try {
      return { code: await main(['backfill', ...args]), ...said };
    } finally {
      for (const stub of stubs) stub.restore();
    }
  };

  it('runs a query for every day of a range, whenever that was', async () => {
    const google = googleClients(cloud);
    const rows = async (sql: string) => (await google.bigquery.query(sql))[0];
    const row = (n: number, time: string) => `('${n}', TIMESTAMP '${time}', 'usr_1', 'wait.time', 'passed', 5)`;
    const made = [row(1, '2026-03-01 23:59:59'), row(2, '2026-03-02 00:00:00'), row(3, '2026-03-04 12:00:00')];
    await rows(
      `INSERT INTO analytics.command_executions (event_id, executed_at, user_id, command, status, duration_ms) VALUES ${made.join(', ')}`,
    );
    const range = ['--from', '2026-03-01', '--to', '2026-03-04', '--cloud', cloud.origin];
    const { code, out } = await virtuoso('daily_command_stats', ...range);
    assert.equal(code, 0);
    assert.match(out, /^2026-03-02 {2}SUCCEEDED\n2026-03-03 {2}SUCCEEDED\n2026-03-04 .*\n2026-03-05 {2}SUCCEEDED\n$/);
    const found = await rows('SELECT CAST(day AS STRING) AS day FROM analytics.daily_command_stats ORDER BY day');
    assert.deepEqual(
      found.map(({ day }) => day),
      ['2026-03-01', '2026-03-02', '2026-03-04'],
    );
    const told = await virtuoso(
      'monthly_usage',
      '--from',
      '2026-03-05',
      '--to',
      '2026-03-06',
      '--json',
      ...range.slice(4),
    );
    assert.deepEqual(JSON.parse(told.out), [{ query: 'monthly_usage', date: '2026-04-01', state: 'SUCCEEDED' }]);
    await google.close();
  });

  it('says in a sentence what is wrong', async () => {
    for (const [args, words] of [
      [['daily'], /Name one scheduled query: daily_command_stats, /],
      [['weekly_cost'], /Give the first day: --from/],
      [['weekly_cost', '--from', '2026-02-30'], /'--from 2026-02-30' must be a day/],
      [['weekly_cost', '--from', '2026-03-02', '--to', '2026-03-01'], /is after/],
      [['monthly_usage', '--from', '2026-03-01', '--to', '2999-12-05'], /At most 400/],
      [['monthly_usage', '--from', '2999-12-01', '--to', '2999-12-05'], /month of .* is not over before 3000-01-01/],
      [['weekly_cost', '--from', '2026-03-01', '--to', '2026-03-02', '--cloud', 'x'], /--cloud is an address/],
    ] as const) {
      const { code, err } = await virtuoso(...args);
      assert.deepEqual([code, words.test(err)], [2, true], err);
    }
  });
});

describe('the dates of runs', () => {
  it('are the days after what they are of', () => {
    assert.deepEqual(runDates('day', '2024-02-28', '2024-02-29'), ['2024-02-29', '2024-03-01']);
    // A Sunday, and the Monday after it.
    assert.deepEqual(runDates('week', '2026-03-08', '2026-03-09'), ['2026-03-09', '2026-03-16']);
    assert.deepEqual(runDates('month', '2025-12-31', '2026-01-01'), ['2026-01-01', '2026-02-01']);
    assert.throws(() => runDates('day', '2020-01-01', '2026-01-01'), /At most 400/);
  });
});
