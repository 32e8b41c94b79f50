import { puller } from '../../shared/analytics/pull.ts';
import { warehouse } from '../../shared/analytics/warehouse.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { erased } from '../../shared/domain/erasures.ts';
import { ingestAnalytics as handle } from './handler.ts';

export const ingestAnalytics = defineFunction({
  name: 'ingest-analytics',
  summary: 'Drains the analytics subscriptions into the warehouse.',
  trigger: onSchedule('* * * * *'),
  maxInstances: 1,
  timeoutSeconds: 120,
  services: { puller, warehouse, erased },
  handle,
});
