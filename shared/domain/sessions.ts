import type { CheckpointEntity, SessionEntity, SessionStatus } from '../../schemas/entities.ts';
import { defineService, writes } from '../define/service.ts';
import { inParallel } from '../platform/in-parallel.ts';
import { checkpointsCollection, sessionsCollection } from '../resources/collections.ts';
import { createdOnce, Documents, read } from './documents.ts';
import { endAndHandOn, letGo } from './hand-on.ts';
import type { SessionCounts } from './runs.ts';
import { storable } from './storable.ts';

/** A session with its checkpoints, as they are planned. */
export interface PlannedSession {
  readonly session: Omit<SessionEntity, 'created_at' | 'updated_at'>;
  readonly checkpoints: readonly Omit<CheckpointEntity, 'created_at' | 'updated_at'>[];
}

/** What came of a checkpoint, and is not written yet. */
export interface CheckpointOutcome {
  readonly checkpoint: Pick<CheckpointEntity, 'id' | 'session_id'>;
  readonly outcome: Partial<CheckpointEntity>;
}

/** What came of asking for a session's lease. */
export type Acquired =
  | { readonly kind: 'acquired'; readonly session: SessionEntity; readonly resumed: boolean }
  /** Another instance has it. */
  | { readonly kind: 'busy'; readonly until: Date }
  /** It has ended, or there is none. */
  | { readonly kind: 'over' };

/** Thrown by a write of an instance that no longer holds the session: somebody else goes on with it. */
export class LeaseLost extends Error {}

export interface Sessions {
  get(id: string): Promise<SessionEntity | undefined>;
  /** In order, a test's attempts one after the other. */
  ofRun(runId: string): Promise<SessionEntity[]>;
  /** Writes sessions with their checkpoints; those that exist already stay as they are. */
  plan(planned: readonly PlannedSession[]): Promise<void>;
  /** Writes the next attempt and marks the one before as superseded, at once. Nothing when it was done before. */
  planRetry(previous: SessionEntity, next: PlannedSession): Promise<void>;
  acquire(id: string, owner: string, leaseMs: number, patch: Partial<SessionEntity>): Promise<Acquired>;
  /** @throws LeaseLost */
  renew(id: string, owner: string, leaseMs: number): Promise<void>;
  /** Gives the session back before its end, so that another instance may have it at once. */
  release(id: string, owner: string): Promise<void>;
  /**
   * Ends the session.
   * @param last a checkpoint that is committed in the same write
   * @throws LeaseLost
   */
  finish(
    id: string,
    owner: string,
    patch: Partial<SessionEntity> & { status: SessionStatus },
    last?: CheckpointOutcome,
  ): Promise<void>;
  /**
   * Ends the sessions of a run that have not ended, and tries none of them again.
   * @returns how many had not ended
   */
  cancelOfRun(runId: string): Promise<number>;
  /**
   * Ends sessions of runs, as errors that are not tried again, whose instance died so long ago that nobody goes on with them.
   * @param before when their leases had run out
   * @returns the sessions that it ended, at most `most`
   */
  endAbandoned(before: Date, most: number, error: { type: string; message: string }): Promise<SessionEntity[]>;
  /** Calls it once when the session has ended, whoever ended it. Gives what stops watching. */
  watchEnd(id: string, onEnd: () => void): () => void;
  /** How many sessions of a run have not ended, or have and are to be tried again. */
  countAwaited(runId: string): Promise<number>;
  /** Verdicts of a run's sessions; of several attempts only the last counts. */
  countVerdicts(runId: string): Promise<SessionCounts>;
}

export const isOver = (status: SessionStatus): boolean => !['queued', 'waiting', 'running', 'idle'].includes(status);

export const isFailure = ({ status }: Pick<SessionEntity, 'status'>): boolean =>
  status === 'failed' || status === 'error';

/** True for a session that has ended without success while its test has attempts left. */
export const isTriedAgain = (session: Pick<SessionEntity, 'status' | 'attempt' | 'attempts'>) =>
  isFailure(session) && session.attempt < session.attempts;

/** Firestore takes this many writes in one commit without complaint; larger plans are written in several. */
const WRITES_A_COMMIT = 400;
/** Sessions that are cancelled at a time. */
const PARALLEL_CHANGES = 16;

export const sessions = defineService(
  [writes(sessionsCollection), writes(checkpointsCollection)],
  (platform): Sessions => {
    const documents = new Documents<SessionEntity>(sessionsCollection, platform);
    const checkpointDocuments = new Documents<CheckpointEntity>(checkpointsCollection, platform);
    const lease = (owner: string, leaseMs: number) => ({ owner, expires_at: new Date(platform.clock.now() + leaseMs) });

    async function holding(id: string, owner: string, patch: (session: SessionEntity) => Partial<SessionEntity>) {
      const held = await documents.change(id, (session) =>
        session.lease?.owner === owner && !isOver(session.status) ? patch(session) : undefined,
      );
      if (!held) throw new LeaseLost(`session ${id} is no longer ours`);
    }

    async function write(batch: readonly PlannedSession[]): Promise<boolean> {
      const firestore = await documents.firestore();
      const now = documents.now();
      return await createdOnce(async () => {
        const commit = firestore.batch();
        for (const { session, checkpoints } of batch) {
          commit.create(await documents.ref(session.id), {
            ...storable(session),
            created_at: now,
            updated_at: now,
          });
          for (const checkpoint of checkpoints) {
            commit.create(await checkpointDocuments.ref(checkpoint.id), {
              ...storable(checkpoint),
              created_at: now,
              updated_at: now,
            });
          }
        }
        await commit.commit();
      });
    }

    const countWhere = (runId: string, status: SessionStatus) =>
      documents.count((query) =>
        query.where('run_id', '==', runId).where('superseded', '==', false).where('status', '==', status),
      );

    return {
      get: (id) => documents.get(id),
      async ofRun(runId) {
        const found = await documents.find((query) => query.where('run_id', '==', runId).orderBy('position'));
        return found.sort((a, b) => a.position - b.position || a.attempt - b.attempt);
      },
      async plan(planned) {
        for (const batch of inBatches(planned)) {
          if (await write(batch)) continue;
          for (const one of batch) await write([one]);
        }
      },
      async planRetry(previous, next) {
        const previousRef = await documents.ref(previous.id);
        const now = documents.now();
        await documents.transaction(async (transaction) => {
          const current = read<SessionEntity>(await transaction.get(previousRef));
          // One that is not awaited any more was given up meanwhile.
          if (!current || current.superseded || !current.awaited) return;
          transaction.update(previousRef, { superseded: true, awaited: false, updated_at: now });
          // It may have been told meanwhile that others wait for its slot.
          transaction.create(await documents.ref(next.session.id), {
            ...storable(next.session),
            ...(current.hands_on === undefined ? {} : { hands_on: current.hands_on }),
            created_at: now,
            updated_at: now,
          });
          for (const checkpoint of next.checkpoints) {
            transaction.create(await checkpointDocuments.ref(checkpoint.id), {
              ...storable(checkpoint),
              created_at: now,
              updated_at: now,
            });
          }
        });
      },
      async acquire(id, owner, leaseMs, patch) {
        let outcome: Acquired = { kind: 'over' };
        await documents.change(id, (session) => {
          const now = platform.clock.now();
          if (isOver(session.status)) {
            outcome = { kind: 'over' };
            return undefined;
          }
          if (session.lease && session.lease.expires_at.getTime() > now) {
            outcome = { kind: 'busy', until: session.lease.expires_at };
            return undefined;
          }
          const resumed = session.started_at !== undefined;
          const change: Partial<SessionEntity> = {
            // A live session is resumed when a command has opened its browser again.
            ...(resumed
              ? { resumed: session.resumed + (session.kind === 'live' ? 0 : 1) }
              : { started_at: new Date(now), ...patch }),
            status: 'running',
            lease: lease(owner, leaseMs),
          };
          outcome = { kind: 'acquired', session: { ...session, ...change }, resumed };
          return change;
        });
        return outcome;
      },
      async renew(id, owner, leaseMs) {
        await holding(id, owner, () => ({ lease: lease(owner, leaseMs) }));
      },
      async release(id, owner) {
        await documents.change(id, (session) =>
          session.lease?.owner === owner && !isOver(session.status)
            ? { lease: { owner, expires_at: documents.now() } }
            : undefined,
        );
      },
      async finish(id, owner, patch, last) {
        const ref = last && (await checkpointDocuments.ref(last.checkpoint.id));
        const ended = await endAndHandOn(
          documents,
          id,
          (session) =>
            session.lease?.owner === owner && !isOver(session.status)
              ? {
                  ...patch,
                  // In the same write as the verdict: between this attempt's end and the next one the run must not be settled.
                  awaited: isTriedAgain({ ...session, ...patch }),
                  lease: { owner, expires_at: documents.now() },
                }
              : undefined,
          (transaction) => {
            if (ref) transaction.update(ref, { ...storable(last.outcome), updated_at: documents.now() });
          },
        );
        if (!ended) throw new LeaseLost(`session ${id} is no longer ours`);
      },
      async cancelOfRun(runId) {
        const awaited = await documents.find((query) =>
          query.where('run_id', '==', runId).where('awaited', '==', true),
        );
        const cancel = ({ id }: SessionEntity) =>
          documents.change(id, (session) => {
            if (!session.awaited) return undefined;
            if (isOver(session.status)) return { awaited: false };
            const held = session.held ? letGo : {};
            return { ...held, status: 'cancelled', awaited: false, ended_at: documents.now() };
          });
        const isRunning = ({ status }: SessionEntity) => status === 'running';
        const [running, others] = [awaited.filter(isRunning), awaited.filter((session) => !isRunning(session))];
        // Those that run last: the instances that they leave find nothing of the run to begin.
        const cancelled = [
          ...(await inParallel(PARALLEL_CHANGES, others, cancel)),
          ...(await inParallel(PARALLEL_CHANGES, running, cancel)),
        ];
        return cancelled.filter((session) => session?.status === 'cancelled').length;
      },
      async endAbandoned(before, most, error) {
        const found = await documents.find((query) =>
          query
            .where('kind', '==', 'run')
            .where('status', '==', 'running')
            .where('lease.expires_at', '<', before)
            .limit(most),
        );
        const ended = await inParallel(PARALLEL_CHANGES, found, ({ id }) =>
          endAndHandOn(documents, id, ({ status, lease: held }) =>
            status === 'running' && held && held.expires_at < before
              ? { status: 'error', awaited: false, error, ended_at: documents.now() }
              : undefined,
          ),
        );
        return ended.filter((session) => session !== undefined);
      },
      watchEnd: (id, onEnd) => documents.watch(id, (session) => session !== undefined && isOver(session.status), onEnd),
      countAwaited: (runId) =>
        documents.count((query) => query.where('run_id', '==', runId).where('awaited', '==', true)),
      async countVerdicts(runId) {
        const [passed, failed, error] = await Promise.all([
          countWhere(runId, 'passed'),
          countWhere(runId, 'failed'),
          countWhere(runId, 'error'),
        ]);
        return { passed, failed, error };
      },
    };
  },
);

function* inBatches(planned: readonly PlannedSession[]): Iterable<PlannedSession[]> {
  let batch: PlannedSession[] = [];
  let writes = 0;
  for (const one of planned) {
    const needs = 1 + one.checkpoints.length;
    if (batch.length > 0 && writes + needs > WRITES_A_COMMIT) {
      yield batch;
      batch = [];
      writes = 0;
    }
    batch.push(one);
    writes += needs;
  }
  if (batch.length > 0) yield batch;
}
