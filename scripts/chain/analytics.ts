import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { sessionCost } from '../../shared/cost/session-cost.ts';
import { resources } from '../../shared/resources/index.ts';
import { readScheduledQueries } from '../deploy/scheduled-queries.ts';
import { type PageServer, pageOf, startPages } from './page-server.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';
import { temporaryFolder } from './temporary.ts';
import { rowDifferences } from './warehouse-rows.ts';

const TEST = `
name: '=Counted'
config: { timeout: 1000, retries: 1 }
data: [{ page: good }, { page: bad }]
checkpoints:
  - name: Look
    steps:
      - navigate: /{{page}}
      - assert: Ready
  - name: Look again
    steps:
      - assert: Ready
`;

interface Offered {
  readonly command: string;
  readonly probability: number;
  readonly steps?: readonly { readonly step: { readonly command: string } }[];
}

/** What a run was, asked of the warehouse by the API. */
export function analytics(suite: () => SuiteCloud): void {
  const temporary = temporaryFolder();
  let pages: PageServer;
  let run: string;
  let test: string;

  before(async () => {
    const form = '<label>Name <input></label><button>Save</button><button>Help</button><a href="/good">Away</a>';
    pages = await startPages({
      '/good': () => pageOf('<p>Ready</p>'),
      '/bad': () => pageOf('<p>Not yet</p>'),
      '/form': () => pageOf(form),
    });
    const { upload, start, ended, cloud } = suite();
    test = await upload('counted.yaml', TEST);
    run = (await start([test], { baseUrl: pages.origin })).id;
    assert.equal((await ended(run)).status, 'failed');
    await cloud.settle();
    assert.equal(await cloud.runSchedule('ingest-analytics'), 204);
  });
  after(async () => {
    await pages?.close();
    temporary.remove();
  });

  const ask = async (question: string) => {
    const { status, body } = await suite().call('GET', `/v1/analytics/${question}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body as { items: Record<string, unknown>[]; cached: boolean; bytesProcessed: number };
  };

  it('has rows that say what the documents of the run say, column by column', async () => {
    assert.deepEqual(await rowDifferences(suite(), run), []);
    const [{ steps } = {}] = await suite().rows(
      `SELECT COUNT(*) AS steps FROM analytics.command_executions_once WHERE run_id = '${run}'`,
    );
    assert.ok(Number(steps) >= 9, `${steps} steps`);
  });

  it('is told by every statistic', async () => {
    const sessions = await suite().sessionsOf(run);
    const counted = (await ask('runs?groupBy=test')).items.find(({ key }) => key === test);
    assert.equal(counted?.label, '=Counted');
    assert.deepEqual([counted?.sessions, counted?.passed], [sessions.length, 1]);
    const cost = (await ask('cost?groupBy=run')).items.find(({ key }) => key === run);
    const sum = (field: 'gb_seconds' | 'billable_operations') =>
      sessions.reduce((total, session) => total + (session[field] ?? 0), 0);
    const { total } = sessionCost({ gibSeconds: sum('gb_seconds'), operations: sum('billable_operations') });
    assert.ok(total > 0 && Math.abs(Number(cost?.usd) / total - 1) < 1e-9, `${cost?.usd} is not ${total}`);
    const performance = (await ask('performance')).items.find(({ key }) => key === 'POST /v1/runs');
    assert.ok(Number(performance?.requests) >= 1);
    const activity = (await ask('activity?groupBy=action')).items.find(({ key }) => key === 'POST /v1/tests');
    assert.ok(Number(activity?.actions) >= 1);
    const commands = await ask('commands?groupBy=command');
    assert.ok(commands.items.some(({ key }) => key === 'navigate.to') && commands.bytesProcessed > 0);
    assert.equal((await ask('commands?groupBy=command')).cached, true);
    assert.ok(
      (await ask('flaky')).items.some(({ key }) => key === test),
      'a row passed, another did not',
    );
  });

  it('is exported as CSV and as Parquet, by links that need no credential', async () => {
    const { call, cloud } = suite();
    const exported = async (format: string) => {
      const started = await call('POST', '/v1/analytics/exports', { table: 'test_runs', format });
      assert.equal(started.status, 202);
      const where = started.headers.get('location') ?? '';
      await cloud.settle();
      const { body } = await call('GET', where, undefined, { prefer: 'wait=30' });
      const { status, rows, urls = [] } = body as { status: string; rows: number; urls: string[] };
      assert.equal(status, 'ready', JSON.stringify(body));
      const answer = await fetch(only(urls));
      assert.equal(answer.status, 200);
      return { rows, bytes: Buffer.from(await answer.arrayBuffer()), url: only(urls) };
    };
    const csv = await exported('csv');
    const lines = csv.bytes.toString('utf8').trimEnd().split('\n');
    assert.deepEqual([lines.length - 1, lines[0]?.startsWith('ended_at,event_id,run_id')], [csv.rows, true]);
    assert.ok(
      lines.some((line) => line.includes(",'=Counted,")),
      'what looks like a formula is text',
    );
    assert.equal((await fetch(csv.url.replace(/X-Goog-Signature=../, 'X-Goog-Signature=00'))).status, 403);

    const parquet = await exported('parquet');
    const path = join(temporary.path, 'rows.parquet');
    await writeFile(path, parquet.bytes);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(
      `SELECT count(*), min(test_name) FROM '${path}' WHERE run_id = '${run}'`,
    );
    assert.deepEqual(read.getRowsJson(), [[String((await suite().sessionsOf(run)).length), '=Counted']]);
    connection.closeSync();
  });

  it('is in the reports of its week and month, which are announced', async () => {
    const { cloud, google, logged } = suite();
    assert.equal(await cloud.runSchedule('report-statistics'), 204);
    await cloud.settle();
    const [files] = await google.storage.bucket('virtuoso-reports').getFiles({ prefix: 'statistics/' });
    // A user may have been erased before, of whose months there is a page, too.
    assert.deepEqual(
      new Set(files.map(({ name }) => name.split('/')[1])),
      new Set(['monthly_usage', 'weekly_performance']),
    );
    const weekly = files.filter(({ name }) => name.includes('/weekly_performance/'));
    assert.match(String((await only(weekly).download())[0]), /<title>Weekly performance/);
    await logged(({ message, function: name }) => name === 'on-report' && message === 'on-report done');
    assert.equal(await cloud.runSchedule('cost-report'), 204);
  });

  it('is what suggestions are learned from; those of a live session are those that are asked for', async () => {
    const { call, cloud, google } = suite();
    const query = readScheduledQueries(resources.scheduledQueries).find(({ name }) => name === 'command_transitions');
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    await google.bigquery.query({ query: query?.sql ?? '', params: { run_date: google.bigquery.date(tomorrow) } });
    assert.equal(await cloud.runSchedule('learn-suggestions'), 204);
    const suggested = async (asked: string) => {
      const { status, body } = await call('GET', `/v1/commands/suggestions?${asked}`);
      assert.equal(status, 200, JSON.stringify(body));
      return body as { after: string[]; items: Offered[]; learned: { own: boolean } };
    };
    const next = await suggested('after=navigate.to&limit=20');
    assert.equal(next.learned.own, true);
    assert.ok((next.items.find(({ command }) => command === 'assert.exists')?.probability ?? 0) > 0.05);

    const opened = await call('POST', '/v1/sessions', { baseUrl: pages.origin });
    const { id } = opened.body as { id: string };
    const step = { command: 'navigate.to', url: '/form' };
    const look = { include: ['snapshot', 'suggestions'], snapshot: 'full' };
    const done = await call('POST', `/v1/sessions/${id}/commands`, { step, ...look }, { prefer: 'wait=60' });
    const { suggestions } = done.body as { suggestions: { step: { command: string; target: string } }[] };
    assert.deepEqual(suggestions.map(({ step: one }) => one.target).sort(), ['Away', 'Help', 'Name', 'Save']);
    const { after, items } = await suggested(`session=${id}&limit=20`);
    assert.deepEqual(after, ['navigate.to']);
    const offered = items.filter(({ steps = [] }) => steps.length > 0);
    assert.deepEqual(
      new Set(offered.map(({ command }) => command)),
      new Set(suggestions.map(({ step: one }) => one.command)),
    );
    for (const { command, steps = [] } of offered)
      assert.deepEqual(
        steps,
        suggestions.filter((one) => one.step.command === command),
      );
    await call('DELETE', `/v1/sessions/${id}`);
  });

  it("is nobody else's", async () => {
    const { call, cloud } = suite();
    const made = await call('POST', '/v1/users', { email: 'other@example.com', name: 'Other', role: 'viewer' });
    const { id } = made.body as { id: string };
    const key = await call('POST', '/v1/api-keys', { userId: id, name: 'other', scopes: ['analytics:read'] });
    const other = { 'x-api-key': (key.body as { key: string }).key };
    const { body } = await call('GET', '/v1/analytics/runs', undefined, other);
    assert.deepEqual((body as { items: unknown[] }).items, []);
    assert.equal((await call('GET', '/v1/analytics/runs?users=all', undefined, other)).status, 403);
    const mine = await call('POST', '/v1/analytics/exports', { table: 'test_runs' }, { prefer: 'wait=30' });
    const { id: exportId } = mine.body as { id: string };
    await cloud.settle();
    assert.equal((await call('GET', `/v1/analytics/exports/${exportId}`, undefined, other)).status, 404);
    assert.equal((await call('GET', '/v1/analytics/exports/idempotency-x')).status, 404);
  });
}
