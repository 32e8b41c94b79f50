import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import { priorities } from '../../schemas/priorities.ts';
import type { PlannedSession } from './sessions.ts';

/** How many sessions of a run there may be at once, whatever slots its user has. */
export const mostAtOnce = ({ selection }: Pick<RunEntity, 'selection'>, sessions: number): number =>
  Math.min(sessions, selection.parallel ?? sessions);

/**
 * Marks which sessions of a run start at once: the first ones, as many as there are slots for. The next wait for a
 * slot, and those beyond what the run may have at once for their turn. A run that needs to hold nothing back has nothing
 * to hand on either.
 */
export function holdBack(run: RunEntity, planned: readonly PlannedSession[], slots: number): PlannedSession[] {
  const atOnce = mostAtOnce(run, planned.length);
  const handsOn = atOnce < planned.length ? 'turn' : slots < planned.length ? 'slot' : null;
  return planned.map(({ session, checkpoints }, i) => {
    const held = i < slots ? null : i < atOnce ? 'slot' : 'turn';
    const rank = held === null ? {} : { rank: rankOf(run, session) };
    return { session: { ...session, held, hands_on: handsOn, ...rank }, checkpoints };
  });
}

/** Runs of a higher priority first, then older ones; a run's sessions in their order. */
function rankOf({ id, created_at, selection }: RunEntity, { position }: Pick<SessionEntity, 'position'>): string {
  const priority = priorities.indexOf(selection.priority ?? 'normal');
  return `${priority} ${created_at.toISOString()} ${id} ${String(position).padStart(6, '0')}`;
}

/** A session that is on the queue, or is to be put there. */
export const isLetGo = ({ held }: Pick<SessionEntity, 'held'>): boolean => held === null || held === undefined;
