import { questions } from '../../shared/analytics/questions.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { publisher } from '../../shared/events/publish.ts';
import { costReport as handle } from './handler.ts';

export const costReport = defineFunction({
  name: 'cost-report',
  summary: 'Sums up what the sessions of the month have cost, and tells of budgets that are reached.',
  trigger: onSchedule('15 * * * *'),
  maxInstances: 1,
  services: { questions, events: publisher('budget.alert') },
  handle,
});
