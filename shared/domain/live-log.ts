import type { LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { defineService, reads } from '../define/service.ts';
import { type NewEvent, toCloudEvent } from '../events/publish.ts';
import { checkpointsCollection, sessionsCollection } from '../resources/collections.ts';
import { Documents } from './documents.ts';
import { liveCommandNews } from './live-command-news.ts';
import { liveSessionNews } from './live-session-news.ts';
import { createLiveSessions, hasResult, isClosed } from './live-sessions.ts';
import type { LoggedEvent } from './run-log.ts';

/** An event of a live session; those of a command have its number. */
export type LiveEvent = Omit<LoggedEvent, 'seq'> & { readonly seq: string; readonly n?: number };

/**
 * The events of a live session. Its commands are the log: they lie in their order already, and each is written once with
 * its result, so that a place in the log is a command's number and no event costs a write.
 */
export interface LiveLog {
  /**
   * Gives the events after a place, and then those that come, in order and each once; `onEnd` after the session's last.
   * @returns what stops it
   */
  follow(
    session: Pick<LiveSessionEntity, 'id'>,
    after: string | undefined,
    on: { events(events: readonly LiveEvent[]): void; end(): void; failed(error: unknown): void },
  ): () => void;
}

/** The command's number, which is 0 for the session's opening, and the event's among those of the command. */
const SEQ = /^(\d{10})\.(\d{4})$/;
const seqOf = (position: number, n: number) => `${String(position).padStart(10, '0')}.${String(n).padStart(4, '0')}`;
/** Place of the session's end: after every command. */
export const LIVE_END = seqOf(9_999_999_999, 0);
export const isLiveSeq = (text: string): boolean => SEQ.test(text);

export const liveLog = defineService([reads(sessionsCollection), reads(checkpointsCollection)], (platform): LiveLog => {
  const sessions = new Documents<LiveSessionEntity>(sessionsCollection, platform);
  const live = createLiveSessions(platform);
  return {
    follow({ id }, after, on) {
      const from = Math.max(1, Number(after?.match(SEQ)?.[1] ?? 0));
      const teller = createTeller(after, platform.config.region, on);
      const stops = [
        sessions.listen(id, (session) => teller.see({ session }), on.failed),
        live.listen(id, from, (commands) => teller.see({ commands }), on.failed),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
});

/** Puts what is seen of a session and of its commands, in whatever order, into the order of the log. */
export function createTeller(
  after = '',
  region: string,
  { events, end }: Pick<Parameters<LiveLog['follow']>[2], 'events' | 'end'>,
) {
  let session: LiveSessionEntity | undefined;
  const waiting = new Map<number, LiveCommandEntity>();
  let told = after;
  let next = Math.max(1, Number(after.match(SEQ)?.[1] ?? 0));
  let over = false;

  const tell = (news: readonly NewEvent[], position: number): LiveEvent[] => {
    const fresh = news.map((event, i) => toLiveEvent(event, position, i)).filter(({ seq }) => seq > told);
    told = fresh.at(-1)?.seq ?? told;
    return fresh;
  };

  return {
    see(seen: { session?: LiveSessionEntity; commands?: readonly LiveCommandEntity[] }): void {
      session = seen.session ?? session;
      for (const command of seen.commands ?? []) {
        if (command.position >= next && hasResult(command)) waiting.set(command.position, command);
      }
      if (!session || over) return;
      const { started_at: _started, ...unopened } = session;
      const open = { ...session, status: 'running' as const };
      const fresh = tell(liveSessionNews(unopened, open), 0);
      for (let command = waiting.get(next); command && next <= session.done; command = waiting.get(next)) {
        fresh.push(...tell(liveCommandNews(undefined, command, region), next));
        waiting.delete(next++);
      }
      over = isClosed(session) && next > session.done;
      if (over) fresh.push(...tell(liveSessionNews(open, session), Number.parseInt(LIVE_END, 10)));
      if (fresh.length > 0) events(fresh);
      if (over) end();
    },
  };
}

function toLiveEvent(event: NewEvent, position: number, i: number): LiveEvent {
  const { id, type, time, data } = toCloudEvent(event);
  const { user_id: _userId, ...rest } = data;
  const isCommand = type.startsWith('command.');
  return { seq: seqOf(position, i), id, type: event.type, time, data: rest, ...(isCommand ? { n: position } : {}) };
}
