import { defineFunction } from '../../shared/define/function.ts';
import { onTopic } from '../../shared/define/trigger.ts';
import { checkpoints } from '../../shared/domain/checkpoints.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { artifactsBucket, reportsBucket } from '../../shared/resources/buckets.ts';
import { testEvents } from '../../shared/resources/topics.ts';
import { buildReport as handle } from './handler.ts';

export const buildReport = defineFunction({
  name: 'build-report',
  summary: "Writes a completed run's report as HTML, JSON and JUnit XML, with a manifest of hashes.",
  trigger: onTopic(testEvents, ['run.completed']),
  memory: '1Gi',
  concurrency: 4,
  timeoutSeconds: 300,
  services: {
    runs,
    sessions,
    checkpoints,
    artifacts: objectStore(artifactsBucket, 'read'),
    reports: objectStore(reportsBucket, 'write'),
  },
  handle,
});
