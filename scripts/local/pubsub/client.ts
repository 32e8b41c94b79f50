import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';

/** Never sent without TLS; without them the clients look for a metadata server on the network. */
const UNUSED = { client_email: 'test@virtuoso-local.iam.gserviceaccount.com', private_key: 'unused' };

/** Google's own client on a local port. The port is part of the endpoint: the option `port` is overwritten. */
export function pubsubClient(port: number): PubSub {
  return new PubSub({
    apiEndpoint: `127.0.0.1:${port}`,
    projectId: 'virtuoso-local',
    emulatorMode: true,
    credentials: UNUSED,
  });
}

/** Google's generated client, which acknowledges and extends nothing by itself. */
export function subscriberClient(port: number): v1.SubscriberClient {
  return new v1.SubscriberClient({
    servicePath: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
    projectId: 'virtuoso-local',
    credentials: UNUSED,
  });
}

/** What a subscription has to give right now. */
export async function pullOnce(raw: v1.SubscriberClient, subscription: string, maxMessages = 10) {
  const name = `projects/virtuoso-local/subscriptions/${subscription}`;
  const [response] = await raw.pull({ subscription: name, maxMessages, returnImmediately: true });
  return response.receivedMessages ?? [];
}
