import type { ReportedCheckpoint, ReportedSession, ReportedStep, RunReport } from '../../schemas/report.ts';
import { isCause } from '../domain/verdict.ts';
import { formatValue, shorten } from './format.ts';

/** The four looks that every status of runs, sessions, checkpoints and steps is shown in. */
export type Tone = 'passed' | 'failed' | 'error' | 'quiet';

/** The look of a status: what neither passed nor failed is quiet. */
export function toneOf(status: string): Tone {
  return status === 'passed' || status === 'failed' || status === 'error' ? status : 'quiet';
}

/** True when something needs looking at. */
export function isBroken(status: string): boolean {
  return status === 'failed' || status === 'error';
}

/** A session and what its siblings, the other attempts at the same test and row, make of it. */
export interface SessionOutcome {
  readonly session: ReportedSession;
  /** Another attempt came after this one: its result no longer decides. */
  readonly superseded: boolean;
  /** It passed after an earlier attempt had not. */
  readonly flaky: boolean;
  /** The attempts before this one, oldest first. */
  readonly earlier: readonly ReportedSession[];
}

/** The sessions of a run, those that need looking at first, then in the order in which they started. */
export function sessionOutcomes(report: RunReport): SessionOutcome[] {
  const attempts = Map.groupBy(report.sessions, ({ testId, row, rowIndex }) =>
    JSON.stringify([testId, row ?? null, rowIndex ?? null]),
  );
  const outcomes = [...attempts.values()].flatMap((siblings) => {
    const ordered = siblings.toSorted((a, b) => a.attempt - b.attempt);
    return ordered.map((session, index) => {
      const earlier = ordered.slice(0, index);
      const flaky = session.status === 'passed' && earlier.some((attempt) => isBroken(attempt.status));
      return { session, superseded: index < ordered.length - 1, flaky, earlier };
    });
  });
  return outcomes.toSorted(
    (a, b) => urgency(a) - urgency(b) || (a.session.startedAt ?? '~').localeCompare(b.session.startedAt ?? '~'),
  );
}

/** How many tests and rows were cancelled in the end. */
export const cancelledOf = (outcomes: readonly SessionOutcome[]): number =>
  outcomes.filter(({ session, superseded }) => session.status === 'cancelled' && !superseded).length;

function urgency({ session, superseded, flaky }: SessionOutcome): number {
  if (isBroken(session.status)) return superseded ? 2 : session.status === 'failed' ? 0 : 1;
  return flaky ? 3 : session.status === 'passed' ? 5 : 4;
}

/** Why a failure does not count, in words. */
export const sparedWords = {
  try: 'caught by the try around it',
  retry: 'the step around it was tried again',
  optional: 'the step around it is optional',
} as const;

/** One step that failed or could not be executed, and where it stands. */
export interface Failure {
  readonly session: ReportedSession;
  readonly checkpoint: ReportedCheckpoint;
  readonly step: ReportedStep;
}

/** The broken steps of a session, in order. */
export function failuresOf(session: ReportedSession): Failure[] {
  return session.checkpoints.flatMap((checkpoint) =>
    checkpoint.steps.filter(({ result }) => result && isCause(result)).map((step) => ({ session, checkpoint, step })),
  );
}

/** What tells a session from the others of its test: its row and attempt, in words; empty when it is the only one. */
export function variantOf(session: ReportedSession): string {
  const row = session.row
    ? Object.entries(session.row).map(
        ([column, value]) => `${column}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
      )
    : [];
  return [...row, ...(session.attempt > 1 ? [`attempt ${session.attempt}`] : [])].join(', ');
}

/** What was wrong with a broken step, in one sentence; undefined when its result does not say. */
export function complaintOf({ result }: ReportedStep): string | undefined {
  if (!result) return undefined;
  if (result.error) return result.error.message;
  if (result.expected === undefined && result.actual === undefined) return undefined;
  const actual = result.actual === undefined ? 'nothing' : quote(result.actual);
  return result.expected === undefined ? `found ${actual}` : `expected ${quote(result.expected)}, found ${actual}`;
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `“${shorten(value, 120)}”` : shorten(formatValue(value), 120);
}
