import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { deliveries } from '../../shared/domain/deliveries.ts';
import { deliveryQueues } from '../../shared/domain/delivery-queues.ts';
import { resumeDeliveries as handle } from './handler.ts';

export const resumeDeliveries = defineFunction({
  name: 'resume-deliveries',
  summary: 'Has deliveries go on whose task was given up.',
  trigger: onSchedule('*/10 * * * *'),
  memory: '256Mi',
  maxInstances: 1,
  services: { deliveries, queues: deliveryQueues },
  handle,
});
