import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { schedules as schedulesService } from '../../shared/domain/schedules.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { createSchedule, deleteSchedule, listSchedules, patchSchedule, readSchedule } from './handler.ts';

export const schedules = defineFunction({
  name: 'schedules',
  summary: 'Keeps the times at which runs are started.',
  trigger: http([createSchedule, listSchedules, readSchedule, patchSchedule, deleteSchedule]),
  services: { schedules: schedulesService, tests, suites, environments },
});
