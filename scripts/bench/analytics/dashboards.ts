import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Question, statementOf } from '../../../shared/analytics/statistics.ts';
import type { GoogleClients } from '../../chain/clients.ts';
import { median } from '../timing.ts';

/** A question of a dashboard, asked of the local BigQuery and of plain DuckDB. Times are milliseconds. */
export interface Compared {
  readonly name: string;
  readonly localMs: number;
  readonly plainMs: number;
  readonly megabytes: number;
  readonly unfilteredMegabytes: number;
}

const REPEATS = 5;
const DAYS = 60;
const BUCKET = 'virtuoso-reports';

/** Steps over sixty days, of a thousand users: what a table of command executions is like. */
const fill = (rows: number) => `INSERT INTO analytics.command_executions
  (executed_at, event_id, user_id, session_id, run_id, test_id, checkpoint_id, position, command, command_group, target_strategy, status, duration_ms, healed, attempt, browser, region, checkpoint)
SELECT TIMESTAMP_ADD(TIMESTAMP '2026-01-01', INTERVAL CAST(FLOOR(n * ${(DAYS * 86_400) / rows}) AS INT64) SECOND),
  CONCAT('evt_', CAST(n AS STRING)), CONCAT('usr_', CAST(MOD(n * 7919, 1000) AS STRING)), CONCAT('ses_', CAST(DIV(n, 20) AS STRING)),
  CONCAT('run_', CAST(DIV(n, 200) AS STRING)), CONCAT('tst_', CAST(MOD(DIV(n, 20), 5000) AS STRING)), CONCAT('chk_', CAST(DIV(n, 5) AS STRING)), MOD(n, 5),
  CONCAT('group', CAST(MOD(n, 9) AS STRING), '.verb', CAST(MOD(n, 70) AS STRING)), CONCAT('group', CAST(MOD(n, 9) AS STRING)), 'role',
  IF(MOD(n, 41) = 0, 'failed', IF(MOD(n, 83) = 0, 'skipped', 'passed')), MOD(n * 2654435761, 4000), MOD(n, 200) = 0, 1, 'chromium', 'us-central1', 'One'
FROM UNNEST(GENERATE_ARRAY(1, ${rows})) AS n`;

const week = { from: new Date('2026-02-01'), to: new Date('2026-02-08') };
const all = { from: new Date('2026-01-01'), to: new Date('2026-03-02') };
const measures = `count(*) FILTER (status != 'skipped'), count(*) FILTER (status = 'passed'), count(*) FILTER (status = 'failed'),
  count(*) FILTER (status = 'error'), count(*) FILTER (status = 'skipped'), count(*) FILTER (healed),
  approx_quantile(duration_ms, [0.5, 0.95, 0.99]) FILTER (status != 'skipped')`;
/** The first of the measures, as the API names them. */
const COUNTED = ['executions', 'passed', 'failed', 'errors', 'skipped', 'healed'];
const once = 'QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY executed_at) = 1';

/** Questions of dashboards, and the same as one writes them for DuckDB. */
const QUESTIONS: readonly { name: string; question: Omit<Question<'commands'>, 'statistic'>; key: string }[] = [
  {
    name: 'a week of everybody, by command',
    question: { ...week, groupBy: 'command', userId: undefined },
    key: 'command',
  },
  {
    name: 'sixty days of everybody, by day',
    question: { ...all, groupBy: 'day', userId: undefined },
    key: "strftime(executed_at, '%Y-%m-%d')",
  },
  { name: 'a week of one user, by status', question: { ...week, groupBy: 'status', userId: 'usr_42' }, key: 'status' },
  {
    name: 'sixty days of one user, by group',
    question: { ...all, groupBy: 'group', userId: 'usr_42' },
    key: 'command_group',
  },
];

/** @param folder for what is only needed meanwhile */
export async function compareDashboards(
  { bigquery, storage }: GoogleClients,
  rows: number,
  folder: string,
): Promise<Compared[]> {
  await bigquery.query(fill(rows));
  await bigquery.query(
    `EXPORT DATA OPTIONS(uri = 'gs://${BUCKET}/bench-*.parquet', format = 'PARQUET', overwrite = TRUE) AS SELECT * FROM analytics.command_executions`,
  );
  const file = join(folder, 'rows.parquet');
  await writeFile(file, (await storage.bucket(BUCKET).file('bench-000000000000.parquet').download())[0]);
  const plain = await (await DuckDBInstance.create(join(folder, 'plain.duckdb'))).connect();
  await plain.run(`SET TimeZone = 'UTC'; CREATE TABLE command_executions AS SELECT * FROM '${file}'`);
  try {
    const [there, copied] = [await count(bigquery), Number((await plain.runAndReadAll(COUNT)).getRowsJson()[0]?.[0])];
    if (there !== copied) throw new Error(`plain DuckDB has ${copied} of ${there} rows`);
    const compared: Compared[] = [];
    for (const each of QUESTIONS) compared.push(await compare(bigquery, plain, each));
    return compared;
  } finally {
    plain.closeSync();
  }
}

const COUNT = 'SELECT count(*) AS n FROM command_executions';

async function count(bigquery: GoogleClients['bigquery']): Promise<number> {
  const [[row]] = await bigquery.query(COUNT.replace('FROM ', 'FROM analytics.'));
  return Number(row.n);
}

/** What each group counts, as text: the answers of both must be the same. Percentiles are about right in either. */
function countsOf(groups: readonly (readonly unknown[])[]): string {
  return groups
    .map((group) => group.join(' '))
    .sort()
    .join('; ');
}

async function compare(
  bigquery: GoogleClients['bigquery'],
  plain: DuckDBConnection,
  { name, question, key }: (typeof QUESTIONS)[number],
): Promise<Compared> {
  const { from, to, userId } = question;
  const asked: Question = { ...question, statistic: 'commands' };
  const params = { from, to, ...(userId === undefined ? {} : { user: userId }) };
  const local = () => bigquery.query({ query: statementOf(asked), params });
  const mine = userId === undefined ? '' : ` AND user_id = '${userId}'`;
  const sql = `SELECT ${key} AS key, ${measures} FROM (SELECT * FROM command_executions
    WHERE executed_at >= TIMESTAMPTZ '${from.toISOString()}' AND executed_at < TIMESTAMPTZ '${to.toISOString()}'${mine} ${once}) GROUP BY key ORDER BY key`;
  const onPlain = () => plain.runAndReadAll(sql);
  const [[answer], there] = await Promise.all([local(), onPlain()]);
  const told = countsOf(answer.map((row) => COUNTED.map((measure) => row[measure])));
  const expected = countsOf(there.getRowsJson().map((row) => row.slice(1, 1 + COUNTED.length)));
  if (told !== expected) throw new Error(`${name}: the answers differ: ${told} and, in plain DuckDB, ${expected}`);
  const times: [number, number][] = [];
  for (let n = 0; n < REPEATS; n++) times.push([await timed(local), await timed(onPlain)]);
  const bytes = async (query: string) => {
    const [job] = await bigquery.createQueryJob({ query, params, dryRun: true });
    return Number(job.metadata.statistics.totalBytesProcessed) / 1e6;
  };
  const unfiltered = statementOf(asked).replace(/executed_at >= @from AND executed_at < @to/, '@from < @to');
  return {
    name,
    localMs: median(times.map(([ms]) => ms)),
    plainMs: median(times.map(([, ms]) => ms)),
    megabytes: await bytes(statementOf(asked)),
    unfilteredMegabytes: await bytes(unfiltered),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
