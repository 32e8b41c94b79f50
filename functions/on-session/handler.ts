import type { SessionEntity } from '../../schemas/entities.ts';
import type { LiveSessionEntity } from '../../schemas/live.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import type { Checkpoints } from '../../shared/domain/checkpoints.ts';
import { millisecondsBetween } from '../../shared/domain/durations.ts';
import { isLetGo } from '../../shared/domain/hold-back.ts';
import { liveSessionNews } from '../../shared/domain/live-session-news.ts';
import { planNextAttempt } from '../../shared/domain/plan.ts';
import type { Runs, Verdict } from '../../shared/domain/runs.ts';
import { isFailure, isOver, isTriedAgain, type Sessions } from '../../shared/domain/sessions.ts';
import { settleRun } from '../../shared/domain/settle-run.ts';
import type { Slots } from '../../shared/domain/slots.ts';
import type { Events, NewEvent } from '../../shared/events/publish.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { TaskQueue } from '../../shared/platform/task-queues.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly runs: Runs;
  readonly sessions: Sessions;
  readonly checkpoints: Checkpoints;
  readonly slots: Slots;
  readonly queue: TaskQueue;
  readonly events: Events;
}

/**
 * Tells that a session has started, was resumed or has ended; then tries it again or settles its run. One that was held
 * back and is let go is put on the queue.
 */
export async function onSession({ before, after }: DocumentInput, services: Services & Base): Promise<void> {
  const session = after as unknown as SessionEntity | undefined;
  const previous = before as unknown as SessionEntity | undefined;
  if (!session || !previous) return;
  if (session.kind === 'live') {
    annotate({ session_id: session.id, user_id: session.user_id });
    const news = liveSessionNews(before as unknown as LiveSessionEntity, after as unknown as LiveSessionEntity);
    if (news.length > 0) await services.events.publish(news);
    return;
  }
  annotate({ run_id: session.run_id, session_id: session.id, user_id: session.user_id });
  const started = previous.started_at === undefined && session.started_at !== undefined;
  const resumed = session.resumed > previous.resumed;
  const ended = isOver(session.status) && !isOver(previous.status);
  const news: NewEvent[] = [];
  if (started) news.push(startedEvent(session));
  if (resumed) news.push(resumedEvent(session));
  if (ended) news.push(completedEvent(session));
  await services.events.publish(news);
  if (isLetGo(session) && !isLetGo(previous) && session.status === 'queued') await enqueue(session.id, services);
  if (!ended) return;
  if (isTriedAgain(session)) return await tryAgain(session, services);
  if (isFailure(session)) await services.runs.failFast(session.run_id, session.id);
  await settleRun(session.run_id, session.id, services);
  // What came to wait while it ended did not see its slot; one that was cancelled has more of its kind beside it.
  const { hands_on, passed_to, status } = session;
  if (hands_on && passed_to === undefined && status !== 'cancelled') await services.slots.fill(session.user_id);
}

async function tryAgain(session: SessionEntity, { sessions, checkpoints, queue }: Services): Promise<void> {
  const next = planNextAttempt(session, await checkpoints.ofSession(session.id));
  await sessions.planRetry(session, next);
  await enqueue(next.session.id, { queue });
}

const enqueue = (id: string, { queue }: Pick<Services, 'queue'>): Promise<void> =>
  queue.enqueue([{ to: 'run-session', name: id, payload: { session_id: id } }]);

const identityOf = (session: SessionEntity) => ({
  user_id: session.user_id,
  session_id: session.id,
  run_id: session.run_id,
  test_id: session.test_id,
  test_name: session.test_name,
  attempt: session.attempt,
});

const subjectOf = (session: SessionEntity) => `sessions/${session.id}`;

function startedEvent(session: SessionEntity): NewEvent {
  const time = session.started_at ?? session.updated_at;
  return { type: 'session.started', key: [session.id], subject: subjectOf(session), time, data: identityOf(session) };
}

function resumedEvent(session: SessionEntity): NewEvent {
  return {
    type: 'session.resumed',
    key: [session.id, session.resumed],
    subject: subjectOf(session),
    time: session.updated_at,
    data: { ...identityOf(session), resumed: session.resumed },
  };
}

function completedEvent(session: SessionEntity): NewEvent {
  const endedAt = session.ended_at ?? session.updated_at;
  const startedAt = session.started_at ?? endedAt;
  return {
    type: 'session.completed',
    key: [session.id],
    subject: subjectOf(session),
    time: endedAt,
    data: {
      ...identityOf(session),
      content_hash: session.content_hash,
      status: session.status as Verdict,
      trigger: session.trigger,
      ...(session.row_index === undefined ? {} : { row: session.row_index }),
      checkpoints: session.checkpoint_count,
      steps: session.step_count,
      passed: session.passed_steps,
      failed: session.failed_steps,
      duration_ms: millisecondsBetween(startedAt, endedAt),
      queued_ms: millisecondsBetween(session.created_at, startedAt),
      cold_start: session.cold_start ?? false,
      gb_seconds: session.gb_seconds ?? 0,
      billable_operations: session.billable_operations ?? 0,
      ended_at: endedAt.toISOString(),
    },
  };
}
