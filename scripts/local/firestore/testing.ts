import { Firestore, type Settings } from '@google-cloud/firestore';
import type { CreateService } from '../plumbing/service.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createFirestore } from './index.ts';

/** A local Firestore and the official client of it. */
export interface TestDatabase {
  readonly cloud: TestCloud;
  readonly db: Firestore;
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Starts a local Firestore for a test. */
export async function startDatabase(options: { create?: CreateService; folder?: string } = {}): Promise<TestDatabase> {
  const create = options.create ?? createFirestore;
  const cloud = await startServices([create], options.folder === undefined ? {} : { folder: options.folder });
  const db = connect(cloud);
  return {
    cloud,
    db,
    async close(how) {
      await db.terminate();
      await cloud.close(how);
    },
  };
}

/** The unmodified client, as a function of the project would use it. */
export function connect(cloud: TestCloud, settings: Settings = {}): Firestore {
  return new Firestore({
    projectId: 'virtuoso-local',
    host: '127.0.0.1',
    port: cloud.port,
    ssl: false,
    // Given credentials keep the client from looking for a metadata server.
    credentials: { client_email: 'test@virtuoso-local.iam.gserviceaccount.com', private_key: 'unused' },
    ...settings,
  });
}
