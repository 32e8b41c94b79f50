import { BigQuery } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import { Storage } from '@google-cloud/storage';
import { credentials } from '@grpc/grpc-js';
import { OAuth2Client } from 'google-auth-library';
import { readConfiguration } from '../../shared/platform/configuration.ts';

/** A project's stores, of Google Cloud or of a local cloud. */
export interface PortableCloud {
  readonly firestore: Firestore;
  readonly storage: Storage;
  readonly bigquery: BigQuery;
  readonly secrets: SecretManagerServiceClient;
  readonly project: string;
  readonly bucketPrefix: string;
  close(): Promise<void>;
}

/** The stores of the project that the environment names, by the credentials of this machine. */
export function openGoogleCloud(): PortableCloud {
  const { project, bucketPrefix } = readConfiguration(process.env);
  const firestore = new Firestore({ projectId: project });
  const secrets = new SecretManagerServiceClient({ projectId: project });
  return {
    ...{ firestore, secrets, project, bucketPrefix },
    storage: new Storage({ projectId: project }),
    bigquery: new BigQuery({ projectId: project }),
    close: async () => void (await Promise.all([firestore.terminate(), secrets.close()])),
  };
}

/** The stores of a local cloud. @param origin its address */
export function openLocalCloud(origin: string): PortableCloud {
  const project = 'virtuoso-local';
  const port = Number(new URL(origin).port);
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: 'local', expiry_date: Date.now() + 3_600_000 });
  const firestore = new Firestore({
    ...{ projectId: project, host: '127.0.0.1', port, ssl: false },
    auth: { getUniverseDomain: async () => 'googleapis.com' },
  });
  const secrets = new SecretManagerServiceClient({
    ...{ projectId: project, apiEndpoint: '127.0.0.1', port, sslCreds: credentials.createInsecure() },
    authClient: authClient as never,
  });
  return {
    ...{ firestore, secrets, project, bucketPrefix: '' },
    storage: new Storage({ projectId: project, apiEndpoint: origin }),
    bigquery: new BigQuery({ projectId: project, apiEndpoint: origin, authClient: authClient as never }),
    close: async () => void (await Promise.all([firestore.terminate(), secrets.close()])),
  };
}
