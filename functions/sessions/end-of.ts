import { LONGEST_MS } from '../../shared/domain/live-sessions.ts';
import { AppError } from '../../shared/platform/errors.ts';

/**
 * When a session ends that is to end at a time of its user's.
 * @throws AppError unprocessable for a time that has passed, or that is later than a session may live
 */
export function endOf(given: string, createdAt: Date, now: number): Date {
  const end = new Date(given);
  const latest = new Date(createdAt.getTime() + LONGEST_MS);
  if (end.getTime() > now && end <= latest) return end;
  const message =
    end.getTime() > now
      ? `is later than ${latest.toISOString()}: a session lives a day at most`
      : 'has passed: DELETE closes a session at once';
  throw new AppError('unprocessable', 'The session cannot end then.', {
    details: [{ pointer: '/expiresAt', message }],
  });
}
