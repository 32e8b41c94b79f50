import { reportData } from '../../shared/analytics/report-data.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { reportStatistics as handle } from './handler.ts';

export const reportStatistics = defineFunction({
  name: 'report-statistics',
  summary: 'Writes the weekly performance report and the monthly usage summary as HTML with plots.',
  // After the scheduled queries that it reads the tables of.
  trigger: onSchedule('0 3 * * *'),
  maxInstances: 1,
  timeoutSeconds: 300,
  services: { data: reportData, reports: objectStore(reportsBucket, 'write') },
  handle,
});
