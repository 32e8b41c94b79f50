import { defineQueue } from '../define/resources.ts';

export const defaultQueue = defineQueue({ name: 'default', description: 'General async tasks.' });
export const commandExecution = defineQueue({ name: 'command-execution', description: 'Long-running commands.' });
export const testSuite = defineQueue({ name: 'test-suite', description: 'Test suite execution: a task a session.' });
export const webhookDelivery = defineQueue({
  name: 'webhook-delivery',
  description: 'Webhook deliveries: a task an attempt.',
});
