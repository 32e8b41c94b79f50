import type { LiveCommandEntity } from '../../schemas/live.ts';
import { hasResult, type LiveSessions, type NewCommand } from '../../shared/domain/live-sessions.ts';
import type { ApiRequest } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate, currentTrace } from '../../shared/platform/trace.ts';
import type { Services } from './services.ts';

type Sender = Pick<ApiRequest<unknown, unknown>, 'params' | 'caller' | 'header' | 'waitSeconds'>;

/** Seconds that a result is waited for, when nobody says otherwise. */
const WAIT_SECONDS = 60;
/** After so long without a result it is looked whether the instance is still there. */
const LOOK_AFTER_MS = 10_000;

/**
 * Appends commands to a session, wakes it if it rests, and waits for the last one's result.
 * @returns the commands as they are then: with a result, or still without when the time was over
 * @throws AppError not-found, conflict when the session has ended, rate-limited when too many are waiting
 */
export async function send(
  request: Sender,
  given: readonly Omit<NewCommand, 'id'>[],
  services: Pick<Services, 'live' | 'wake'> & Base,
): Promise<LiveCommandEntity[]> {
  const { live, ids, clock } = services;
  const sessionId = request.params.id ?? '';
  annotate({ session_id: sessionId });
  const key = request.header('idempotency-key');
  const trace = currentTrace();
  const commands = given.map((one, i) => ({
    ...one,
    id: key ? derivedId('chk', sessionId, request.caller.userId, key, i) : ids.next('chk'),
    ...(trace ? { trace } : {}),
  }));
  const until = clock.now() + (request.waitSeconds ?? WAIT_SECONDS) * 1000;
  for (let taken = false; ; taken = true) {
    // What is there already is not appended again: it is looked at, and woken again if its instance has died.
    const sent = await append(live, sessionId, request.caller.userId, commands, taken);
    if (sent.wake) await wake(sessionId, services);
    const left = until - clock.now();
    const last = sent.commands.at(-1);
    if (left <= 0 || !last || hasResult(last)) return sent.commands;
    const seen = await live.waitForResult(last.id, Math.min(left, LOOK_AFTER_MS));
    if (seen && hasResult(seen) && sent.commands.length === 1) return [seen];
  }
}

/** @param taken the commands have been appended before */
async function append(
  live: LiveSessions,
  sessionId: string,
  userId: string,
  commands: readonly NewCommand[],
  taken: boolean,
) {
  const appended = await live.append(sessionId, userId, commands);
  switch (appended.kind) {
    case 'appended':
      return appended;
    case 'missing':
      throw new AppError('not-found', `There is no live session '${sessionId}'.`);
    case 'over':
      throw new AppError(
        'conflict',
        taken
          ? `The session was ${appended.status} before the command had a result.`
          : `The session is ${appended.status}: it takes no more commands.`,
      );
    case 'full':
      throw new AppError('rate-limited', `${appended.waiting} commands of the session wait for their turn.`, {
        retryAfter: 5,
      });
  }
}

async function wake(sessionId: string, { wake: queue, ids }: Pick<Services, 'wake'> & Base): Promise<void> {
  const name = `${sessionId}-${ids.next('req')}`;
  await queue.enqueue([{ to: 'run-session', name, payload: { session_id: sessionId } }]);
}
