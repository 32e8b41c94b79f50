/** How often a command followed the two before it; empty names stand for the start of a session. */
export type Transition = readonly [beforePrevious: string, previous: string, command: string, count: number];

/** The commands before, the last one last. */
export type Before = readonly string[];

/** Tells how likely commands are after others. */
export interface NextCommands {
  probability(command: string, before: Before): number;
  /** How likely a command is wherever it may be. */
  usual(command: string): number;
  /** Commands that have been seen at all. */
  readonly seen: ReadonlySet<string>;
  /** How often something followed these commands: what the model knows of them. */
  known(before: Before): number;
  /** How many commands it was learned from. */
  readonly total: number;
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
    total: contexts.get(keyOf([]))?.total ?? 0,
    probability: (command, before) => chance(command, contextOf(before)),
    usual: (command) => chance(command, []),
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
 * Everybody's habits and a user's own: these weigh the more, the more is known of them after the commands in question.
 * Commands alone are shared among users, never targets or values.
 */
export function blended(everybody: NextCommands, own: NextCommands | undefined): NextCommands {
  if (!own) return everybody;
  const mix = (known: number, ofOwn: number, ofAll: number) => {
    const weight = known / (known + HABIT);
    return weight * ofOwn + (1 - weight) * ofAll;
  };
  return {
    seen: new Set([...everybody.seen, ...own.seen]),
    known: (before) => everybody.known(before),
    total: everybody.total,
    probability: (command, before) =>
      mix(own.known(before), own.probability(command, before), everybody.probability(command, before)),
    usual: (command) => mix(own.total, own.usual(command), everybody.usual(command)),
  };
}
