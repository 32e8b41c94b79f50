import { Unanswered } from './unanswered.ts';

/** The time that a request has, from its arrival: waiting for an instance and its start included, as Cloud Run counts. */
export interface Deadline {
  /** Aborted with an Unanswered: 504 when the time is over, 499 when the caller has gone. */
  readonly signal: AbortSignal;
  clear(): void;
}

/** @param gone aborted when the caller does not wait any more */
export function deadlineOf(name: string, seconds: number, gone: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const late = `upstream request timeout: ${name} has not answered within ${seconds} s; its instance goes on`;
  const timer = setTimeout(() => controller.abort(new Unanswered(504, late)), seconds * 1000);
  const leave = () => controller.abort(new Unanswered(499, `the caller of ${name} has not waited for its answer`));
  gone?.addEventListener('abort', leave, { once: true });
  if (gone?.aborted) leave();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    },
  };
}
