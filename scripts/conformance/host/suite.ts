import type { OpenSuite } from '../behaviour.ts';
import { documents } from './documents.ts';
import { environment } from './environment.ts';
import { instances } from './instances.ts';
import { limits } from './limits.ts';
import { messages } from './messages.ts';
import { objects } from './objects.ts';
import { requests } from './requests.ts';
import { schedules } from './schedules.ts';
import { openStage } from './stage.ts';
import { tasks } from './tasks.ts';

/**
 * What functions see and do: as Cloud Run's instances, by HTTP, by Eventarc, Cloud Tasks and Cloud Scheduler. They are
 * functions of the suite's own, on a local cloud of its own: nowhere else are they deployed.
 */
export const openHost: OpenSuite = async (world) => {
  if (!world.clock) throw new Error('The functions of this suite are deployed on a local cloud only.');
  const stage = await openStage(world);
  const files = [requests, environment, instances, limits, documents, objects, messages, tasks, schedules];
  return { service: 'Cloud Run, Eventarc and Cloud Scheduler', behaviours: files.flatMap((file) => file(stage)) };
};
