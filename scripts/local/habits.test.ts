import assert from 'node:assert/strict';
import { transitionCounts } from '../../shared/analytics/habits.ts';
import { testPlatform } from '../../shared/platform/testing.ts';
import { resources } from '../../shared/resources/index.ts';
import { startBigquery, type TestBigquery } from './bigquery/testing.ts';
import { provisionWarehouse } from './host/provision-http.ts';

describe('what is learned of which commands follow which', function () {
  this.timeout(120_000);
  let bigquery: TestBigquery;
  before(async () => {
    bigquery = await startBigquery();
    const place = { origin: bigquery.cloud.origin, project: 'virtuoso-local', region: 'us-central1' };
    await provisionWarehouse({ ...place, resources } as never);
    const row = (user_id: string, day: string, command: string, count: number, more = {}) => ({
      ...{ day, user_id, before_previous: '', previous: 'interact.key', command, count, ...more },
    });
    const known = { begins: true, before_previous_target: '', previous_target: 'Search' };
    const rows = [
      row('usr_1', '2026-11-20', 'interact.click', 2),
      row('usr_1', '2026-11-21', 'interact.click', 3),
      row('usr_1', '2026-11-21', 'interact.click', 7, known),
      row('usr_2', '2026-11-10', 'interact.click', 4, { ...known, previous_target: 'Find' }),
      row('usr_1', '2026-06-01', 'interact.click', 50),
      row('usr_2', '2026-11-10', 'interact.click', 10),
      row('usr_3', '2026-11-21', 'interact.key', 1),
    ];
    await bigquery.client.dataset(resources.dataset).table('command_transitions').insert(rows);
  });
  after(() => bigquery.close());

  const counts = () => {
    const clients = { bigquery: async () => bigquery.client };
    return transitionCounts.make({ ...testPlatform(), clients } as never);
  };
  const since = new Date('2026-09-01T00:00:00Z');

  it('is counted of everybody together, whatever it was done to', async () => {
    const all = await counts().ofEverybody(since);
    assert.deepEqual(
      [...all].sort((a, b) => b[3] - a[3]),
      [
        ['', 'interact.key', 'interact.click', 15, false],
        ['', 'interact.key', 'interact.click', 11, true],
        ['', 'interact.key', 'interact.key', 1, false],
      ],
    );
  });

  it('is counted of each user who was at work lately, all of their time, the most frequent first', async () => {
    const users = [];
    for await (const user of counts().ofUsers(since, new Date('2026-11-19T00:45:00Z'))) users.push(user);
    assert.deepEqual(users, [
      {
        userId: 'usr_1',
        transitions: [
          ['', 'interact.key', 'interact.click', 7, true, '', 'Search'],
          ['', 'interact.key', 'interact.click', 5, false],
        ],
      },
      { userId: 'usr_3', transitions: [['', 'interact.key', 'interact.key', 1, false]] },
    ]);
  });
});
