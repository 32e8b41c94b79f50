import { createHash } from 'node:crypto';
import type { Pulled } from '../../shared/analytics/pull.ts';
import { topicsOf } from '../../shared/events/catalogue.ts';

/** A message or task that nobody could handle. */
export interface DeadLetter {
  /** Follows from what it is: the same each time that it is looked at. */
  readonly id: string;
  readonly what: string;
  readonly from: string;
  readonly reason: string;
  /** Where it goes when it is sent again; undefined when it cannot be. */
  readonly to: Destination | undefined;
  readonly pulled: Pulled;
}

export type Destination =
  | { readonly kind: 'topics'; readonly topics: readonly string[] }
  | { readonly kind: 'task'; readonly queue: string; readonly function: string; readonly task: string };

/** What Pub/Sub adds to a message that it forwards, and what we add to one that we bury. */
const ADDED = /^(CloudPubSubDeadLetter|dead_letter_reason$)/;
const SOURCE = 'CloudPubSubDeadLetterSourceSubscription';
const ANALYTICS = 'analytics-';

/** Reads what a dead letter was. */
export function readDeadLetter(pulled: Pulled): DeadLetter {
  const { attributes, data } = pulled;
  const { queue, function: name, task, dead_letter_reason: reason } = attributes;
  const attempts = attributes.CloudPubSubDeadLetterSourceDeliveryCount;
  const about = {
    id: createHash('sha256')
      .update(data)
      .update(JSON.stringify(own(attributes)))
      .digest('hex')
      .slice(0, 12),
    reason: reason ?? `not taken in ${attempts ?? 'several'} attempts`,
    pulled,
  };
  if (queue && name && task !== undefined)
    return { ...about, what: `task ${task}`, from: queue, to: { kind: 'task', queue, function: name, task } };
  const type = attributes.type ?? attributes['ce-type'] ?? 'unknown';
  const source = attributes[SOURCE];
  const topics = source?.startsWith(ANALYTICS) ? [source.slice(ANALYTICS.length)] : topicNamesOf(type);
  return { ...about, what: type, from: source ?? 'a function', to: topics && { kind: 'topics', topics } };
}

/** The attributes that a message had before it was given up. */
export const own = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !ADDED.test(name)));

function topicNamesOf(type: string): string[] | undefined {
  return Object.hasOwn(topicsOf, type) ? topicsOf[type as keyof typeof topicsOf].map(({ name }) => name) : undefined;
}
