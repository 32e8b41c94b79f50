import type { TriggerEntity } from '../../schemas/triggers.ts';
import { derivedId } from '../platform/ids.ts';
import type { Base } from '../platform/platform.ts';
import { annotate } from '../platform/trace.ts';
import { automaticRun } from './automatic-run.ts';
import type { SelectionServices } from './run-selection.ts';
import type { Runs } from './runs.ts';
import { checkStartingRate } from './starting-rate.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { Users } from './users.ts';

/** What is needed to start the run of a trigger. */
export interface StartingServices extends SelectionServices {
  readonly runs: Pick<Runs, 'get' | 'create'>;
  readonly users: Pick<Users, 'get'>;
  readonly buckets: TokenBuckets;
}

/**
 * Starts the run of a trigger for what has happened; nothing when it is told of that again, or its owner is disabled.
 * @param key the same whenever the event is told of
 * @throws AppError rate-limited: it is to be told of again later
 */
export async function startTriggered(
  trigger: TriggerEntity,
  key: string,
  services: StartingServices & Base,
): Promise<void> {
  const { runs, users, buckets, clock, log } = services;
  const id = derivedId('run', trigger.id, key);
  annotate({ user_id: trigger.user_id, run_id: id });
  if ((await users.get(trigger.user_id))?.disabled) return log.warning('the owner of the trigger is disabled');
  if (await runs.get(id)) return log.info('the run was started before');
  await checkStartingRate(`trigger ${trigger.id}`, buckets);
  await runs.create({ ...(await automaticRun(trigger, 'event', services, new Date(clock.now()))), id });
}
