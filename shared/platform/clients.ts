import type { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { Storage } from '@google-cloud/storage';
import type { CloudTasksClient } from '@google-cloud/tasks';
import type { Configuration } from './configuration.ts';

/** The Google clients, each loaded and made on first use: loading one costs a function a tenth of a second or more. */
export interface Clients {
  firestore(): Promise<Firestore>;
  pubsub(): Promise<PubSub>;
  tasks(): Promise<CloudTasksClient>;
  storage(): Promise<Storage>;
  bigquery(): Promise<BigQuery>;
  secretManager(): Promise<SecretManagerServiceClient>;
  /** Closes those that were made. */
  close(): Promise<void>;
}

export function createClients(config: Configuration): Clients {
  const projectId = config.project;
  const closers: (() => Promise<unknown>)[] = [];
  const lazily = <T>(load: () => Promise<T>, close?: (client: T) => Promise<unknown>) => {
    let client: Promise<T> | undefined;
    return () => {
      client ??= load().then((made) => {
        if (close) closers.push(() => close(made));
        return made;
      });
      return client;
    };
  };
  return {
    firestore: lazily(
      async () => {
        const { Firestore } = await import('@google-cloud/firestore');
        return new Firestore({ projectId, ignoreUndefinedProperties: true });
      },
      (client) => client.terminate(),
    ),
    pubsub: lazily(
      async () => {
        const { PubSub } = await import('@google-cloud/pubsub');
        return new PubSub({ projectId });
      },
      (client) => client.close(),
    ),
    tasks: lazily(
      async () => {
        const { CloudTasksClient } = await import('@google-cloud/tasks');
        return new CloudTasksClient({ projectId, ...(await plainEndpoint(config.tasksEndpoint)) });
      },
      (client) => client.close(),
    ),
    storage: lazily(async () => {
      const { Storage } = await import('@google-cloud/storage');
      return new Storage({ projectId });
    }),
    bigquery: lazily(async () => {
      const { BigQuery } = await import('@google-cloud/bigquery');
      return new BigQuery({ projectId });
    }),
    secretManager: lazily(
      async () => {
        const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
        return new SecretManagerServiceClient({ projectId, ...(await plainEndpoint(config.secretsEndpoint)) });
      },
      (client) => client.close(),
    ),
    async close() {
      await Promise.allSettled(closers.map((close) => close()));
    },
  };
}

/** Options for an endpoint without TLS (`host:port`); none for the service's own. */
async function plainEndpoint(endpoint: string): Promise<object> {
  if (!endpoint) return {};
  const { credentials } = await import('@grpc/grpc-js');
  const [apiEndpoint, port] = endpoint.split(':');
  return { apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() };
}
