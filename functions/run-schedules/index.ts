import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { runs } from '../../shared/domain/runs.ts';
import { schedules } from '../../shared/domain/schedules.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { users } from '../../shared/domain/users.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { warmUps } from '../../shared/resources/queues.ts';
import { runSchedules as handle } from './handler.ts';

export const runSchedules = defineFunction({
  name: 'run-schedules',
  summary: 'Starts the runs that are due, and warms the instances that the next ones will need.',
  trigger: onSchedule('* * * * *'),
  memory: '256Mi',
  maxInstances: 1,
  services: { schedules, runs, users, tests, suites, environments, warmUps: taskQueue(warmUps) },
  handle,
});
