import type { SessionEntity } from '../../schemas/entities.ts';
import type { PlannedSession } from './sessions.ts';

type OfTest = Pick<SessionEntity, 'test_id' | 'row'>;

/** What all attempts at one test and data row have in common. */
export const caseOf = ({ test_id, row }: OfTest): string => JSON.stringify([test_id, row ?? null]);

/**
 * Of a plan, the sessions of tests and data rows whose last attempt in the run before did not pass. A run that had no
 * sessions at all passed nothing.
 */
export function notPassed(planned: readonly PlannedSession[], before: readonly SessionEntity[]): PlannedSession[] {
  if (before.length === 0) return [...planned];
  const open = new Set(before.filter(({ superseded, status }) => !superseded && status !== 'passed').map(caseOf));
  return planned.filter(({ session }) => open.has(caseOf(session)));
}
