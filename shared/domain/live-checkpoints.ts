import type { LiveCheckpoint, LiveCommandEntity, LiveSessionEntity } from '../../schemas/live.ts';
import { hasResult } from './live-sessions.ts';

/** A checkpoint with the commands that were sent in it. */
export interface FilledCheckpoint extends LiveCheckpoint {
  readonly position: number;
  readonly commands: readonly LiveCommandEntity[];
}

/** What the commands before the first checkpoint are called. */
export const FIRST_CHECKPOINT = 'Start';
/** A session has no more. */
export const MOST_CHECKPOINTS = 200;

/** A session's checkpoints in order, each with its commands; those before the first are one of their own. */
export function checkpointsOf(
  { checkpoints = [], created_at }: Pick<LiveSessionEntity, 'checkpoints' | 'created_at'>,
  commands: readonly LiveCommandEntity[],
): FilledCheckpoint[] {
  const [first] = checkpoints;
  const named = first?.from === 1 ? checkpoints : [{ name: FIRST_CHECKPOINT, from: 1, created_at }, ...checkpoints];
  return named.map((one, position) => {
    const end = named[position + 1]?.from ?? Number.POSITIVE_INFINITY;
    const own = commands.filter((command) => command.position >= one.from && command.position < end);
    return { ...one, position, commands: own };
  });
}

/** How a checkpoint stands: pending before its first command, running while one has no result. */
export function standingOf({ commands }: Pick<FilledCheckpoint, 'commands'>) {
  const steps = commands.filter(({ kind }) => kind === 'step');
  const count = (...statuses: readonly string[]) => steps.filter(({ status }) => statuses.includes(status)).length;
  const [passed, failed] = [count('passed'), count('failed', 'error')];
  const verdict = failed > 0 ? 'failed' : 'passed';
  const status = steps.length === 0 ? 'pending' : steps.every(hasResult) ? verdict : 'running';
  return { commands: steps.length, passed, failed, status } as const;
}
