import type { LiveCommandEntity, Suggestion } from '../../schemas/live.ts';
import { beforeNext, REMEMBERED, rankSteps, type Told } from '../../shared/analytics/rank-next.ts';
import type { LiveWork } from './live-work.ts';

/** Suggestions that are given, the likeliest first. */
const MOST_SUGGESTIONS = 10;

/**
 * Ranks what a page offers after a command as `GET /v1/commands/suggestions` does: by the page, and by what followed the
 * commands before. A command's result does not depend on it: where habits cannot be read, the page says it alone.
 */
export async function suggestNext(
  work: LiveWork,
  command: LiveCommandEntity,
  offered: readonly Suggestion[],
): Promise<Suggestion[]> {
  const { live, services } = work;
  try {
    const { next } = await services.habits.of(live.user_id);
    work.before ??= await commandsBefore(work, command.position);
    return rankSteps(offered, beforeNext(live, [...work.before, command]), next, MOST_SUGGESTIONS);
  } catch (error) {
    services.log.warning('suggestions are of the page alone', { error: String(error) });
    return offered.slice(0, MOST_SUGGESTIONS);
  }
}

/** Remembers a command that was done. */
export function noteDone(work: LiveWork, command: LiveCommandEntity): void {
  if (work.before) work.before = [...work.before, toldOf(command)].slice(-REMEMBERED);
}

const toldOf = ({ position, step, status, result }: LiveCommandEntity): Told => ({
  ...{ position, status },
  ...(step ? { step } : {}),
  ...(result ? { result } : {}),
});

/** What was sent before a command, to other instances. */
async function commandsBefore({ live, services }: LiveWork, position: number): Promise<Told[]> {
  if (position === 1) return [];
  const known = await services.live.commandsOf(live.id, Math.max(1, position - REMEMBERED));
  return known.filter((one) => one.position < position).map(toldOf);
}
