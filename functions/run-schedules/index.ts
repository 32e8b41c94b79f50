import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { schedules } from '../../shared/domain/schedules.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { users } from '../../shared/domain/users.ts';
import { runSchedules as handle } from './handler.ts';

export const runSchedules = defineFunction({
  name: 'run-schedules',
  summary: 'Starts the runs that are due.',
  trigger: onSchedule('* * * * *'),
  memory: '256Mi',
  maxInstances: 1,
  services: { schedules, users, tests, suites, environments },
  handle,
});
