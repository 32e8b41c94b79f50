import type { ObjectInput } from '../../shared/define/trigger.ts';
import { matchesGlob } from '../../shared/domain/glob.ts';
import { type StartingServices, startTriggered } from '../../shared/domain/triggered-run.ts';
import type { Triggers } from '../../shared/domain/triggers.ts';
import type { Base } from '../../shared/platform/platform.ts';

export interface Services extends StartingServices {
  readonly triggers: Pick<Triggers, 'ofObjects'>;
}

const USERS_OBJECT = /^tests\/([^/]+)\/(.*[^/])$/;

/**
 * Starts the runs of the triggers that are for an object that has landed. Whose it is, its folder says alone: nobody
 * but its user and who runs the suite can write there, and its metadata may say anything.
 */
export async function runObjectTriggers(object: ObjectInput, services: Services & Base): Promise<void> {
  const [, userId, path] = object.name.match(USERS_OBJECT) ?? [];
  if (!userId || !path) return;
  const found = await services.triggers.ofObjects(userId);
  const wanted = found.filter((trigger) => trigger.path !== undefined && matchesGlob(trigger.path, path));
  for (const trigger of wanted)
    await startTriggered(trigger, `object ${object.bucket}/${object.name}#${object.generation}`, services);
}
