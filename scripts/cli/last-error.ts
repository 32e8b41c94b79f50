import { ApiError } from './api-answer.ts';
import { UsageError } from './command.ts';
import { oneLine } from './one-line.ts';

const SEVERE = /"severity":"(ERROR|CRITICAL|ALERT|EMERGENCY)"/;

/** A log that nobody reads, but for its newest error. */
export interface LastError {
  /** Takes a line of the log. */
  readonly log: (line: string) => void;
  /** `tests: POST /v1/tests failed: Error: ENOSPC: no space left on device` */
  read(): string | undefined;
}

export function lastError(): LastError {
  let newest: string | undefined;
  return {
    log: (line) => {
      if (SEVERE.test(line)) newest = line;
    },
    read: () => (newest === undefined ? undefined : wordsOf(newest)),
  };
}

function wordsOf(line: string): string {
  try {
    const { function: name = 'cloud', message, stack_trace: stack } = JSON.parse(line) as Record<string, unknown>;
    const thrown = typeof stack === 'string' ? stack.split('\n')[0] : undefined;
    return oneLine([name, message, thrown].filter((part) => part !== undefined).join(': '));
  } catch {
    return oneLine(line);
  }
}

/**
 * An error of the API as people are told it; any other as it is. Of an API that is our own, why it failed is told too: there is
 * no other place to look for it.
 */
export function toldError(error: unknown, own: LastError | undefined): unknown {
  if (!(error instanceof ApiError)) return error;
  const why = (error.status ?? 0) >= 500 ? own?.read() : undefined;
  return new UsageError(why === undefined ? error.message : `${error.message}\n  ${why}`);
}
