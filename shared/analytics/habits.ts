import { defineService, reads } from '../define/service.ts';
import { resources } from '../resources/index.ts';
import { commandTransitions } from '../resources/statistics-tables.ts';
import type { Transition } from './next-commands.ts';

/** Which commands followed which, as it is kept for suggestions: a JSON object for everybody, and one for each user. */
export interface Habits {
  /** RFC 3339. */
  readonly at: string;
  readonly transitions: readonly Transition[];
}

export const EVERYBODYS = 'suggestions/everybody.json';
export const habitsOf = (userId: string): string => `suggestions/${userId}/habits.json`;

/** Counts what followed what. */
export interface TransitionCounts {
  /** Of all users together, since then. */
  ofEverybody(since: Date): Promise<Transition[]>;
  /** Of each user who has been at work lately, since then; one user after the other. */
  ofUsers(since: Date, lately: Date): AsyncIterable<{ readonly userId: string; readonly transitions: Transition[] }>;
}

interface Row {
  readonly user_id: string;
  readonly before_previous: string;
  readonly previous: string;
  readonly command: string;
  readonly count: number;
  readonly begins: boolean | null;
  readonly before_previous_target?: string | null;
  readonly previous_target?: string | null;
}

const transitionOf = (row: Row): Transition => {
  const { before_previous, previous, command, count, begins, before_previous_target, previous_target } = row;
  const commands = [before_previous, previous, command, Number(count), begins ?? previous === ''] as const;
  return typeof before_previous_target === 'string' && typeof previous_target === 'string'
    ? [...commands, before_previous_target, previous_target]
    : commands;
};

const table = `${resources.dataset}.${commandTransitions.name}`;
const COMMANDS = 'before_previous, previous, command, begins';
const STEPS = `${COMMANDS}, before_previous_target, previous_target`;
const EVERYBODY = `SELECT ${COMMANDS}, SUM(count) AS count FROM ${table}
  WHERE day >= DATE(@since) GROUP BY ${COMMANDS}`;
const USERS = `SELECT user_id, ${STEPS}, SUM(count) AS count FROM ${table}
  WHERE day >= DATE(@since) AND user_id IN (SELECT user_id FROM ${table} WHERE day >= DATE(@lately))
  GROUP BY user_id, ${STEPS} ORDER BY user_id, count DESC`;

export const transitionCounts = defineService(
  [reads(commandTransitions)],
  ({ clients }): TransitionCounts => ({
    async ofEverybody(since) {
      const [rows] = await (await clients.bigquery()).query({ query: EVERYBODY, params: { since } });
      return (rows as Row[]).map(transitionOf);
    },
    async *ofUsers(since, lately) {
      const rows = (await clients.bigquery()).createQueryStream({ query: USERS, params: { since, lately } });
      let userId: string | undefined;
      let transitions: Transition[] = [];
      for await (const row of rows as AsyncIterable<Row>) {
        if (userId !== undefined && userId !== row.user_id) {
          yield { userId, transitions };
          transitions = [];
        }
        userId = row.user_id;
        transitions.push(transitionOf(row));
      }
      if (userId !== undefined) yield { userId, transitions };
    },
  }),
);
