import type { DeadLetter } from './dead-letter.ts';

/** Which letters are meant; each that is absent means all. */
export interface LetterFilter {
  /** Of the event's type or the task, with `*` for anything. */
  readonly what?: string | undefined;
  /** Part of the name of the subscription or queue. */
  readonly from?: string | undefined;
  /** Part of the reason. */
  readonly reason?: string | undefined;
}

export function fits({ what, from, reason }: LetterFilter, letter: DeadLetter): boolean {
  const pattern = what?.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return (
    (pattern === undefined || new RegExp(`^${pattern.join('.*')}$`, 's').test(letter.what)) &&
    (from === undefined || letter.from.includes(from)) &&
    (reason === undefined || letter.reason.includes(reason))
  );
}
