/** How often a command followed the two before it; empty names stand for the start of a session. */
export type Transition = readonly [beforePrevious: string, previous: string, command: string, count: number];

/** A command that may come next, and how likely that is, from 0 to 1. */
export interface NextCommand {
  readonly command: string;
  readonly probability: number;
}

/** The commands before, the last one last. */
export type Before = readonly string[];

/** Tells how likely commands are after others. */
export interface NextCommands {
  probability(command: string, before: Before): number;
  /** Commands that have been seen at all. */
  readonly seen: ReadonlySet<string>;
  /** How often something followed these commands: what the model knows of them. */
  known(before: Before): number;
}

/** What followed one context. */
interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

/** Tests are short, and few: a context says less than its counts do. Chosen on the demo's tests. */
const DOUBT = 4;
/** How many commands the model looks back, at most. */
const LOOK_BACK = 2;

/**
 * A model of which command comes next: interpolated n-grams of order 3 after Witten and Bell (1991). What has been seen
 * after a context counts as often as it was seen; the shorter context weighs the more, the more different commands have
 * followed.
 * @param vocabulary how many commands there are: one that was never seen is as likely as any other
 */
export function learnNextCommands(transitions: Iterable<Transition>, vocabulary: number): NextCommands {
  const contexts = new Map<string, Followers>();
  const seen = new Set<string>();
  for (const [beforePrevious, previous, command, count] of transitions) {
    if (!(count > 0)) continue;
    seen.add(command);
    for (const context of [[], [previous], [beforePrevious, previous]]) {
      const followers = contexts.get(keyOf(context)) ?? { total: 0, counts: new Map<string, number>() };
      followers.total += count;
      followers.counts.set(command, (followers.counts.get(command) ?? 0) + count);
      contexts.set(keyOf(context), followers);
    }
  }

  function chance(command: string, context: Before): number {
    const shorter = context.length === 0 ? 1 / vocabulary : chance(command, context.slice(1));
    const followers = contexts.get(keyOf(context));
    if (!followers) return shorter;
    const different = followers.counts.size * DOUBT;
    return ((followers.counts.get(command) ?? 0) + different * shorter) / (followers.total + different);
  }

  return {
    seen,
    probability: (command, before) => chance(command, contextOf(before)),
    known: (before) => contexts.get(keyOf(contextOf(before)))?.total ?? 0,
  };
}

/** No context at all is another one than the start of a session. */
const keyOf = (context: Before): string => [context.length, ...context].join(' ');

/** The last two commands; before the first one stands nothing. */
function contextOf(before: Before): Before {
  return ['', '', ...before].slice(-LOOK_BACK);
}

/** So often must a user have gone on from a context for their own habits to weigh as much as everybody's. */
const HABIT = 8;

/**
 * The commands that come next, the likeliest first: everybody's habits, and the user's own the more of them are known.
 * Commands alone are shared among users, never targets or values.
 */
export function nextCommands(
  before: Before,
  most: number,
  everybody: NextCommands,
  own: NextCommands | undefined,
): NextCommand[] {
  const known = own?.known(before) ?? 0;
  const weight = known / (known + HABIT);
  return [...new Set([...everybody.seen, ...(own?.seen ?? [])])]
    .map((command) => ({
      command,
      probability:
        (1 - weight) * everybody.probability(command, before) + weight * (own?.probability(command, before) ?? 0),
    }))
    .sort((a, b) => b.probability - a.probability || (a.command < b.command ? -1 : 1))
    .slice(0, most);
}
