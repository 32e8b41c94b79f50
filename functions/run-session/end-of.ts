import type { CheckpointEntity } from '../../schemas/entities.ts';
import { isCause, ownResults } from '../../shared/domain/verdict.ts';
import type { End, Work } from './work.ts';

/** What the checkpoints' outcomes make the session's. */
export function endOf(work: Work, done: readonly CheckpointEntity[], testTimeout: number): End {
  const results = done.flatMap((checkpoint) => checkpoint.results);
  // A step counts once, whatever it holds inside.
  const own = ownResults(results);
  const count = (...statuses: string[]) => own.filter(({ status }) => statuses.includes(status)).length;
  const counts = { passed_steps: count('passed'), failed_steps: count('failed', 'error') };
  if (work.timeUp.aborted) {
    const error = {
      type: 'test-timeout',
      message: `The test took longer than its ${testTimeout} ms.`,
      hint: 'Raise config.testTimeout, or split the test.',
    };
    return { status: 'error', error, ...counts };
  }
  const first = results.find((result) => isCause(result) && result.error !== undefined)?.error;
  if (done.some(({ status }) => status === 'error'))
    return { status: 'error', ...(first ? { error: first } : {}), ...counts };
  return { status: done.some(({ status }) => status === 'failed') ? 'failed' : 'passed', ...counts };
}
