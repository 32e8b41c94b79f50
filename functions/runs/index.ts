import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { progressBoard } from '../../shared/domain/progress.ts';
import { queuePlaces } from '../../shared/domain/queue-places.ts';
import { runLog } from '../../shared/domain/run-log.ts';
import { runs as runsService } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { usage } from '../../shared/domain/usage.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { readRunEvents } from './events.ts';
import { cancelRun, createRun, listRunSessions, listRuns, readReport, readRun } from './handler.ts';
import { rerunRun } from './rerun.ts';

export const runs = defineFunction({
  name: 'runs',
  summary: 'Starts runs and tells how they go.',
  trigger: http([createRun, listRuns, readRun, cancelRun, rerunRun, listRunSessions, readRunEvents, readReport]),
  timeoutSeconds: 120,
  services: {
    runs: runsService,
    tests,
    suites,
    environments,
    sessions,
    queuePlaces,
    usage,
    progress: progressBoard,
    runLog,
    reports: objectStore(reportsBucket, 'read'),
  },
});
