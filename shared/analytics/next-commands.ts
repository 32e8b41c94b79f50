/** A command that was done. */
export interface Done {
  readonly command: string;
  /** The element that it named, as written; empty when it named none, undefined where that is not told. */
  readonly target?: string | undefined;
  /** A checkpoint began with it. */
  readonly begins?: boolean;
}

/** Where something comes next. */
export interface Before {
  /** What was done, the last one last. */
  readonly done: readonly Done[];
  /** Whether a checkpoint is about to begin. Nothing was done before a session: then one always is. */
  readonly begins?: boolean;
}

/**
 * How often a command followed the two before it; empty names stand for the start of a session. Targets of those two are
 * one's own to know: of everybody together they are not told.
 */
export type Transition = readonly [
  beforePrevious: string,
  previous: string,
  command: string,
  count: number,
  begins?: boolean,
  beforePreviousTarget?: string | undefined,
  previousTarget?: string | undefined,
];

/** Tells how likely commands are after others. */
export interface NextCommands {
  probability(command: string, before: Before): number;
  /** How likely a command is wherever it may be. */
  usual(command: string): number;
  /** Commands that have been seen at all. */
  readonly seen: ReadonlySet<string>;
  /** The same, of somebody of whom more is known. */
  withMore(own: Iterable<Transition>): NextCommands;
}

/** How many commands the model looks back, at most. */
const LOOK_BACK = 2;
/** Tests are short, and few: a context says less than its counts do. Chosen by the likelihood of tests that were held out. */
export const DOUBT = 4;
/** What is known of others weighs as much as so many times that somebody has gone on. Chosen as {@link DOUBT} is. */
export const TRUST = 64;
/** What somebody does after a command weighs so much, against what they do when it was done to that very element. */
export const FAMILIAR = 4;

/**
 * A model of which command comes next: interpolated n-grams of order 3 after Witten and Bell (1991), those at the start
 * of a checkpoint apart from the others. What has been seen after a context counts as often as it was seen; the shorter
 * context weighs the more, the more different commands have followed.
 * @param vocabulary how many commands there are: one that was never seen is as likely as any other
 * @param doubt how much a shorter context weighs for each different command that followed
 */
export function learnNextCommands(
  transitions: Iterable<Transition>,
  vocabulary: number,
  doubt: number = DOUBT,
): NextCommands {
  const counted = countFollowers(transitions);
  const interpolated = (command: string, contexts: readonly string[]): number =>
    contexts.reduce((shorter, context) => {
      const followers = counted.after.get(context);
      if (!followers) return shorter;
      const different = followers.counts.size * doubt;
      return ((followers.counts.get(command) ?? 0) + different * shorter) / (followers.total + different);
    }, 1 / vocabulary);
  const model: NextCommands = {
    seen: counted.seen,
    probability: (command, before) => interpolated(command, [ANYWHERE, ...contextsOf(pointOf(before)).commands]),
    usual: (command) => interpolated(command, [ANYWHERE]),
    withMore: (own) => adapted(model, own),
  };
  return model;
}

/**
 * A model that follows the habits of one, the more of them are known: those of all others are what is expected before
 * anything is (a Dirichlet prior, after MacKay and Peto, 1995). What one does to an element says more than the command
 * alone. Commands are shared among users, never targets or values.
 * @param own what followed what, of a user or within a session
 * @param trust how much the others weigh
 * @param familiar how much the commands weigh against what they were done to
 */
export function adapted(
  others: NextCommands,
  own: Iterable<Transition>,
  trust: number = TRUST,
  familiar: number = FAMILIAR,
): NextCommands {
  return adaptedTo([countFollowers(own)], others, trust, familiar);
}

function adaptedTo(known: readonly Counted[], others: NextCommands, trust: number, familiar: number): NextCommands {
  const after = (command: string, context: string, expected: number, weight: number): number => {
    let [total, times] = [0, 0];
    for (const counted of known) {
      const followers = counted.after.get(context);
      total += followers?.total ?? 0;
      times += followers?.counts.get(command) ?? 0;
    }
    return total === 0 ? expected : (times + weight * expected) / (total + weight);
  };
  return {
    seen: new Set([others.seen, ...known.map(({ seen }) => seen)].flatMap((seen) => [...seen])),
    usual: (command) => after(command, ANYWHERE, others.usual(command), trust),
    probability(command, before) {
      const { commands, steps } = contextsOf(pointOf(before));
      const expected = others.probability(command, before);
      const byCommand = commands.slice(1).reduce((shorter, one) => after(command, one, shorter, trust), expected);
      return steps.reduce((shorter, one) => after(command, one, shorter, familiar), byCommand);
    },
    withMore: (own) => adaptedTo([...known, countFollowers(own)], others, trust, familiar),
  };
}

/** What followed what within a piece of a session. */
export function transitionsWithin(done: readonly Done[]): Transition[] {
  return done.slice(LOOK_BACK).map(({ command, begins = false }, at): Transition => {
    const [beforePrevious, previous] = [done[at], done[at + 1]] as [Done, Done];
    return [beforePrevious.command, previous.command, command, 1, begins, beforePrevious.target, previous.target];
  });
}

/** What followed one context. */
interface Followers {
  total: number;
  readonly counts: Map<string, number>;
}

interface Counted {
  readonly after: ReadonlyMap<string, Followers>;
  readonly seen: ReadonlySet<string>;
}

function countFollowers(transitions: Iterable<Transition>): Counted {
  const after = new Map<string, Followers>();
  const seen = new Set<string>();
  for (const transition of transitions) {
    const [beforePrevious, previous, command, count] = transition;
    const [, , , , begins = previous === '', beforePreviousTarget, previousTarget] = transition;
    if (!(count > 0)) continue;
    seen.add(command);
    const { commands, steps } = contextsOf({
      begins,
      last: [
        { command: beforePrevious, target: beforePreviousTarget },
        { command: previous, target: previousTarget },
      ],
    });
    for (const context of [ANYWHERE, ...commands, ...steps]) {
      const followers = after.get(context) ?? { total: 0, counts: new Map<string, number>() };
      followers.total += count;
      followers.counts.set(command, (followers.counts.get(command) ?? 0) + count);
      after.set(context, followers);
    }
  }
  return { after, seen };
}

/** A place in a session: the two commands before it, and whether a checkpoint begins there. */
interface Point {
  readonly begins: boolean;
  readonly last: readonly [Done, Done];
}

/** Before the first command stands nothing. */
export const NOTHING: Done = { command: '', target: '' };

function pointOf({ done, begins = false }: Before): Point {
  const last = [NOTHING, NOTHING, ...done].slice(-LOOK_BACK) as [Done, Done];
  return { begins: begins || done.length === 0, last };
}

const ANYWHERE = '';

/**
 * What is looked up of a place, from the least that is known of it to the most: by commands alone, and by what they were
 * done to as far as that is told.
 */
function contextsOf({ begins, last: [beforePrevious, previous] }: Point): {
  readonly commands: readonly [string, string, string];
  readonly steps: readonly string[];
} {
  const place = begins ? 'begins' : 'within';
  const byLast = `${place} ${previous.command}`;
  const byBoth = `${byLast} ${beforePrevious.command}`;
  if (previous.target === undefined) return { commands: [place, byLast, byBoth], steps: [] };
  const byStep = `${byLast} to\n${previous.target}`;
  const more =
    beforePrevious.target === undefined ? [] : [`${byStep}\n${beforePrevious.command} ${beforePrevious.target}`];
  return { commands: [place, byLast, byBoth], steps: [byStep, ...more] };
}
