import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { shelf } from '../../shared/domain/library.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { slots } from '../../shared/domain/slots.ts';
import { tests } from '../../shared/domain/tests.ts';
import { usage } from '../../shared/domain/usage.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { runsCollection } from '../../shared/resources/collections.ts';
import { defaultQueue, testSuite } from '../../shared/resources/queues.ts';
import { planRun as handle } from './handler.ts';

export const planRun = defineFunction({
  name: 'plan-run',
  summary: 'Expands a new run into sessions and puts tasks on the queue for those that may start.',
  trigger: onDocument(runsCollection, 'created'),
  timeoutSeconds: 300,
  services: {
    runs,
    tests,
    library: shelf,
    sessions,
    slots,
    usage,
    queue: taskQueue(testSuite),
    later: taskQueue(defaultQueue),
    events: runPublisher('run.created', 'run.started', 'run.completed'),
  },
  handle,
});
