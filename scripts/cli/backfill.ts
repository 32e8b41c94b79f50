import { type CliCommand, UsageError, type Values } from './command.ts';
import type { QueryRun } from './query-runs.ts';
import { terminalOf } from './terminal.ts';

const DAY_MS = 86_400_000;
const MOST_RUNS = 400;

export const backfill: CliCommand = {
  summary: 'Runs a scheduled query again, for each day, week or month of a range: what it keeps is replaced.',
  operands: 'QUERY',
  options: {
    from: { type: 'string', value: 'DAY', description: 'First day, in UTC.' },
    to: { type: 'string', value: 'DAY', description: 'Last day, in UTC. Default: yesterday.' },
    cloud: {
      type: 'string',
      value: 'URL',
      description: 'A local cloud. Default: Google Cloud, by GCP_PROJECT_ID and the credentials of this machine.',
    },
    json: { type: 'boolean', description: 'Prints the runs as JSON.' },
  },
  examples: [
    'virtuoso backfill daily_command_stats --from 2026-03-01 --to 2026-03-31',
    'virtuoso backfill weekly_cost --from 2026-01-01 --cloud http://127.0.0.1:8080',
  ],
  run: backfillCommand,
};

async function backfillCommand([name, ...rest]: readonly string[], values: Values): Promise<number> {
  const { readScheduledQueries } = await import('../deploy/scheduled-queries.ts');
  const { resources } = await import('../../shared/resources/index.ts');
  const queries = readScheduledQueries(resources.scheduledQueries);
  const query = queries.find((each) => each.name === name);
  if (!query || rest.length > 0)
    throw new UsageError(`Name one scheduled query: ${queries.map((each) => each.name).join(', ')}.`);
  const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const to = dayOf(values, 'to', yesterday);
  const dates = runDates(query.period, dayOf(values, 'from'), to);
  const last = dates.at(-1) ?? to;
  if (Date.parse(last) > Date.now())
    throw new UsageError(`The ${query.period} of --to ${to} is not over before ${last}: choose an earlier day.`);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const { openQueryRuns } = await import('./query-runs.ts');
  const runs = await openQueryRuns(values.cloud as string | undefined);
  try {
    const ended: QueryRun[] = [];
    for (const date of dates) {
      const run = await runs.run(query.name, date);
      ended.push(run);
      if (!values.json) terminal.write(`${run.date}  ${run.state}${run.error ? `  ${run.error}` : ''}\n`);
    }
    if (values.json) terminal.write(`${JSON.stringify(ended, null, 2)}\n`);
    return ended.every(({ state }) => state === 'SUCCEEDED') ? 0 : 1;
  } finally {
    await runs.close();
  }
}

/** @throws UsageError for what is no day */
function dayOf(values: Values, name: 'from' | 'to', fallback?: string): string {
  const given = (values[name] as string | undefined) ?? fallback;
  if (given === undefined) throw new UsageError(`Give the first day: --${name} 2026-03-01.`);
  const time = Date.parse(given);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(given) || Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== given)
    throw new UsageError(`'--${name} ${given}' must be a day such as 2026-03-01.`);
  return given;
}

/**
 * The dates of the runs that are of the days from `from` to `to`: a run is of the day, week or month before its date.
 * @throws UsageError for a range that is empty, or has too many
 */
export function runDates(period: 'day' | 'week' | 'month', from: string, to: string): string[] {
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
  const dates: string[] = [];
  let date = after(period, from);
  for (; ; date = after(period, date)) {
    dates.push(date);
    if (date > to) break;
    if (dates.length >= MOST_RUNS) throw new UsageError(`At most ${MOST_RUNS} runs are started at once.`);
  }
  return dates;
}

/** The first day after the period that a day is in. */
function after(period: 'day' | 'week' | 'month', day: string): string {
  const date = new Date(day);
  if (period === 'month') date.setUTCMonth(date.getUTCMonth() + 1, 1);
  else date.setUTCDate(date.getUTCDate() + (period === 'day' ? 1 : 7 - ((date.getUTCDay() + 6) % 7)));
  return date.toISOString().slice(0, 10);
}
