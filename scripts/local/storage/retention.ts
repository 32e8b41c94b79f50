import { HttpError } from '../plumbing/http.ts';
import { type BucketSettings, isLocked } from './bucket-settings.ts';
import type { ObjectFields } from './object-fields.ts';
import type { ObjectRow } from './tables.ts';

/**
 * Until when an object is kept, in milliseconds since the epoch: by the bucket's retention policy or by its own
 * retention, whichever is longer. The time of a policy only begins when an event-based hold is released.
 * @see https://cloud.google.com/storage/docs/bucket-lock
 */
export function retainedUntil(row: ObjectRow, fields: ObjectFields, settings: BucketSettings): number | undefined {
  const period = settings.retentionPolicy?.retentionPeriod;
  const times = fields.retention ? [Date.parse(fields.retention.retainUntilTime)] : [];
  if (period !== undefined && !fields.eventBasedHold) {
    times.push(Math.max(row.created, fields.holdReleased ?? 0) + Number(period) * 1000);
  }
  return times.length > 0 ? Math.max(...times) : undefined;
}

/**
 * @param stays as a noncurrent version, which is all that retention asks for.
 * @throws HttpError 403 when the object may not go: it is held, or retention keeps it.
 */
export function checkRemovable(row: ObjectRow, settings: BucketSettings, now: number, stays: boolean): void {
  const fields = JSON.parse(row.fields) as ObjectFields;
  const place = `Object '${row.bucket}/${row.name}'`;
  const held = fields.temporaryHold ? 'Temporary hold' : fields.eventBasedHold ? 'Event-Based hold' : undefined;
  if (held) {
    const message = `${place} is under active ${held} and cannot be deleted, overwritten or archived until hold is removed.`;
    throw new HttpError(403, 'forbidden', message);
  }
  if (stays) return;
  const until = retainedUntil(row, fields, settings);
  if (until === undefined || until <= now) return;
  const kept = isLocked(settings) ? "bucket's locked retention policy" : "bucket's retention policy";
  const message = `${place} is subject to ${kept} or object retention and cannot be deleted or overwritten until ${new Date(until).toISOString()}`;
  throw new HttpError(403, 'retentionPolicyNotMet', message);
}
