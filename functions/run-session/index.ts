import { browserTask } from '../../schemas/warm-up.ts';
import { learnedHabits } from '../../shared/analytics/learned-habits.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { defineService } from '../../shared/define/service.ts';
import { task } from '../../shared/define/trigger.ts';
import { checkpoints } from '../../shared/domain/checkpoints.ts';
import { environments } from '../../shared/domain/environments.ts';
import { liveSessions } from '../../shared/domain/live-sessions.ts';
import { progressBoard } from '../../shared/domain/progress.ts';
import { remembered } from '../../shared/domain/remembered.ts';
import { runEnds } from '../../shared/domain/run-ends.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { browsers } from '../../shared/engine/browsers.ts';
import { openSession, prepareSession } from '../../shared/engine/session.ts';
import { egress } from '../../shared/platform/egress.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { cipher } from '../../shared/platform/services.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { artifactsBucket, testsBucket } from '../../shared/resources/buckets.ts';
import { commandExecution, testSuite } from '../../shared/resources/queues.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import { runSession as handle } from './handler.ts';

export const runSession = defineFunction({
  name: 'run-session',
  summary: "Runs a session's checkpoints in a real Chromium and commits each with its evidence.",
  trigger: task(testSuite, browserTask),
  memory: '2Gi',
  cpu: 2,
  concurrency: 1,
  timeoutSeconds: 1800,
  secrets: [encryptionKeySecret],
  services: {
    sessions,
    runEnds,
    live: liveSessions,
    wake: taskQueue(commandExecution),
    checkpoints,
    artifacts: objectStore(artifactsBucket, 'write'),
    files: objectStore(testsBucket, 'write'),
    browsers,
    cipher,
    environments,
    egress,
    progress: progressBoard,
    remembered,
    habits: learnedHabits,
    engine: defineService([], () => ({ open: openSession, prepare: prepareSession })),
  },
  handle,
});
