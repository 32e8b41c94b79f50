import { definePullSubscription, defineTopic } from '../define/resources.ts';

export const commandEvents = defineTopic({ name: 'command-events', description: 'Command execution events.' });
export const testEvents = defineTopic({ name: 'test-events', description: 'Test run events.' });
export const webhookEvents = defineTopic({
  name: 'webhook-events',
  description: 'Events that users may subscribe to.',
});
export const systemEvents = defineTopic({ name: 'system-events', description: 'System monitoring and audit events.' });
export const runRequests = defineTopic({
  name: 'run-requests',
  description: 'Messages of others that start the runs of triggers.',
});
export const deadLetters = defineTopic({ name: 'dead-letters', description: 'Messages that nobody could handle.' });

/** Drained in batches into the warehouse. */
export const analyticsSubscriptions = [commandEvents, testEvents, systemEvents].map((topic) =>
  definePullSubscription({ name: `analytics-${topic.name}`, topic }),
);

/** Keeps what was dead-lettered until somebody looks. */
export const deadLetterSubscription = definePullSubscription({ name: 'dead-letters-kept', topic: deadLetters });
