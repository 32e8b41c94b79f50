import type { RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { TopicInput } from '../../shared/define/trigger.ts';
import type { Runs } from '../../shared/domain/runs.ts';
import { isTriedAgain, type Sessions } from '../../shared/domain/sessions.ts';
import type { Tests } from '../../shared/domain/tests.ts';
import type { KnownVerdict } from '../../shared/domain/verdict-changes.ts';

export interface Reads {
  readonly runs: Pick<Runs, 'get'>;
  readonly sessions: Pick<Sessions, 'get'>;
  readonly tests: Pick<Tests, 'get' | 'getAll'>;
}

/** The tags of what an event is about: a session's test, a test, or all tests of a run. */
export async function tagsOf({ data }: TopicInput, { runs, sessions, tests }: Reads): Promise<ReadonlySet<string>> {
  const { user_id, session_id, test_id, run_id } = data as Record<string, string | undefined>;
  if (session_id) return new Set((await sessions.get(session_id))?.tags);
  if (test_id) return new Set((await tests.get(test_id, String(user_id)))?.tags);
  const run = run_id ? await runs.get(run_id) : undefined;
  if (!run) return new Set();
  const stored = await tests.getAll(run.selection.tests, run.user_id);
  return new Set([...stored, ...run.selection.definitions].flatMap((test) => test?.tags ?? []));
}

/**
 * The verdict that an event tells. None when it tells of something else, when another attempt follows, and when somebody
 * cancelled it.
 */
export async function verdictOf(event: TopicInput, { runs, sessions }: Reads): Promise<KnownVerdict | undefined> {
  const { session_id, run_id, status } = event.data as Record<string, string | undefined>;
  if (status === undefined || status === 'cancelled') return undefined;
  const known = (subject: readonly string[]) => ({ subject, status, eventId: event.id });
  if (event.type === 'session.completed' && session_id) {
    const session = await sessions.get(session_id);
    return session && !isTriedAgain(session) ? known(subjectOfSession(session)) : undefined;
  }
  if (event.type !== 'run.completed' || !run_id) return undefined;
  const run = await runs.get(run_id);
  return run && known(subjectOfRun(run));
}

const subjectOfSession = (session: SessionEntity): string[] => [
  ...[session.user_id, 'session', session.test_id],
  ...[String(session.row_index ?? ''), session.environment ?? '', session.base_url ?? ''],
];

/** Runs of the same tests in the same place. */
function subjectOfRun({ user_id, selection }: RunEntity): string[] {
  const tests = selection.suite ? [selection.suite] : [...selection.tests].sort();
  const names = selection.definitions.map(({ name }) => name);
  return [user_id, 'run', ...tests, ...names, selection.environment ?? '', selection.baseUrl ?? ''];
}
