import { runTask } from '../../schemas/run-task.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { task } from '../../shared/define/trigger.ts';
import { runs } from '../../shared/domain/runs.ts';
import { defaultQueue } from '../../shared/resources/queues.ts';
import { endOverdueRun as handle } from './handler.ts';

export const endOverdueRun = defineFunction({
  name: 'end-overdue-run',
  summary: 'Ends a run whose time is over before its sessions are.',
  trigger: task(defaultQueue, runTask),
  memory: '256Mi',
  services: { runs },
  handle,
});
