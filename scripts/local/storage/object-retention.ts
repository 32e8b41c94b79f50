import { HttpError } from '../plumbing/http.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { invalid } from './errors.ts';
import { isJson } from './object-fields.ts';

/** How long an object is kept by its own word. */
export interface ObjectRetention {
  readonly mode: 'Locked' | 'Unlocked';
  /** RFC 3339. */
  readonly retainUntilTime: string;
}

interface Change {
  readonly settings: BucketSettings;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The parameter `overrideUnlockedRetention`. */
  readonly override?: boolean;
}

const LONGEST_MS = 100 * 365.25 * 24 * 3_600_000;

/**
 * The retention that an object has after a request; undefined for none.
 * @param before what it has.
 * @param value of the resource's `retention`: undefined says nothing, null and an empty object take it away.
 * @see https://cloud.google.com/storage/docs/object-lock
 * @throws HttpError 400; 403 for what the mode does not let happen.
 */
export function nextRetention(
  before: ObjectRetention | undefined,
  value: unknown,
  { settings, now, override = false }: Change,
): ObjectRetention | undefined {
  if (value === undefined) return before;
  const isGone = value === null || (isJson(value) && Object.keys(value).length === 0);
  const next = isGone ? undefined : readRetention(value, now);
  if (next && !settings.objectRetention) throw invalid('Object retention is not enabled for the bucket.');
  if (!before || Date.parse(before.retainUntilTime) <= now) return next;
  const isLonger = next !== undefined && next.retainUntilTime >= before.retainUntilTime;
  if (before.mode === 'Locked' && !(isLonger && next.mode === 'Locked')) {
    throw new HttpError(403, 'forbidden', 'A locked retention can only be made longer until it has expired.');
  }
  if (!(isLonger && next.mode === before.mode) && !override) {
    const what = 'An unlocked retention is locked, made shorter or taken away';
    throw new HttpError(403, 'forbidden', `${what} with the parameter overrideUnlockedRetention=true only.`);
  }
  return next;
}

function readRetention(value: unknown, now: number): ObjectRetention {
  const { mode, retainUntilTime } = isJson(value) ? value : {};
  if (mode !== 'Locked' && mode !== 'Unlocked') throw invalid(`Invalid value for: retention.mode: ${String(mode)}`);
  const until = typeof retainUntilTime === 'string' ? Date.parse(retainUntilTime) : Number.NaN;
  if (!(until > now && until <= now + LONGEST_MS)) {
    throw invalid(
      `Invalid value for: retention.retainUntilTime: ${String(retainUntilTime)} is not a time to come, within 100 years`,
    );
  }
  return { mode, retainUntilTime: new Date(until).toISOString() };
}
