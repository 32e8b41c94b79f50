import { questions } from '../../shared/analytics/questions.ts';
import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { statisticRoutes } from './handler.ts';

export const analytics = defineFunction({
  name: 'analytics',
  summary: 'Answers questions about what happened and what it cost, from the warehouse.',
  trigger: http(statisticRoutes),
  services: { questions },
});
