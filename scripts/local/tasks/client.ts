import { CloudTasksClient } from '@google-cloud/tasks';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';

/** Where the tests' queues are. */
export const LOCATION = 'projects/virtuoso-local/locations/us-central1';

/** Google's own client on a local port. */
export function tasksClient(port: number): CloudTasksClient {
  return new CloudTasksClient({
    apiEndpoint: '127.0.0.1',
    port,
    sslCreds: credentials.createInsecure(),
    projectId: 'virtuoso-local',
    authClient: nobody(),
  });
}

/** Never asked for a token; without it the client looks for a metadata server on the network. Its type differs by version. */
function nobody(): never {
  return new OAuth2Client() as never;
}
