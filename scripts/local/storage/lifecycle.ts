import { Alarm } from '../plumbing/alarm.ts';
import { HttpError } from '../plumbing/http.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { applies, type Candidate, type LifecycleRule } from './lifecycle-rules.ts';
import type { ObjectFields } from './object-fields.ts';
import type { Objects } from './objects.ts';
import type { Storage } from './storage.ts';
import type { BucketRow, ObjectRow } from './tables.ts';

const HOUR_MS = 3600 * 1000;

/** From the coldest on; a rule only ever moves objects to a colder class. */
const COLDNESS = ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'];

/** Applies the buckets' lifecycle rules once an hour. Returns what stops it. */
export function startLifecycle(storage: Storage): () => void {
  const { clock, log } = storage.context;
  const alarm = new Alarm(clock, () => {
    try {
      applyLifecycle(storage);
    } catch (error) {
      log('ERROR', 'the lifecycle rules could not be applied', { error: String(error) });
    }
    alarm.set(clock.now() + HOUR_MS);
  });
  alarm.set(clock.now() + HOUR_MS);
  return () => alarm.set(undefined);
}

/** Applies every rule of every bucket now, and forgets uploads that have expired. */
export function applyLifecycle(storage: Storage): void {
  storage.uploads.expire();
  for (const { name, settings } of storage.context.store.all<BucketRow>('SELECT * FROM storage_buckets')) {
    const rules = (JSON.parse(settings) as BucketSettings).lifecycle?.rule ?? [];
    if (rules.length > 0) applyRules(storage, name, rules);
  }
}

function applyRules({ context, objects }: Storage, bucket: string, rules: readonly LifecycleRule[]): void {
  const now = context.clock.now();
  const due: { row: ObjectRow; rule: LifecycleRule }[] = [];
  let newest: ObjectRow | undefined;
  let newer = 0;
  const sql = 'SELECT * FROM storage_objects WHERE bucket = ? ORDER BY name, generation DESC';
  for (const row of context.store.iterate<ObjectRow>(sql, bucket)) {
    newer = newest?.name === row.name ? newer + 1 : 0;
    newest = row;
    const fields = JSON.parse(row.fields) as ObjectFields;
    const rule = chosen(rules, { row, newer, customTime: fields.customTime }, now);
    if (rule) due.push({ row, rule });
  }
  for (const { row, rule } of due) {
    if (rule.action.type === 'Delete') deleteUnlessKept(objects, row);
    else {
      context.meter('storage.class_a');
      objects.setStorageClass(row, rule.action.storageClass ?? row.storage_class);
    }
  }
}

/** Of the rules that apply: deleting comes first, then the coldest class, if it is colder than the object's. */
function chosen(rules: readonly LifecycleRule[], candidate: Candidate, now: number): LifecycleRule | undefined {
  const coldness = ({ action }: LifecycleRule) => {
    return action.type === 'Delete' ? COLDNESS.length : COLDNESS.indexOf(action.storageClass ?? '');
  };
  const [first] = rules.filter((rule) => applies(rule, candidate, now)).sort((a, b) => coldness(b) - coldness(a));
  return first && coldness(first) > COLDNESS.indexOf(candidate.row.storage_class) ? first : undefined;
}

/** What is held or retained stays; it goes at a later time. */
function deleteUnlessKept(objects: Objects, row: ObjectRow): void {
  try {
    objects.delete(row, row.live === 0);
  } catch (error) {
    if (!(error instanceof HttpError && error.status === 403)) throw error;
  }
}
