import { status } from '@grpc/grpc-js';
import type { BinaryEvent, Place } from './cloud-events.ts';
import { deliveryPolicy } from './delivery-policy.ts';
import { type CallMethod, unless } from './in-process.ts';
import { EVENTARC_PREFIX } from './provision-topics.ts';

/** An event that a function has never taken. */
export interface DeadLetter {
  readonly function: string;
  readonly event: BinaryEvent;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** Hands it to the dead-letter topic, durably. Returns false when there is none. */
export type BuryEvent = (letter: DeadLetter) => Promise<boolean>;

/**
 * Publishes dead letters as Pub/Sub forwards those of Eventarc's subscriptions: the event in the binding of CloudEvents
 * to Pub/Sub (attributes as attributes, data as data), and where it comes from.
 * @see https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts
 */
export function createBurial(call: CallMethod, { project }: Pick<Place, 'project'>): BuryEvent {
  const topic = `projects/${project}/topics/${deliveryPolicy.deadLetters}`;
  return ({ function: name, event: { headers, body }, attempts, created }) => {
    const attributes = {
      ...headers,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: `${EVENTARC_PREFIX}${name}`,
      CloudPubSubDeadLetterSourceSubscriptionProject: project,
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(created).toISOString(),
    };
    return unless([status.NOT_FOUND], call('pubsub', 'Publish', { topic, messages: [{ data: body, attributes }] }));
  };
}
