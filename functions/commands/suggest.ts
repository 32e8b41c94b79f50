import type { LiveCommandEntity, Suggestion } from '../../schemas/live.ts';
import { nearest } from '../../schemas/problems.ts';
import { suggestionsQuery } from '../../schemas/suggestions.ts';
import { EVERYBODYS, type Habits, habitsOf } from '../../shared/analytics/habits.ts';
import { learnNextCommands, type NextCommands, nextCommands } from '../../shared/analytics/next-commands.ts';
import { commands } from '../../shared/commands/index.ts';
import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import { suggestionsOf } from '../../shared/engine/suggestions.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { type ObjectStore, whereThere } from '../../shared/platform/object-store.ts';

export interface Services {
  readonly live: Pick<LiveSessions, 'getOwned' | 'commandsOf'>;
  readonly objects: Pick<ObjectStore, 'get'>;
}

const MOST = '5';
/** Steps that a command could be, of those that the page offers. */
const MOST_STEPS = 3;

export const suggestCommands = route<Services, undefined, typeof suggestionsQuery>({
  method: 'GET',
  path: '/v1/commands/suggestions',
  summary: 'The commands that mostly come next, by what you and everybody did before; with a live session, what to.',
  access: { scope: 'tests:read' },
  limit: 'command',
  query: suggestionsQuery,
  answers: { 200: 'command-suggestions' },
  async handle({ query, caller }, { live, objects, clock }) {
    const done = query.session === undefined ? undefined : await commandsOf(query.session, caller.userId, live);
    const given = query.after === undefined ? undefined : namesOf(query.after);
    const after = given ?? (done ?? []).flatMap(({ step }) => (step ? [step.command] : []));
    const [everybody, own] = await Promise.all([
      habits(EVERYBODYS, objects, clock.now()),
      habits(habitsOf(caller.userId), objects, clock.now()),
    ]);
    const offered = done === undefined ? [] : offersOf(done);
    const next = nextCommands(after, Number(query.limit ?? MOST), everybody.model, own.at ? own.model : undefined);
    return {
      status: 200,
      body: {
        after: after.slice(-2),
        items: next.map((one) => ({ ...one, ...stepsFor(one.command, offered) })),
        learned: everybody.at === undefined ? null : { at: everybody.at, own: own.at !== undefined },
      },
    };
  },
});

/** @throws AppError invalid-argument for a name that no command has */
function namesOf(after: string): string[] {
  const known = commands.map(({ name }) => name);
  return after
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => {
      if (known.includes(name)) return name;
      const like = nearest(name, known);
      const hint = like ? `Did you mean '${like}'?` : 'GET /v1/commands lists them.';
      const details = [{ pointer: '/after', message: `there is no command '${name}'`, hint }];
      throw new AppError('invalid-argument', `There is no command '${name}'. ${hint}`, { details });
    });
}

/** @throws AppError not-found for a session that is not the caller's */
async function commandsOf(id: string, userId: string, live: Services['live']): Promise<LiveCommandEntity[]> {
  if (!(await live.getOwned(id, userId))) throw new AppError('not-found', `There is no live session '${id}'.`);
  return await live.commandsOf(id);
}

/** What the page offered when it was last seen whole. */
function offersOf(done: readonly LiveCommandEntity[]): Suggestion[] {
  const seen = done.findLast((command) => treeOf(command) !== undefined);
  return seen ? suggestionsOf(treeOf(seen) ?? '') : [];
}

function treeOf({ page, snapshot }: LiveCommandEntity): string | undefined {
  const whole = page?.snapshot ?? snapshot;
  return whole?.kind === 'full' ? whole.text : undefined;
}

function stepsFor(command: string, offered: readonly Suggestion[]): { steps?: Suggestion[] } {
  const steps = offered.filter(({ step }) => step.command === command).slice(0, MOST_STEPS);
  return steps.length > 0 ? { steps } : {};
}

interface Learned {
  /** When; undefined when nothing was. */
  readonly at: string | undefined;
  readonly model: NextCommands;
}

/** What has been learned changes once a night. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 500;
const kept = new WeakMap<object, Map<string, { readonly until: number; readonly learned: Promise<Learned> }>>();

/** What was learned of one, from the object or from this instance's memory. */
async function habits(name: string, objects: Services['objects'], now: number): Promise<Learned> {
  const ofStore = kept.get(objects) ?? new Map();
  kept.set(objects, ofStore);
  const known = ofStore.get(name);
  if (known && known.until > now) return await known.learned;
  if (ofStore.size >= MOST_KEPT) ofStore.delete(ofStore.keys().next().value as string);
  const learned = read(name, objects);
  ofStore.set(name, { until: now + KEPT_MS, learned });
  learned.catch(() => ofStore.delete(name));
  return await learned;
}

async function read(name: string, objects: Services['objects']): Promise<Learned> {
  const body = await whereThere(objects.get(name));
  const { at, transitions } = body ? (JSON.parse(body.toString('utf8')) as Habits) : { at: undefined, transitions: [] };
  return { at, model: learnNextCommands(transitions, commands.length) };
}
