import type { SessionEntity } from '../../schemas/entities.ts';
import type { CheckpointOutcome } from '../../shared/domain/sessions.ts';
import type { Base } from '../../shared/platform/platform.ts';
import type { Services } from './handler.ts';
import type { HeldLease } from './lease.ts';

/** How a session ends. */
export type End = Partial<SessionEntity> & { status: 'passed' | 'failed' | 'error' };

/** A session at its end. */
export interface Ended {
  readonly end: End;
  /** The last checkpoint, when it is still to be committed: with the end, in one write. */
  readonly uncommitted?: CheckpointOutcome;
  /** The browser's context is still being closed; never fails. */
  readonly closing?: Promise<unknown>;
}

/** What the work on one session shares. */
export interface Work {
  readonly session: SessionEntity;
  readonly browser: string;
  readonly lease: HeldLease;
  readonly services: Services & Base;
  /** Aborted when the test's time is over. */
  readonly timeUp: AbortSignal;
  /** Aborted when this instance must not go on: the lease is lost, or the instance is told to stop. */
  readonly handOver: AbortSignal;
  /** Billable operations so far: the task, the lease and the query of the checkpoints are three. */
  operations: number;
  /** The last checkpoint's, which waits to be committed. */
  uncommitted?: CheckpointOutcome;
  /** Bytes that were stored of it since they were last counted. */
  stored: number;
}
