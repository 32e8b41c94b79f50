import { defineFunction } from '../../shared/define/function.ts';
import { onObject } from '../../shared/define/trigger.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { publisher } from '../../shared/events/publish.ts';
import { reportsBucket } from '../../shared/resources/buckets.ts';
import { onReport as handle } from './handler.ts';

export const onReport = defineFunction({
  name: 'on-report',
  summary:
    'Puts the links of a complete report on its run and publishes report.ready; tells of reports of statistics, too.',
  trigger: onObject(reportsBucket, 'finalized'),
  services: { runs, events: runPublisher('report.ready'), news: publisher('statistics.reported') },
  handle,
});
