import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type FakeApi, startFakeApi } from './fake-api.testing.ts';
import { main } from './main.ts';
import { statisticsTable } from './statistics-table.ts';

const answer = {
  ...{ from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z', groupBy: 'test', truncated: false },
  items: [
    { key: 'tst_1', label: 'Buy a \u001b[31mpot', sessions: 1234, successRate: 0.5, p50Ms: 1500, usd: 0.000012 },
    { key: null, sessions: 2, successRate: null, p50Ms: null, usd: 3.456 },
  ],
};

describe('virtuoso stats', () => {
  let api: FakeApi;
  beforeEach(async () => {
    api = await startFakeApi();
  });
  afterEach(async () => {
    sinon.restore();
    await api.close();
  });
  const virtuoso = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const stubs = (['stdout', 'stderr'] as const).map((name) =>
      sinon.stub(process[name], 'write').callsFake((text) => {
        said[name === 'stdout' ? 'out' : 'err'] += text;
        return true;
      }),
    );
    try {
      return { code: await main(['stats', ...args, '--url', api.url, '--api-key', 'vrt_key']), ...said };
    } finally {
      for (const stub of stubs) stub.restore();
    }
  };

  it('asks what it is told to, and prints a table', async () => {
    api.script = () => ({ body: answer });
    const { code, out } = await virtuoso('cost', '--by', 'test', '--from', '2026-03-01', '--all');
    assert.equal(code, 0);
    assert.equal(api.seen[0]?.path, '/v1/analytics/cost?groupBy=test&from=2026-03-01&users=all');
    assert.deepEqual(
      out.split('\n').map((line) => line.replace(/ {2,}/g, '  ')),
      [
        'test  sessions  success rate  p50  usd',
        'Buy a  [31mpot  1,234  50.0 %  1.5 s  $0.000012',
        '(none)  2  –  –  $3.46',
        '',
        'From 2026-03-01 to 2026-03-07, UTC.',
        '',
      ],
    );
  });

  it('asks for runs when nothing is named, and prints JSON where it is wanted', async () => {
    api.script = () => ({ body: answer });
    const { out } = await virtuoso('--json');
    assert.deepEqual(JSON.parse(out), answer);
    assert.equal(api.seen[0]?.path, '/v1/analytics/runs?');
  });

  it('says in a sentence what is wrong', async () => {
    assert.match((await virtuoso('flakey')).err, /no statistic 'flakey'. Did you mean 'flaky'\?/);
    assert.match((await virtuoso('runs', 'cost')).err, /Name one statistic/);
    const errors = [{ pointer: '/groupBy', message: 'must be one of day' }];
    api.script = () => ({ status: 400, body: { detail: 'The query is not valid.', errors } });
    const { code, err } = await virtuoso('runs', '--by', 'x');
    assert.equal(code, 2);
    assert.match(err, /The query is not valid.\n {2}\/groupBy: must be one of day/);
  });
});

describe('the table of a statistic', () => {
  it('says that there is nothing, that there is more, and of what day the prices are', () => {
    assert.equal(
      statisticsTable({ ...answer, items: [] }, { colour: false }),
      'Nothing was recorded from 2026-03-01 to 2026-03-07, UTC.\n',
    );
    const told = statisticsTable(
      { ...answer, truncated: true, prices: { date: '2025-10-30', region: 'us-central1' } },
      { colour: false },
    );
    assert.match(told, /There are more groups: .*List prices of us-central1 on 2025-10-30/);
  });
});
