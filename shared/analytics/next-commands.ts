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
}

/** How many commands the model looks back, at most. */
const LOOK_BACK = 2;
/** Tests are short, and few: a context says less than its counts do. Chosen by the likelihood of tests that were held out. */
export const DOUBT = 4;

/**
 * A model of which command comes next: interpolated n-grams of order 3 after Witten and Bell (1991). What has been seen
 * after a context counts as often as it was seen; the shorter context weighs the more, the more different commands have
 * followed.
 * @param vocabulary how many commands there are: one that was never seen is as likely as any other
 * @param doubt how much a shorter context weighs for each different command that followed
 */
export function learnNextCommands(
  transitions: Iterable<Transition>,
  vocabulary: number,
  doubt: number = DOUBT,
): NextCommands {
  const { contexts, seen } = countFollowers(transitions);

  function chance(command: string, context: Before): number {
    const shorter = context.length === 0 ? 1 / vocabulary : chance(command, context.slice(1));
    const followers = contexts.get(keyOf(context));
    if (!followers) return shorter;
    const different = followers.counts.size * doubt;
    return ((followers.counts.get(command) ?? 0) + different * shorter) / (followers.total + different);
  }

  return {
    seen,
    probability: (command, before) => chance(command, contextOf(before)),
    usual: (command) => chance(command, []),
  };
}

/** What is known of others weighs as much as so many times that somebody has gone on. Chosen as {@link DOUBT} is. */
export const TRUST = 32;

/**
 * A model that follows the habits of one, the more of them are known: those of all others are what is expected before
 * anything is (a Dirichlet prior, after MacKay and Peto, 1995). Commands alone are shared among users, never targets or
 * values.
 * @param own what followed what, of a user or within a session
 * @param trust how much the others weigh
 */
export function adapted(others: NextCommands, own: Iterable<Transition>, trust: number = TRUST): NextCommands {
  const { contexts, seen } = countFollowers(own);
  if (seen.size === 0) return others;
  const after = (command: string, context: Before, expected: number): number => {
    const followers = contexts.get(keyOf(context));
    if (!followers) return expected;
    return ((followers.counts.get(command) ?? 0) + trust * expected) / (followers.total + trust);
  };
  return {
    seen: new Set([...others.seen, ...seen]),
    usual: (command) => after(command, [], others.usual(command)),
    probability(command, before) {
      const context = contextOf(before);
      const ofLast = after(command, context.slice(1), others.probability(command, before));
      return after(command, context, ofLast);
    },
  };
}

/** What followed what within a piece of a session. */
export function transitionsWithin(commands: Before): Transition[] {
  return commands
    .slice(LOOK_BACK)
    .map((command, at): Transition => [commands[at] as string, commands[at + 1] as string, command, 1]);
}

/** What followed one context. */
interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

interface Counted {
  readonly contexts: ReadonlyMap<string, Followers>;
  readonly seen: ReadonlySet<string>;
}

/** Counts what followed each context: none, the last command, the last two. */
function countFollowers(transitions: Iterable<Transition>): Counted {
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
  return { contexts, seen };
}

/** No context at all is another one than the start of a session. */
const keyOf = (context: Before): string => [context.length, ...context].join(' ');

/** The last two commands; before the first one stands nothing. */
function contextOf(before: Before): Before {
  return ['', '', ...before].slice(-LOOK_BACK);
}
