import type { SessionEntity } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import { cacheCollection } from '../resources/collections.ts';

/** What a session is doing just now. */
export interface Progress {
  readonly checkpoint: string;
  readonly step: string;
  readonly done: number;
  readonly total: number;
}

/** Where running sessions say what they are doing: at most once a second each, and only when they take longer than that. */
export interface ProgressBoard {
  /** Notes progress; never waits and never fails the caller. */
  note(session: Pick<SessionEntity, 'id' | 'user_id'>, progress: Progress): void;
  ofSessions(sessionIds: readonly string[]): Promise<Map<string, Progress>>;
}

const INTERVAL_MS = 1000;
const KEPT_MS = 3600_000;
const keyOf = (sessionId: string) => `progress-${sessionId}`;

export const progressBoard = defineService([writes(cacheCollection)], ({ clients, clock, log }): ProgressBoard => {
  const written = new Map<string, number>();
  const collection = async () => (await clients.firestore()).collection(cacheCollection.name);
  return {
    note({ id: sessionId, user_id }, progress) {
      const now = clock.now();
      const last = written.get(sessionId);
      written.set(sessionId, last ?? now);
      if (last === undefined || now - last < INTERVAL_MS) return;
      written.set(sessionId, now);
      const value = { value: progress, user_id, expires_at: new Date(now + KEPT_MS) };
      collection()
        .then((cache) => cache.doc(keyOf(sessionId)).set(value))
        .catch((error) => log.warning(`Progress could not be noted: ${String(error)}`));
    },
    async ofSessions(sessionIds) {
      if (sessionIds.length === 0) return new Map();
      const cache = await collection();
      const found = await cache.firestore.getAll(...sessionIds.map((id) => cache.doc(keyOf(id))));
      return new Map(
        found.flatMap((snapshot, i) =>
          snapshot.exists ? [[sessionIds[i] as string, snapshot.get('value') as Progress]] : [],
        ),
      );
    },
  };
});
