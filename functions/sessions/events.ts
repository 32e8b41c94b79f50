import { eventsQuery } from '../../schemas/events-query.ts';
import type { LiveSessionEntity } from '../../schemas/live.ts';
import { isLiveSeq, LIVE_END, type LiveEvent } from '../../shared/domain/live-log.ts';
import { isClosed } from '../../shared/domain/live-sessions.ts';
import type { EventSource } from '../../shared/http/follow-events.ts';
import { lastEventId } from '../../shared/http/last-event-id.ts';
import { route } from '../../shared/http/route.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { owned } from './handler.ts';
import type { Services } from './services.ts';

export const readSessionEvents = route<Services, undefined, typeof eventsQuery>({
  method: 'GET',
  path: '/v1/sessions/:id/events',
  summary:
    "Sends a live session's events as they come (server-sent events, or the same through a WebSocket), from the first or from after Last-Event-ID, until it has ended.",
  access: { scope: 'sessions:read' },
  answers: { 200: 'events', 204: 'nothing' },
  query: eventsQuery,
  async handle(request, services) {
    const after = lastEventId(request, isLiveSeq);
    const session = await owned(request, services);
    // By this a client knows that there is no more to come for (HTML standard, 9.2).
    if (isClosed(session) && after === LIVE_END) return { status: 204 };
    return { status: 200, events: follow(session, after, services) };
  },
});

function follow(session: LiveSessionEntity, after: string | undefined, { liveLog, log }: Services & Base): EventSource {
  return {
    start: (send, end) =>
      liveLog.follow(session, after, {
        events: (events) => send(events.map(streamed)),
        end: () => end('told'),
        failed: (error) => {
          log.warning(`the events of a live session could not be followed: ${String(error)}`);
          end('later');
        },
      }),
  };
}

/** As webhooks are sent it, with its id, and the number of its command. */
const streamed = ({ seq, id, type, time, data, n }: LiveEvent) => ({
  id: seq,
  type,
  data: { id, type, timestamp: time, ...(n === undefined ? {} : { n }), data },
});
