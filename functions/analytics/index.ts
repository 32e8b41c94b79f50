import { questions } from '../../shared/analytics/questions.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { exportsService } from '../../shared/domain/exports.ts';
import { objectStore } from '../../shared/platform/object-store.ts';
import { signedLinks } from '../../shared/platform/signed-links.ts';
import { taskQueue } from '../../shared/platform/task-queues.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { defaultQueue } from '../../shared/resources/queues.ts';
import { readExport, startExport } from './exports.ts';
import { statisticRoutes } from './handler.ts';
import { listStatisticsReports, readStatisticsReport } from './reports.ts';

export const analytics = defineFunction({
  name: 'analytics',
  summary: 'Answers questions about what happened and what it cost, from the warehouse.',
  trigger: http([...statisticRoutes, startExport, readExport, listStatisticsReports, readStatisticsReport]),
  services: {
    questions,
    exports: exportsService,
    queue: taskQueue(defaultQueue),
    links: signedLinks(reportsBucket),
    reports: objectStore(reportsBucket, 'read'),
  },
});
