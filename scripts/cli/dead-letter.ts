import { createHash } from 'node:crypto';
import { functions } from '../../functions/index.ts';
import type { Pulled } from '../../shared/analytics/pull.ts';
import { topicsOf } from '../../shared/events/catalogue.ts';
import { readDeadLetterWords } from '../../shared/events/read-dead-letter.ts';

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
  | { readonly kind: 'task'; readonly queue: string; readonly function: string; readonly task: string }
  /** A change of a document or an object, which only Google publishes: the function is told of it itself. */
  | { readonly kind: 'function'; readonly function: string };

/** What Pub/Sub adds to a message that it forwards, and what we add to one that we bury. */
const ADDED = /^(CloudPubSubDeadLetter|dead_letter_reason$)/;
const SOURCE = 'CloudPubSubDeadLetterSourceSubscription';
const ANALYTICS = 'analytics-';
/** What Google publishes itself, in the binding of CloudEvents to Pub/Sub. */
const GOOGLES = /^google\.cloud\.(firestore\.document|storage\.object)\./;

/** Reads what a dead letter was. */
export function readDeadLetter(pulled: Pulled): DeadLetter {
  const { attributes, data } = pulled;
  const id = createHash('sha256')
    .update(data)
    .update(JSON.stringify(own(attributes)))
    .digest('hex')
    .slice(0, 12);
  const { what, from, reason } = readDeadLetterWords(attributes);
  return { id, what, from, reason, to: destinationOf(attributes), pulled };
}

function destinationOf(attributes: Readonly<Record<string, string>>): Destination | undefined {
  const { queue, function: name, task, [SOURCE]: source = '' } = attributes;
  if (queue && name && task !== undefined) return { kind: 'task', queue, function: name, task };
  if (GOOGLES.test(attributes['ce-type'] ?? '')) {
    const told = functionOf(source);
    return told === undefined ? undefined : { kind: 'function', function: told };
  }
  const type = attributes.type ?? attributes['ce-type'] ?? '';
  const topics = source.startsWith(ANALYTICS) ? [source.slice(ANALYTICS.length)] : topicNamesOf(type);
  return topics && { kind: 'topics', topics };
}

/** The function whose events Eventarc has a subscription for: `eventarc-REGION-NAME-sub-NUMBER`, here `eventarc-NAME`. */
function functionOf(subscription: string): string | undefined {
  const told = functions.filter(({ trigger }) => trigger.kind === 'document' || trigger.kind === 'object');
  const names = told.map(({ name }) => name).filter((name) => `${subscription}-`.includes(`-${name}-`));
  return names.sort((a, b) => b.length - a.length)[0];
}

/** The attributes that a message had before it was given up. */
export const own = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !ADDED.test(name)));

function topicNamesOf(type: string): string[] | undefined {
  return Object.hasOwn(topicsOf, type) ? topicsOf[type as keyof typeof topicsOf].map(({ name }) => name) : undefined;
}
