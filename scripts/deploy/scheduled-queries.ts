import { readFileSync } from 'node:fs';
import { usdOf, VCPUS_PER_GIB } from '../../shared/cost/session-cost.ts';
import type { ScheduledQuery } from '../../shared/define/resources.ts';

export type Period = 'day' | 'week' | 'month';

/** A scheduled query as it is deployed: the declaration, and what its file says. */
export interface DeployedQuery {
  readonly name: string;
  readonly description: string;
  /** In the words of BigQuery's transfer configs, in UTC: `every monday 01:00`. */
  readonly schedule: string;
  /** How it writes, for people. */
  readonly write: string;
  /** What a run is of: the one before its date. */
  readonly period: Period;
  readonly destination: string;
  /** The statement, with today's prices in it. */
  readonly sql: string;
}

const FOLDER = new URL('../../shared/analytics/sql/', import.meta.url);
const PERIODS: readonly string[] = ['day', 'week', 'month'];

/** What stands in double braces in the files: prices, so that they are in one table only. */
const PLACES: Readonly<Record<string, number>> = {
  'usd a GiB-second': usdOf('run.mib_ms'),
  'usd a vCPU-second': usdOf('run.vcpu_ms'),
  'usd a write': usdOf('firestore.write'),
  'usd a request': usdOf('run.request'),
  'vCPUs a GiB': VCPUS_PER_GIB,
};

/** Reads the files of scheduled queries. @throws Error when a file lacks a line of its header, or says another table. */
export function readScheduledQueries(declared: readonly ScheduledQuery[]): DeployedQuery[] {
  return declared.map(({ name, destination }) => {
    const read = readQueryFile(name, readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8'));
    if (read.destination !== destination.name)
      throw new Error(`${name}.sql: its destination is declared as ${destination.name}, not ${read.destination}`);
    return read;
  });
}

/**
 * Reads a file of SQL: comments at its top, the first of them what it is for, the others `-- field: value`.
 * @throws Error that names the file and what is wrong
 */
export function readQueryFile(name: string, text: string): DeployedQuery {
  const [, comments = '', sql = ''] = /^((?:--.*\n)*)([\s\S]*)$/.exec(text) ?? [];
  const [description = '', ...fields] = comments
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^--\s*/, ''));
  const header = new Map(fields.map((line) => /^(\w+):\s*(.*)$/.exec(line)?.slice(1) as [string, string]));
  const field = (key: string): string => {
    const value = header.get(key);
    if (!value) throw new Error(`${name}.sql: its header has no line '-- ${key}: …'`);
    return value;
  };
  const period = field('period');
  if (!PERIODS.includes(period)) throw new Error(`${name}.sql: a period is ${PERIODS.join(', ')}, not ${period}`);
  return {
    ...{ name, description, schedule: field('schedule'), write: field('write'), destination: field('destination') },
    ...{ period: period as Period, sql: priced(name, sql.trim()) },
  };
}

function priced(name: string, sql: string): string {
  return sql.replace(/\{\{(.+?)\}\}/g, (_, place: string) => {
    const value = PLACES[place];
    if (value === undefined) throw new Error(`${name}.sql: there is no value for {{${place}}}`);
    return String(value);
  });
}
