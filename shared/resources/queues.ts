import { defineQueue } from '../define/resources.ts';

export const defaultQueue = defineQueue({ name: 'default', description: 'General async tasks.' });
/** Who waits for a browser may wait for as long as a live session does without commands, and is to have it soon. */
export const commandExecution = defineQueue({
  name: 'command-execution',
  description: 'Live sessions that have commands: a task wakes one.',
  maxAttempts: 30,
  minBackoffSeconds: 1,
  maxBackoffSeconds: 300,
});
export const testSuite = defineQueue({ name: 'test-suite', description: 'Test suite execution: a task a session.' });
/** What comes too late helps nobody: a warm-up is tried once. As many go out at a time as there may be browsers. */
export const warmUps = defineQueue({
  name: 'warm-up',
  description: 'Warm-ups of the instances that runs of schedules are about to need.',
  maxDispatchesPerSecond: 500,
  maxConcurrentDispatches: 100,
  maxAttempts: 1,
});
export const webhookDelivery = defineQueue({
  name: 'webhook-delivery',
  description: 'Webhook deliveries: a task an attempt, the first attempts of what a user has a share for.',
  maxDispatchesPerSecond: 500,
  maxConcurrentDispatches: 200,
});

/** By the hash of the user: whose endpoints are many or slow waits here, and keeps few others waiting. */
const BACKLOGS = 8;
export const webhookBacklog = Array.from({ length: BACKLOGS }, (_, n) =>
  defineQueue({
    name: `webhook-backlog-${n}`,
    description: 'Webhook deliveries that are tried again, or are more at once than a user has a share for.',
    maxDispatchesPerSecond: 500,
  }),
);
