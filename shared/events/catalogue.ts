import type { EventType } from '../../schemas/events.ts';
import type { Topic } from '../define/resources.ts';
import { commandEvents, systemEvents, testEvents, webhookEvents } from '../resources/topics.ts';

/** Which topics carry an event type. What users may subscribe to goes to the webhooks' topic too. */
export const topicsOf: Readonly<Record<EventType, readonly Topic[]>> = {
  'test.imported': [testEvents, webhookEvents],
  'test.rejected': [testEvents, webhookEvents],
  'test.became_failing': [testEvents, webhookEvents],
  'test.recovered': [testEvents, webhookEvents],
  'test.flaky': [testEvents, webhookEvents],
  'run.created': [testEvents, webhookEvents],
  'run.started': [testEvents, webhookEvents],
  'run.completed': [testEvents, webhookEvents],
  'run.cancelled': [testEvents, webhookEvents],
  'session.started': [testEvents, webhookEvents],
  'session.resumed': [testEvents, webhookEvents],
  'session.completed': [testEvents, webhookEvents],
  'session.opened': [testEvents, webhookEvents],
  'session.closed': [testEvents, webhookEvents],
  'checkpoint.completed': [testEvents],
  'report.ready': [testEvents, webhookEvents],
  'webhook.ping': [webhookEvents],
  'webhook.disabled': [systemEvents, webhookEvents],
  'command.executed': [commandEvents],
  'command.failed': [commandEvents],
  'command.healed': [commandEvents],
  'user.created': [systemEvents],
  'user.changed': [systemEvents],
  'user.deleted': [systemEvents],
  'api_key.created': [systemEvents],
  'api_key.revoked': [systemEvents],
  'auth.denied': [systemEvents],
  'rate_limit.exceeded': [systemEvents],
  'statistics.reported': [systemEvents],
  'budget.alert': [systemEvents],
  'dead_letter.received': [systemEvents],
  'request.completed': [systemEvents],
};

/** The types that a webhook may subscribe to. */
export const subscribableTypes: readonly EventType[] = (Object.keys(topicsOf) as EventType[]).filter((type) =>
  topicsOf[type].includes(webhookEvents),
);
