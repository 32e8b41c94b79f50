import type { LiveSessionEntity } from '../../schemas/live.ts';
import type { NewEvent } from '../events/publish.ts';
import { millisecondsBetween } from './durations.ts';
import { isClosed } from './live-sessions.ts';

/** What a change of a live session tells: that its first command has opened it, and that it has ended. */
export function liveSessionNews(previous: LiveSessionEntity, session: LiveSessionEntity): NewEvent[] {
  const news: NewEvent[] = [];
  const { id: session_id, user_id } = session;
  const about = { key: [session_id], subject: `sessions/${session_id}` };
  if (previous.started_at === undefined && session.started_at !== undefined) {
    news.push({ type: 'session.opened', ...about, time: session.started_at, data: { user_id, session_id } });
  }
  if (isClosed(session) && !isClosed(previous)) {
    const ended = session.ended_at ?? session.updated_at;
    const { commands, passed, failed, resumed } = session;
    const data = {
      ...{ user_id, session_id, commands, passed, failed, resumed },
      reason: session.status as 'closed' | 'expired',
      duration_ms: millisecondsBetween(session.created_at, ended),
    };
    news.push({ type: 'session.closed', ...about, time: ended, data });
  }
  return news;
}
