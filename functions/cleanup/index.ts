import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { liveSessions } from '../../shared/domain/live-sessions.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { commandExecution } from '../../shared/resources/queues.ts';
import { cleanup as handle } from './handler.ts';

export const cleanup = defineFunction({
  name: 'cleanup',
  summary: 'Ends sessions that nobody goes on with.',
  trigger: onSchedule('*/5 * * * *'),
  memory: '256Mi',
  maxInstances: 1,
  services: { sessions, live: liveSessions, wake: taskQueue(commandExecution) },
  handle,
});
