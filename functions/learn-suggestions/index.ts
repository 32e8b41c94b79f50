import { transitionCounts } from '../../shared/analytics/habits.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { learnSuggestions as handle } from './handler.ts';

export const learnSuggestions = defineFunction({
  name: 'learn-suggestions',
  summary: 'Learns which commands follow which, for suggestions.',
  // After the scheduled query that counts the transitions.
  trigger: onSchedule('45 0 * * *'),
  timeoutSeconds: 540,
  services: { counts: transitionCounts, objects: objectStore(reportsBucket, 'write') },
  handle,
});
