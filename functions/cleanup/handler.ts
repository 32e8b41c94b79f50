import type { LiveSessions } from '../../shared/domain/live-sessions.ts';
import type { Sessions } from '../../shared/domain/sessions.ts';
import type { Slots } from '../../shared/domain/slots.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';

export interface Services {
  readonly sessions: Sessions;
  readonly live: LiveSessions;
  readonly slots: Slots;
  /** Where tasks are made that wake live sessions. */
  readonly wake: TaskQueue;
}

/** All attempts of a session's task are over in less: 10 + 20 + 40 + 80 seconds between five attempts, and a lease. */
const ABANDONED_MS = 15 * 60_000;
/** Sessions a time: the others wait for the next. */
const MOST = 200;

/** Ends what nobody goes on with, so that those who wait for it are answered. */
export async function cleanup(
  _input: unknown,
  { sessions, live, slots, wake, ids, clock, log }: Services & Base,
): Promise<void> {
  const ended = await sessions.endAbandoned(new Date(clock.now() - ABANDONED_MS), MOST, {
    type: 'abandoned',
    message: 'Every instance that was asked to run the session has died.',
  });
  for (const { id, run_id } of ended) {
    log.error('A session was abandoned.', undefined, { session_id: id, run_id });
  }
  // A limit may have been raised, or an instance have died between two writes.
  await slots.fillAll(MOST);
  const waiting = await live.freeAbandoned(new Date(clock.now() - ABANDONED_MS), MOST);
  await wake.enqueue(
    waiting.map(({ id }) => ({ to: 'run-session', name: `${id}-${ids.next('req')}`, payload: { session_id: id } })),
  );
  for (const { id } of await live.endOverdue(MOST)) log.info('A live session has expired.', { session_id: id });
}
