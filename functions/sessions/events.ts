import type { LiveSessionEntity } from '../../schemas/live.ts';
import { isLiveSeq, LIVE_END, type LiveEvent } from '../../shared/domain/live-log.ts';
import { isClosed } from '../../shared/domain/live-sessions.ts';
import { type EventSource, eventStream, streamHeaders } from '../../shared/http/event-stream.ts';
import { route } from '../../shared/http/route.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { owned } from './handler.ts';
import type { Services } from './services.ts';

export const readSessionEvents = route<Services>({
  method: 'GET',
  path: '/v1/sessions/:id/events',
  summary:
    "Sends a live session's events as they come (server-sent events), from the first or from after Last-Event-ID, until it has ended.",
  access: { scope: 'sessions:read' },
  answers: { 200: 'events', 204: 'nothing' },
  async handle(request, services) {
    const after = request.header('last-event-id') || undefined;
    if (after !== undefined && !isLiveSeq(after)) {
      throw new AppError('invalid-argument', 'The Last-Event-ID is none of this session: send it as it was received.');
    }
    const session = await owned(request, services);
    if (request.method === 'HEAD') return { status: 200, headers: streamHeaders };
    // By this a client knows that there is no more to come for (HTML standard, 9.2).
    if (isClosed(session) && after === LIVE_END) return { status: 204 };
    const body = eventStream(follow(session, after, services), { stopping: services.stopping });
    return { status: 200, headers: streamHeaders, body };
  },
});

function follow(session: LiveSessionEntity, after: string | undefined, { liveLog, log }: Services & Base): EventSource {
  return {
    start: (send, end) =>
      liveLog.follow(session, after, {
        events: (events) => send(events.map(streamed)),
        end,
        failed: (error) => {
          log.warning(`the events of a live session could not be followed: ${String(error)}`);
          end();
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
