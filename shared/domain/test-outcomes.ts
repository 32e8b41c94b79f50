import type { RunEntity, SessionEntity, TestOutcome } from '../../schemas/entities.ts';
import type { NewEvent } from '../events/publish.ts';
import { isFailure } from './sessions.ts';

/** What a run made of a test. */
export interface RunOutcome extends Pick<TestOutcome, 'verdict' | 'content_hash'> {
  readonly test_id: string;
  readonly test_name: string;
}

/**
 * What a run made of each of its tests, over all rows: failed when the last attempt of one did, flaky when all passed
 * but one only when tried again. Of a test that was cancelled, and did not fail before, nothing is known.
 */
export function outcomesOf(sessions: readonly SessionEntity[]): RunOutcome[] {
  return [...Map.groupBy(sessions, ({ test_id }) => test_id).values()].flatMap((ofTest) => {
    const last = ofTest.filter(({ superseded }) => !superseded);
    const [first] = last;
    const verdict = verdictOf(ofTest, last);
    if (!first || !verdict) return [];
    const { test_id, test_name, content_hash } = first;
    return [{ test_id, test_name, content_hash, verdict }];
  });
}

function verdictOf(all: readonly SessionEntity[], last: readonly SessionEntity[]): TestOutcome['verdict'] | undefined {
  if (last.some(isFailure)) return 'failed';
  if (last.some(({ status }) => status !== 'passed')) return undefined;
  return all.some((session) => session.superseded && isFailure(session)) ? 'flaky' : 'passed';
}

/** A test's verdict as it is to be kept, with what has changed by it since the one before. */
export function nextOutcome(before: TestOutcome | undefined, now: RunOutcome, run: RunEntity): TestOutcome {
  const ended_at = run.ended_at ?? run.updated_at;
  const { verdict, content_hash } = now;
  const failed = before?.verdict === 'failed';
  const changes: TestOutcome['changes'][number][] = [];
  if (verdict === 'failed' && !failed) changes.push('became_failing');
  if (verdict !== 'failed' && failed) changes.push('recovered');
  if (verdict === 'flaky' && before?.verdict !== 'flaky') changes.push('flaky');
  const since = failed ? before.failing_since : verdict === 'failed' ? ended_at : undefined;
  return {
    ...{ verdict, content_hash, run_id: run.id, ended_at, changes },
    content_changed: before !== undefined && before.content_hash !== content_hash,
    // Kept once more when it has recovered: that is told with it.
    ...(since === undefined ? {} : { failing_since: since }),
  };
}

/** What there is to tell of a test's new outcome. */
export function changeEvents(run: RunEntity, { test_id, test_name }: RunOutcome, outcome: TestOutcome): NewEvent[] {
  const { content_hash, content_changed, failing_since: since, ended_at: time } = outcome;
  const data = { user_id: run.user_id, run_id: run.id, test_id, test_name, content_hash, content_changed };
  const about = { key: [test_id, run.id], subject: `tests/${test_id}`, time };
  return outcome.changes.map((change): NewEvent => {
    if (change !== 'recovered') return { ...about, type: `test.${change}`, data };
    return { ...about, type: 'test.recovered', data: { ...data, failing_since: (since ?? time).toISOString() } };
  });
}
