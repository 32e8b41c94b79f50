import type { LiveCommandEntity } from '../../schemas/live.ts';
import type { NewEvent } from '../events/publish.ts';
import { commandEvents } from './command-events.ts';
import { hasResult } from './live-sessions.ts';

/** An event for each step that a live session's command has executed. */
export function liveCommandNews(
  previous: LiveCommandEntity | undefined,
  command: LiveCommandEntity,
  region: string,
): NewEvent[] {
  if (command.kind !== 'step' || !hasResult(command) || (previous && hasResult(previous))) return [];
  const { id, session_id, user_id, browser, result, inner = [] } = command;
  const of = { id, session_id, user_id, attempt: 1, ...(browser === undefined ? {} : { browser }) };
  return [...(result ? [result] : []), ...inner].flatMap((one) => commandEvents(of, one, region));
}
