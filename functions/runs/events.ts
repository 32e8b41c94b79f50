import type { RunEntity } from '../../schemas/entities.ts';
import { eventsQuery } from '../../schemas/events-query.ts';
import { isSeq, LAST_EVENT, type LoggedEvent, type RunLog } from '../../shared/domain/run-log.ts';
import { hasEnded } from '../../shared/domain/runs.ts';
import { type EventSource, toldEvents } from '../../shared/http/follow-events.ts';
import { lastEventId } from '../../shared/http/last-event-id.ts';
import { route } from '../../shared/http/route.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { owned, type Services } from './services.ts';

/** Nobody waits so long after a run's end for an event that is missing. */
const SETTLED_MS = 5 * 60_000;

export const readRunEvents = route<Services, undefined, typeof eventsQuery>({
  method: 'GET',
  path: '/v1/runs/:id/events',
  summary:
    "Sends a run's events as they come (server-sent events, or the same through a WebSocket), from the first or from after Last-Event-ID.",
  access: { scope: 'runs:read' },
  answers: { 200: 'events', 204: 'nothing' },
  query: eventsQuery,
  async handle(request, services) {
    const after = lastEventId(request, isSeq);
    const run = await owned(request, services);
    const told = await toldCompletely(run, after, services);
    if (!told) return { status: 200, events: follow(services.runLog, run.id, after, services.log) };
    // By this a client knows that there is no more to come for (HTML standard, 9.2).
    if (told.length === 0) return { status: 204 };
    return { status: 200, events: toldEvents(told.map(streamed)) };
  },
});

/** What there is after a place of a log to which nothing is added any more; undefined while something may be. */
async function toldCompletely(
  run: RunEntity,
  after: string | undefined,
  { runLog, clock }: Services & Base,
): Promise<LoggedEvent[] | undefined> {
  if (!hasEnded(run)) return undefined;
  const end = await runLog.endOf(run.id);
  const endedAt = run.ended_at ?? run.updated_at;
  if (end === undefined && clock.now() - endedAt.getTime() < SETTLED_MS) return undefined;
  const rest = await runLog.read(run.id, after);
  return end === undefined ? rest : rest.filter(({ seq }) => seq <= end);
}

function follow(runLog: RunLog, id: string, after: string | undefined, log: Base['log']): EventSource {
  return {
    start: (send, end) =>
      runLog.follow(
        id,
        after,
        (events) => {
          const last = events.findIndex(({ type }) => type === LAST_EVENT);
          send((last === -1 ? events : events.slice(0, last + 1)).map(streamed));
          if (last !== -1) end('told');
        },
        (error) => {
          log.warning(`the log of a run could not be followed: ${error.message}`);
          end('later');
        },
      ),
  };
}

/** As webhooks are sent it, with its id. */
const streamed = ({ seq, id, type, time, data }: LoggedEvent) => ({
  id: seq,
  type,
  data: { id, type, timestamp: time, data },
});
