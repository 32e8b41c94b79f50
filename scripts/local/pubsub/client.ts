import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';

/** Google's own client on a local port. The port is part of the endpoint: the option `port` is overwritten. */
export function pubsubClient(port: number): PubSub {
  return new PubSub({
    apiEndpoint: `127.0.0.1:${port}`,
    projectId: 'virtuoso-local',
    emulatorMode: true,
    authClient: nobody(),
  });
}

/** Google's generated client, which acknowledges and extends nothing by itself. */
export function subscriberClient(port: number): v1.SubscriberClient {
  return new v1.SubscriberClient({
    servicePath: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
    projectId: 'virtuoso-local',
    authClient: nobody(),
  });
}

/** What a subscription has to give right now. */
export async function pullOnce(raw: v1.SubscriberClient, subscription: string, maxMessages = 10) {
  const name = `projects/virtuoso-local/subscriptions/${subscription}`;
  const [response] = await raw.pull({ subscription: name, maxMessages, returnImmediately: true });
  return response.receivedMessages ?? [];
}

/** Never asked for a token; without it the client looks for a metadata server on the network. Its type differs by version. */
function nobody(): never {
  return new OAuth2Client() as never;
}
