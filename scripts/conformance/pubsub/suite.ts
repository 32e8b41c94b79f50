import type { OpenSuite } from '../behaviour.ts';
import { openClients } from './clients.ts';
import { publishing } from './publishing.ts';
import { subscriptionUpdates } from './subscription-updates.ts';
import { subscriptions } from './subscriptions.ts';
import { topics } from './topics.ts';

/** The behaviours of Pub/Sub (google.pubsub.v1), through @google-cloud/pubsub and its v1 clients. */
export const openPubsub: OpenSuite = async (world) => {
  const clients = openClients(world);
  const files = [topics, publishing, subscriptions, subscriptionUpdates];
  return { service: 'Pub/Sub', behaviours: files.flatMap((file) => file(clients, world)) };
};
