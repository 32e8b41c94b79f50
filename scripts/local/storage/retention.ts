import { HttpError } from '../plumbing/http.ts';
import { type BucketSettings, isLocked } from './bucket-settings.ts';
import type { ObjectFields } from './object-fields.ts';
import type { ObjectRow } from './tables.ts';

/**
 * Until when the bucket's retention policy keeps an object, in milliseconds since the epoch. Undefined without a policy,
 * and while an event-based hold is set: the time only begins when that is released.
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
export function retainedUntil(row: ObjectRow, fields: ObjectFields, settings: BucketSettings): number | undefined {
  const period = settings.retentionPolicy?.retentionPeriod;
  if (period === undefined || fields.eventBasedHold) return undefined;
  return Math.max(row.created, fields.holdReleased ?? 0) + Number(period) * 1000;
}

/** @throws HttpError 403 when the object may not go: it is held, or the bucket's retention policy keeps it. */
export function checkRemovable(row: ObjectRow, settings: BucketSettings, now: number): void {
  const fields = JSON.parse(row.fields) as ObjectFields;
  const place = `Object '${row.bucket}/${row.name}'`;
  const held = fields.temporaryHold ? 'Temporary hold' : fields.eventBasedHold ? 'Event-Based hold' : undefined;
  if (held) {
    const message = `${place} is under active ${held} and cannot be deleted, overwritten or archived until hold is removed.`;
    throw new HttpError(403, 'forbidden', message);
  }
  const until = retainedUntil(row, fields, settings);
  if (until === undefined || until <= now) return;
  const kept = isLocked(settings) ? "bucket's locked retention policy" : "bucket's retention policy";
  const message = `${place} is subject to ${kept} or object retention and cannot be deleted or overwritten until ${new Date(until).toISOString()}`;
  throw new HttpError(403, 'retentionPolicyNotMet', message);
}
