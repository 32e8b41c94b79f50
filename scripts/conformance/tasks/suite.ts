import type { OpenSuite } from '../behaviour.ts';
import { openClients } from './clients.ts';
import { dispatches } from './dispatches.ts';
import { limits } from './limits.ts';
import { queueUpdates } from './queue-updates.ts';
import { queues } from './queues.ts';
import { taskReads } from './task-reads.ts';
import { taskCreations } from './tasks.ts';

/** The behaviours of Cloud Tasks (google.cloud.tasks.v2), through @google-cloud/tasks. */
export const openTasks: OpenSuite = async (world) => {
  const clients = openClients(world);
  const files = [queues, queueUpdates, taskCreations, taskReads, dispatches, limits];
  return { service: 'Cloud Tasks', behaviours: files.flatMap((file) => file(clients, world)) };
};
