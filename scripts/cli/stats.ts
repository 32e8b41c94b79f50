import { nearest } from '../../schemas/problems.ts';
import { type StatisticName, statistics } from '../../schemas/statistics.ts';
import { ApiError } from './api-answer.ts';
import { createApiClient } from './api-client.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { statisticsTable } from './statistics-table.ts';
import { readRemote, remoteOptions } from './target.ts';
import { terminalOf } from './terminal.ts';

const names = Object.keys(statistics) as StatisticName[];

export const stats: CliCommand = {
  summary: 'Prints statistics of an API: commands, runs, performance, activity, flaky tests or cost.',
  operands: `[${names.join('|')}]`,
  options: {
    ...remoteOptions,
    by: { type: 'string', value: 'WHAT', description: 'What is counted together: day, test, command, … The API says.' },
    from: { type: 'string', value: 'DAY', description: 'First day in UTC, or a time. Default: a week in all.' },
    to: { type: 'string', value: 'DAY', description: 'Last day in UTC, or a time. Default: today.' },
    all: { type: 'boolean', description: 'Of all users: for administrators.' },
    json: { type: 'boolean', description: "Prints the API's answer as JSON." },
  },
  examples: [
    'virtuoso stats --url https://api.example.com',
    'virtuoso stats flaky --from 2026-03-01',
    'virtuoso stats cost --by month --json',
  ],
  run: statsCommand,
};

async function statsCommand([name = 'runs', ...rest]: readonly string[], values: Values): Promise<number> {
  if (rest.length > 0) throw new UsageError("Name one statistic: 'virtuoso stats runs'.");
  if (!isStatistic(name)) {
    const like = nearest(name, names);
    throw new UsageError(
      `There is no statistic '${name}'. ${like ? `Did you mean '${like}'?` : `There are ${names.join(', ')}.`}`,
    );
  }
  const remote = readRemote(values);
  if (!remote) throw new UsageError('Name the API: give --url or set VIRTUOSO_URL.');
  const query = new URLSearchParams();
  for (const [option, parameter] of [
    ['by', 'groupBy'],
    ['from', 'from'],
    ['to', 'to'],
  ] as const)
    if (values[option] !== undefined) query.set(parameter, String(values[option]));
  if (values.all) query.set('users', 'all');
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  try {
    const answer = await createApiClient(remote.url, remote.apiKey).statistics(name, query);
    terminal.write(values.json ? `${JSON.stringify(answer, null, 2)}\n` : statisticsTable(answer, terminal));
    return 0;
  } catch (error) {
    throw error instanceof ApiError ? new UsageError(error.message) : error;
  }
}

const isStatistic = (name: string): name is StatisticName => (names as readonly string[]).includes(name);
