import type { LiveCommandEntity, Suggestion } from '../../schemas/live.ts';
import { nearest } from '../../schemas/problems.ts';
import { suggestionsQuery } from '../../schemas/suggestions.ts';
import type { LearnedHabits } from '../../shared/analytics/learned-habits.ts';
import type { Before } from '../../shared/analytics/next-commands.ts';
import { beforeNext, rankNext } from '../../shared/analytics/rank-next.ts';
import { commands } from '../../shared/commands/index.ts';
import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import { suggestionsOf } from '../../shared/engine/suggestions.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';

export interface Services {
  readonly live: Pick<LiveSessions, 'getOwned' | 'commandsOf'>;
  readonly habits: LearnedHabits;
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
  async handle({ query, caller }, { live, habits }) {
    const { commands: done, before } = await toldOf(query.session, caller.userId, live);
    const after = query.after === undefined ? before : { done: namesIn(query.after).map((command) => ({ command })) };
    const { at, own, next } = await habits.of(caller.userId);
    const items = rankNext(after, next, Number(query.limit ?? MOST), offersOf(done));
    return {
      status: 200,
      body: {
        after: after.done.slice(-2).map(({ command }) => command),
        items: items.map(({ steps, ...one }) =>
          steps.length > 0 ? { ...one, steps: steps.slice(0, MOST_STEPS) } : one,
        ),
        learned: at === undefined ? null : { at, own },
      },
    };
  },
});

/** @throws AppError invalid-argument for a name that no command has */
function namesIn(after: string): string[] {
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
async function toldOf(
  id: string | undefined,
  userId: string,
  live: Services['live'],
): Promise<{ commands: readonly LiveCommandEntity[]; before: Before }> {
  if (id === undefined) return { commands: [], before: { done: [] } };
  const session = await live.getOwned(id, userId);
  if (!session) throw new AppError('not-found', `There is no live session '${id}'.`);
  const commands = await live.commandsOf(id);
  return { commands, before: beforeNext(session, commands) };
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
