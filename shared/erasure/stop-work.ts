import type { SessionEntity } from '../../schemas/entities.ts';
import type { LiveSessionEntity } from '../../schemas/live.ts';
import { Documents } from '../domain/documents.ts';
import { inParallel } from '../platform/in-parallel.ts';
import type { Platform } from '../platform/platform.ts';
import { sessionsCollection } from '../resources/collections.ts';

const UNDER_WAY = ['queued', 'running', 'idle'] as const;
const PAGE = 200;
const PARALLEL = 16;

type AnySession = Omit<SessionEntity, 'kind' | 'status'> & Pick<LiveSessionEntity, 'closes_at'> & AnyKind;
interface AnyKind {
  readonly kind: 'run' | 'live';
  readonly status: SessionEntity['status'];
}

/**
 * Ends the sessions of a user, those of runs and live ones: their instances notice and stop.
 * @returns until when an instance that has not noticed may still believe that a session is its own; undefined when none does
 */
export async function stopSessions(
  userId: string,
  platform: Pick<Platform, 'clients' | 'clock'>,
): Promise<Date | undefined> {
  const sessions = new Documents<AnySession>(sessionsCollection, platform);
  const leases: Date[] = [];
  for (const status of UNDER_WAY) {
    for (;;) {
      const found = await sessions.find((query) =>
        query.where('user_id', '==', userId).where('status', '==', status).limit(PAGE),
      );
      if (found.length === 0) break;
      const ended = await inParallel(PARALLEL, found, ({ id }) =>
        sessions.change(id, (session) => (session.status === status ? endOf(session, sessions.now()) : undefined)),
      );
      leases.push(...ended.flatMap((session) => session?.lease?.expires_at ?? []));
    }
  }
  return leases.sort((a, b) => b.getTime() - a.getTime())[0];
}

function endOf({ kind }: AnySession, now: Date): Partial<AnySession> {
  return kind === 'live'
    ? { status: 'closed', closes_at: null, ended_at: now }
    : { status: 'cancelled', awaited: false, ended_at: now };
}
