import { exportTask } from '../../schemas/analytics.ts';
import { rowExporter } from '../../shared/analytics/export-rows.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { task } from '../../shared/define/trigger.ts';
import { exportsService } from '../../shared/domain/exports.ts';
import { defaultQueue } from '../../shared/resources/queues.ts';
import { exportAnalytics as handle } from './handler.ts';

export const exportAnalytics = defineFunction({
  name: 'export-analytics',
  summary: 'Writes rows of the warehouse to files that are fetched by signed links.',
  trigger: task(defaultQueue, exportTask),
  timeoutSeconds: 600,
  services: { exports: exportsService, exporter: rowExporter },
  handle,
});
