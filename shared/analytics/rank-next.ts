import type { LiveCommandEntity, LiveSessionEntity, Suggestion } from '../../schemas/live.ts';
import { asGiven } from '../engine/parse-target.ts';
import type { Target } from '../engine/target.ts';
import { type Before, type Done, type NextCommands, transitionsWithin } from './next-commands.ts';

/** A command that may come next, and how likely that is, from 0 to 1; with what a page offers to do it to. */
export interface NextCommand {
  readonly command: string;
  readonly probability: number;
  /** The likeliest first. */
  readonly steps: readonly Suggestion[];
}

/** What is told of a command of a live session. */
export type Told = Pick<LiveCommandEntity, 'position' | 'step' | 'status' | 'result'>;

/** What comes before the next command of a live session. */
export function beforeNext(
  { checkpoints = [] }: Pick<LiveSessionEntity, 'checkpoints'>,
  commands: readonly Told[],
): Before {
  const done: Done[] = [];
  let last = 0;
  const begins = (position: number) => checkpoints.some(({ from }) => from > last && from <= position);
  for (const { position, step, status, result } of commands) {
    if (!step || status === 'skipped') continue;
    const target = result?.target?.given ?? ('target' in step ? asGiven(step.target as Target) : '');
    done.push({ command: step.command, target, begins: done.length === 0 || begins(position) });
    last = position;
  }
  return { done, begins: begins(Number.POSITIVE_INFINITY) };
}

/**
 * What the page and habits say is not independent: each counts by the square root of its odds in the list that the other
 * one is the judge of.
 */
const tempered = Math.sqrt;

/**
 * The steps that a page offers, the likeliest first: by what it says of each. A command that comes more often after the
 * ones before than it comes usually has its odds raised.
 * @param most how many at most
 */
export function rankSteps(
  offered: readonly Suggestion[],
  before: Before,
  learned: NextCommands,
  most = Number.POSITIVE_INFINITY,
): Suggestion[] {
  const next = within(before, learned);
  return offered
    .map((one) => {
      const { command } = one.step;
      const odds = oddsOf(one.score) * tempered(next.probability(command, before) / next.usual(command));
      return { one: { ...one, score: Math.round((1e4 * odds) / (1 + odds)) / 1e4 }, odds };
    })
    .sort((a, b) => b.odds - a.odds)
    .slice(0, most)
    .map(({ one }) => one);
}

/**
 * The commands that come next, the likeliest first: by habit. Those that the page offers share what is likely of them
 * together, and have more of it the better the best of their steps is; of the others a page says nothing. The steps are
 * ranked as {@link rankSteps} does.
 * @param most how many at most
 */
export function rankNext(
  before: Before,
  learned: NextCommands,
  most: number,
  offered: readonly Suggestion[] = [],
): NextCommand[] {
  const next = within(before, learned);
  const steps = Map.groupBy(rankSteps(offered, before, learned), ({ step }) => step.command);
  const likely = new Map(
    [...new Set([...next.seen, ...steps.keys()])].map((command) => [command, next.probability(command, before)]),
  );
  const onPage = new Map<string, number>();
  for (const { step, score } of offered)
    onPage.set(step.command, Math.max(onPage.get(step.command) ?? 0, oddsOf(score)));
  const weights = new Map(
    [...onPage].map(([command, odds]) => [command, (likely.get(command) ?? 0) * tempered(odds / next.usual(command))]),
  );
  const scale = sum([...onPage.keys()].map((command) => likely.get(command) ?? 0)) / sum([...weights.values()]);
  return [...likely]
    .map(([command, probability]) => {
      const weight = weights.get(command);
      return {
        command,
        probability: weight === undefined ? probability : weight * scale,
        steps: steps.get(command) ?? [],
      };
    })
    .sort((a, b) => b.probability - a.probability || (a.command < b.command ? -1 : 1))
    .slice(0, most);
}

/** Commands of a session that say what it repeats. */
export const REMEMBERED = 50;

/** What a session has done already is its habit too. */
export const within = ({ done }: Before, learned: NextCommands): NextCommands =>
  learned.withMore(transitionsWithin(done.slice(-REMEMBERED)));

/** Nothing is certain: a score of one has odds too. */
const CERTAIN = 0.999;

function oddsOf(score: number): number {
  const bounded = Math.min(Math.max(score, 1 - CERTAIN), CERTAIN);
  return bounded / (1 - bounded);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
