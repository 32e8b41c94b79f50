import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import { Storage } from '@google-cloud/storage';
import type { CloudTasksClient } from '@google-cloud/tasks';
import { OAuth2Client } from 'google-auth-library';
import { pubsubClient } from '../local/pubsub/client.ts';
import { tasksClient } from '../local/tasks/client.ts';

/** Google's own clients on a local cloud. */
export interface GoogleClients {
  readonly firestore: Firestore;
  readonly storage: Storage;
  readonly bigquery: BigQuery;
  readonly pubsub: PubSub;
  readonly tasks: CloudTasksClient;
  close(): Promise<void>;
}

const projectId = 'virtuoso-local';

export function googleClients({ origin, port }: { origin: string; port: number }): GoogleClients {
  const firestore = new Firestore({
    ...{ projectId, host: '127.0.0.1', port, ssl: false },
    auth: { getUniverseDomain: async () => 'googleapis.com' },
  });
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
  const warehouse = { projectId, apiEndpoint: origin, authClient, maxRetries: 0 };
  const [pubsub, tasks] = [pubsubClient(port), tasksClient(port)];
  return {
    ...{ firestore, pubsub, tasks },
    storage: new Storage({ projectId, apiEndpoint: origin }),
    bigquery: new BigQuery(warehouse as unknown as BigQueryOptions),
    async close() {
      await Promise.all([firestore.terminate(), pubsub.close(), tasks.close()]);
    },
  };
}
