import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { checkpoints } from '../../shared/domain/checkpoints.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { slots } from '../../shared/domain/slots.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { sessionsCollection } from '../../shared/resources/collections.ts';
import { testSuite } from '../../shared/resources/queues.ts';
import { onSession as handle } from './handler.ts';

export const onSession = defineFunction({
  name: 'on-session',
  summary: "Publishes a session's events, tries failed tests again and settles the run.",
  trigger: onDocument(sessionsCollection, 'updated'),
  services: {
    runs,
    sessions,
    checkpoints,
    slots,
    queue: taskQueue(testSuite),
    events: runPublisher(
      'session.started',
      'session.resumed',
      'session.completed',
      'session.opened',
      'session.closed',
      'run.completed',
      'run.cancelled',
    ),
  },
  handle,
});
