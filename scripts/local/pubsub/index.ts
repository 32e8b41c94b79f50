import { implement, loadService } from '../plumbing/grpc.ts';
import type { CreateService } from '../plumbing/service.ts';
import { Broker } from './broker.ts';
import { deliveryMethods } from './delivery-methods.ts';
import { policyMethods } from './policy-methods.ts';
import { schemaMethods } from './schema-methods.ts';
import { snapshotMethods } from './snapshot-methods.ts';
import { subscriptionMethods } from './subscription-methods.ts';
import { topicMethods } from './topic-methods.ts';

const PROTOS = '@google-cloud/pubsub/build/protos/protos.json';
/** The package of Pub/Sub ships without the service that it shares with others. */
const IAM_PROTOS = '@google-cloud/secret-manager/build/protos/protos.json';

/**
 * Pub/Sub: topics, pull and push subscriptions, snapshots. Messages are delivered at least once unless exactly-once
 * delivery is enabled, in any order unless ordering is. IAM policies are kept, not enforced. Schemas are Avro's. Their
 * further revisions, and exports to other services, are refused by name.
 * @see https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1
 */
export const createPubsub: CreateService = (context) => {
  const broker = new Broker(context);
  const subscriber = { ...subscriptionMethods(broker), ...deliveryMethods(broker), ...snapshotMethods(broker) };
  return {
    name: 'pubsub',
    grpc: [
      implement(loadService(PROTOS, 'google.pubsub.v1.Publisher'), topicMethods(broker)),
      implement(loadService(PROTOS, 'google.pubsub.v1.Subscriber'), subscriber),
      implement(loadService(PROTOS, 'google.pubsub.v1.SchemaService'), schemaMethods(broker)),
      implement(loadService(IAM_PROTOS, 'google.iam.v1.IAMPolicy'), policyMethods(broker)),
    ],
    start: () => broker.start(),
    pending: () => broker.pending(),
    close: () => broker.close(),
  };
};
