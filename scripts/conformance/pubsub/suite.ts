import type { OpenSuite } from '../behaviour.ts';
import { openClients } from './clients.ts';
import { deadLetters } from './dead-letters.ts';
import { exactlyOnce } from './exactly-once.ts';
import { orderAndFilters } from './order-and-filters.ts';
import { policies } from './policies.ts';
import { publishing } from './publishing.ts';
import { pulls } from './pulls.ts';
import { pushes } from './pushes.ts';
import { schemas } from './schemas.ts';
import { seeks } from './seeks.ts';
import { streams } from './streams.ts';
import { subscriptionUpdates } from './subscription-updates.ts';
import { subscriptions } from './subscriptions.ts';
import { topics } from './topics.ts';

/** The behaviours of Pub/Sub (google.pubsub.v1), through @google-cloud/pubsub and its v1 clients. */
export const openPubsub: OpenSuite = async (world) => {
  const clients = openClients(world);
  const files = [
    ...[topics, publishing, subscriptions, subscriptionUpdates, pulls, streams, orderAndFilters],
    ...[deadLetters, exactlyOnce, seeks, pushes, policies, schemas],
  ];
  return { service: 'Pub/Sub', behaviours: files.flatMap((file) => file(clients, world)) };
};
