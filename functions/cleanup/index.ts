import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { liveSessions } from '../../shared/domain/live-sessions.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { slots } from '../../shared/domain/slots.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { commandExecution } from '../../shared/resources/queues.ts';
import { cleanup as handle } from './handler.ts';

export const cleanup = defineFunction({
  name: 'cleanup',
  summary: 'Ends sessions that nobody goes on with, and lets waiting ones go where there are slots.',
  trigger: onSchedule('*/5 * * * *'),
  memory: '256Mi',
  maxInstances: 1,
  services: { sessions, live: liveSessions, slots, wake: taskQueue(commandExecution) },
  handle,
});
