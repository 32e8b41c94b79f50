import type { SessionEntity } from '../../schemas/entities.ts';
import type { PlannedSession } from './sessions.ts';

type OfTest = Pick<SessionEntity, 'run_id' | 'test_id' | 'row' | 'row_index'>;

const contentOf = ({ test_id, row }: OfTest): string => JSON.stringify([test_id, row ?? null]);

/**
 * Finds what all attempts at one test and data row have in common. A row is known by what it holds, wherever it stands
 * by now; rows of a run that hold the same are told apart by their places.
 */
export function casesOf(sessions: readonly OfTest[]): (one: OfTest) => string {
  const first = new Map<string, number>();
  const alike = new Set<string>();
  for (const one of sessions) {
    if (one.row_index === undefined) continue;
    const content = contentOf(one);
    const inRun = JSON.stringify([one.run_id, content]);
    if (!first.has(inRun)) first.set(inRun, one.row_index);
    else if (first.get(inRun) !== one.row_index) alike.add(content);
  }
  return (one) => {
    const content = contentOf(one);
    return alike.has(content) ? JSON.stringify([content, one.row_index]) : content;
  };
}

/**
 * Of a plan, the sessions of tests and data rows whose last attempt in the run before did not pass. A run that had no
 * sessions at all passed nothing.
 */
export function notPassed(planned: readonly PlannedSession[], before: readonly SessionEntity[]): PlannedSession[] {
  if (before.length === 0) return [...planned];
  const caseOf = casesOf([...planned.map(({ session }) => session), ...before]);
  const open = new Set(before.filter(({ superseded, status }) => !superseded && status !== 'passed').map(caseOf));
  return planned.filter(({ session }) => open.has(caseOf(session)));
}
