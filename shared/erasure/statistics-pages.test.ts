import assert from 'node:assert/strict';
import sinon from 'sinon';
import { testPlatform } from '../platform/testing.ts';
import { showing } from '../reports/statistics-object.ts';
import { deleteStatistics } from './statistics-pages.ts';

describe('the reports of statistics that show an erased user', () => {
  const week = 'statistics/weekly_performance/2026-02-23.html';
  const month = 'statistics/monthly_usage/2026-02-01.html';

  function bench(...left: [name: string, metadata?: object][]) {
    const done: string[] = [];
    const gone = new Set<string>();
    const bucket = sinon.stub().returns({
      getFiles: async ({ prefix }: { prefix: string }) => [
        left
          .map(([name, metadata]) => ({
            ...{ name, metadata: { metadata } },
            async delete() {
              if (gone.has(name)) throw Object.assign(new Error('No such object'), { code: 404 });
              done.push(`deleted ${name}`);
            },
          }))
          .filter(({ name }) => name.startsWith(prefix)),
      ],
      file: (name: string) => ({ save: async () => void done.push(`asked for ${name}`) }),
    });
    const platform = testPlatform({
      environment: { BUCKET_PREFIX: 'acme-' },
      clients: { storage: async () => ({ bucket }) },
    });
    return { bucket, done, gone, run: () => deleteStatistics('usr_1', platform) };
  }

  it('are deleted, and asked for anew before they are; others stay', async () => {
    const { bucket, done, run } = bench(
      [week, showing(['usr_2', 'usr_1', 'usr_1'])],
      [month, showing(['usr_10', 'usr_2'])],
      ['statistics/monthly_usage/2026-01-01.html', showing([])],
      ['statistics/due/monthly_usage/2025-12-01.html'],
      ['run_1/index.html'],
    );
    assert.equal(await run(), 1);
    assert.deepEqual(done, ['asked for statistics/due/weekly_performance/2026-02-23.html', `deleted ${week}`]);
    assert.deepEqual(bucket.args.flat(), ['acme-virtuoso-reports']);
  });

  it('are also those that do not say whom they show', async () => {
    const { done, run } = bench([week], [month, {}]);
    assert.equal(await run(), 2);
    assert.equal(done.length, 4);
  });

  it('are counted once, whoever deletes them', async () => {
    const { gone, run } = bench([week]);
    gone.add(week);
    assert.equal(await run(), 0);
  });
});
