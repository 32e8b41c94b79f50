import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { CreateService } from '../../plumbing/service.ts';
import { startBigquery, type TestBigquery } from '../testing.ts';
import { supportedMarkdown } from './documentation.ts';
import { ORDERS, STATEMENT_EXAMPLES } from './examples.ts';
import { supportedSql } from './supported.ts';

/** Takes every object, and has none. */
const depot: CreateService = () => ({
  name: 'depot',
  async http(_request, response, { pathname }) {
    if (!pathname.includes('/storage/v1/')) return false;
    response.writeHead(pathname.startsWith('/upload/') ? 200 : 404).end('{}');
    return true;
  },
});

describe('the SQL that is supported', function () {
  this.timeout(30_000);
  let bigquery: TestBigquery;
  before(async () => {
    bigquery = await startBigquery(undefined, [depot]);
    await bigquery.client.createDataset('shop');
    await bigquery.rows(ORDERS);
  });
  after(async () => await bigquery.close());

  for (const { title, entries } of supportedSql())
    for (const { name, example } of entries)
      it(`${title}: ${name} runs`, async () => {
        const rows = await bigquery.rows(example);
        if (example.startsWith('SELECT SAFE.')) assert.deepEqual(Object.values(rows[0] ?? {}), [null]);
      });

  for (const [kind, statement] of Object.entries(STATEMENT_EXAMPLES))
    it(`is a ${kind} for the job that runs it`, async () => {
      const [job] = await bigquery.client.createQueryJob({ query: statement, dryRun: true });
      assert.equal(job.metadata.statistics.query.statementType, kind);
    });

  it('is what the page says', async () => {
    const page = await readFile(new URL('../SUPPORTED_SQL.md', import.meta.url), 'utf8');
    assert.equal(page, supportedMarkdown());
  });

  it('has no two forms of one name in a section, and no table that is broken by a bar', () => {
    for (const { title, entries } of supportedSql()) {
      const names = entries.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, title);
    }
    for (const line of supportedMarkdown()
      .split('\n')
      .filter((each) => each.startsWith('| ')))
      assert.equal(line.split(/(?<!\\)\|/).length, 4, line);
  });
});
