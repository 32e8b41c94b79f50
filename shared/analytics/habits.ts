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
}

const transitionOf = ({ before_previous, previous, command, count }: Row): Transition => [
  before_previous,
  previous,
  command,
  Number(count),
];

const table = `${resources.dataset}.${commandTransitions.name}`;
const EVERYBODY = `SELECT before_previous, previous, command, SUM(count) AS count FROM ${table}
  WHERE day >= DATE(@since) GROUP BY before_previous, previous, command`;
const USERS = `SELECT user_id, before_previous, previous, command, SUM(count) AS count FROM ${table}
  WHERE day >= DATE(@since) AND user_id IN (SELECT user_id FROM ${table} WHERE day >= DATE(@lately))
  GROUP BY user_id, before_previous, previous, command ORDER BY user_id`;

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
