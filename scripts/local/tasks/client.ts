import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';

/** Where the tests' queues are. */
export const LOCATION = 'projects/virtuoso-local/locations/us-central1';

/** Google's own client on a local port. */
export function tasksClient(port: number): CloudTasksClient {
  return new CloudTasksClient({
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
    projectId: 'virtuoso-local',
    // Never sent without TLS; without them the client looks for a metadata server on the network.
    credentials: { client_email: 'test@virtuoso-local.iam.gserviceaccount.com', private_key: 'unused' },
  });
}
