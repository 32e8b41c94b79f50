import { onRun } from '../../functions/on-run/handler.ts';
import { onSession } from '../../functions/on-session/handler.ts';
import { planRun } from '../../functions/plan-run/handler.ts';
import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { queuePlaces } from '../../shared/domain/queue-places.ts';
import { runs } from '../../shared/domain/runs.ts';
import { LeaseLost, sessions } from '../../shared/domain/sessions.ts';
import { slots } from '../../shared/domain/slots.ts';
import { emptyTotals } from '../../shared/domain/totals.ts';
import { derivedId } from '../../shared/platform/ids.ts';
import type { NewTask } from '../../shared/platform/task-queues.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { decodeDocumentEvent } from '../../shared/runtime/document-event.ts';
import { startDatabase } from '../local/firestore/testing.ts';

/** What goes wrong, each with its share of the times. */
export interface Faults {
  /** An instance dies in the middle of a session. */
  readonly killed: number;
  /** An event is delivered twice. */
  readonly twice: number;
  /** A reaction dies before it is done, and its event is delivered again. */
  readonly reactionLost: number;
  /** A session fails. */
  readonly failed: number;
}

const noFaults: Faults = { killed: 0, twice: 0, reactionLost: 0, failed: 0 };
const LEASE_MS = 150;
const BACKOFF_MS = 30;
/** How long a session takes, at most. */
const SESSION_MS = 8;

export interface WantedRun {
  readonly userId: string;
  readonly sessions: number;
  readonly parallel?: number;
  readonly priority?: 'high' | 'normal' | 'low';
  readonly retries?: number;
}

/**
 * Runs without browsers: the functions' own reactions and the real services over a local Firestore, a queue that never
 * gives up, and as many instances as are wanted. What is measured is taken from the changes in the order of their commits.
 */
export async function startWorld(random: () => number, instances: number, faults: Faults = noFaults) {
  const { cloud, db, close } = await startDatabase();
  const platform = {
    ...testPlatform({ clients: { firestore: async () => db }, environment: { PARALLEL_SESSIONS: '4' } }),
    clock: { now: Date.now, sleep: async () => undefined },
  };
  const service = { runs: runs.make(platform), sessions: sessions.make(platform), slots: slots.make(platform) };
  const places = queuePlaces.make(platform);
  const names = new Set<string>();
  const queue: NewTask[] = [];
  const seen = { running: new Map<string, Set<string>>(), most: new Map<string, number>(), begun: [] as string[] };
  const status = new Map<string, string>();
  let working = 0;
  let read = 0;
  const closing = new AbortController();

  const reactions = withBase(
    {
      ...service,
      tests: { getAll: async () => [] },
      checkpoints: { ofSession: async () => [] },
      library: { find: async () => undefined, names: async () => [] },
      events: { publish: async () => undefined },
      queue: {
        async enqueue(tasks: readonly NewTask[]) {
          for (const task of tasks) {
            if (names.has(task.name)) continue;
            names.add(task.name);
            queue.push(task);
          }
        },
      },
    } as never,
    platform as never,
  );

  async function react(path: string, type: string, data: Uint8Array): Promise<void> {
    const [collection, id = ''] = path.split('/');
    const input = { eventId: 'e', id, ...decodeDocumentEvent(data) };
    if (collection === 'sessions' && type === 'updated') await onSession(input as never, reactions as never);
    if (collection === 'runs' && type === 'updated') await onRun(input as never, reactions as never);
    if (collection === 'runs' && type === 'created') await planRun(input as never, reactions as never);
  }

  function observe(path: string, data: Uint8Array): void {
    const [collection, id = ''] = path.split('/');
    if (collection === 'runs') status.set(id, String(decodeDocumentEvent(data).after?.status));
    if (collection !== 'sessions') return;
    const session = decodeDocumentEvent(data).after as unknown as SessionEntity | undefined;
    if (!session) return;
    for (const key of [session.user_id, session.run_id]) {
      const running = seen.running.get(key) ?? new Set();
      seen.running.set(key, running);
      if (session.status === 'running') running.add(id);
      else running.delete(id);
      seen.most.set(key, Math.max(seen.most.get(key) ?? 0, running.size));
    }
    if (session.status === 'running' && !seen.begun.includes(id)) seen.begun.push(id);
  }

  /** Delivers the changes in their order, some twice, and again what a reaction did not get done. */
  async function deliver(): Promise<void> {
    const { changes } = cloud;
    while (!closing.signal.aborted) {
      const batch = changes.slice(read, read + 8);
      if (batch.length === 0) {
        await pause(2);
        continue;
      }
      working++;
      read += batch.length;
      for (const change of batch) if (change.kind === 'document') observe(change.path, change.data);
      await Promise.all(
        batch.map(async (change) => {
          if (change.kind !== 'document') return;
          const times = random() < faults.twice ? 2 : 1;
          for (let i = 0; i < times; i++) {
            while (random() < faults.reactionLost) {
              // It dies somewhere within: what it did by then is done.
              await Promise.race([react(change.path, change.type, change.data).catch(() => undefined), pause(3)]);
            }
            await react(change.path, change.type, change.data);
          }
        }),
      );
      working--;
    }
  }

  async function instance(n: number): Promise<void> {
    for (let turn = 0; !closing.signal.aborted; turn++) {
      const task = queue.shift();
      if (!task) {
        await pause(2);
        continue;
      }
      working++;
      if (!(await execute(String(task.payload.session_id), `${n}-${turn}`))) {
        await pause(BACKOFF_MS);
        queue.push(task);
      }
      working--;
    }
  }

  /** @returns false when the queue is to send it again */
  async function execute(id: string, owner: string): Promise<boolean> {
    const acquired = await service.sessions.acquire(id, owner, LEASE_MS, {});
    if (acquired.kind !== 'acquired') return acquired.kind === 'over';
    await pause(random() * SESSION_MS);
    if (random() < faults.killed) return false;
    const result = random() < faults.failed ? 'failed' : 'passed';
    try {
      await service.sessions.finish(id, owner, { status: result, ended_at: new Date(), browser_ms: 1000 });
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
    }
    return true;
  }

  const troubles: unknown[] = [];
  const noted = (work: Promise<void>) => work.catch((error) => void troubles.push(error));
  const lanes = [noted(deliver())];
  const hire = (count: number) => {
    for (let n = 0; n < count; n++) lanes.push(noted(instance(lanes.length)));
  };
  hire(instances);
  let created = 0;

  return {
    ...service,
    places,
    db,
    meter: cloud.meter,
    seen,
    /** Gives a user slots of their own, as an administrator does. */
    setLimit: (userId: string, most: number) => db.doc(`slots/${userId}`).set({ quotas: { parallel_sessions: most } }),
    /** Has so many instances more. */
    hire,
    async start({ userId, sessions: count, ...selection }: WantedRun): Promise<string> {
      const id = derivedId('run', userId, created++);
      const definition = { name: 'T', tags: [], config: {}, variables: {}, setup: [], checkpoints: [], teardown: [] };
      const run: Omit<RunEntity, 'created_at' | 'updated_at'> = {
        ...{ id, user_id: userId, status: 'queued', trigger: 'api', totals: emptyTotals },
        selection: {
          ...{ tests: [], variables: {}, ...selection },
          definitions: [{ ...definition, data: Array.from({ length: count }, (_, i) => ({ i })) }] as never,
        },
      };
      await service.runs.create(run);
      return id;
    },
    /** Resolves when a run has been planned. */
    async planned(id: string): Promise<void> {
      while (troubles.length === 0 && (status.get(id) ?? 'queued') === 'queued') await pause(2);
      if (troubles.length > 0) throw troubles[0];
    },
    /** Resolves when all of these runs have ended and nothing is under way. @throws what has gone wrong */
    async ended(...ids: string[]): Promise<void> {
      const over = (id: string) => !['queued', 'running', undefined].includes(status.get(id));
      const idle = () => working === 0 && queue.length === 0 && read === cloud.changes.length;
      while (troubles.length === 0 && !(ids.every(over) && idle())) await pause(5);
      if (troubles.length > 0) throw troubles[0];
    },
    async close(): Promise<void> {
      closing.abort();
      await Promise.all(lanes);
      await close();
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
