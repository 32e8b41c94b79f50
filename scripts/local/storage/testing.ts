import { Storage } from '@google-cloud/storage';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createStorage } from './index.ts';

const VARIABLES = ['METADATA_SERVER_DETECTION', 'STORAGE_EMULATOR_HOST', 'GOOGLE_APPLICATION_CREDENTIALS'];

/** The service, and a client that finds it by the environment, as a function's does. */
export interface TestStorage {
  readonly cloud: TestCloud;
  readonly storage: Storage;
  close(options?: { keep?: boolean }): Promise<void>;
}

/** Starts the service and sets the variables of the environment; `close` sets them back. */
export async function startStorage(options: { folder?: string } = {}): Promise<TestStorage> {
  const cloud = await startServices([createStorage], options);
  const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
  process.env.METADATA_SERVER_DETECTION = 'none';
  process.env.STORAGE_EMULATOR_HOST = cloud.origin;
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  return {
    cloud,
    storage: new Storage({ projectId: 'virtuoso-local' }),
    async close(how) {
      for (const [name, value] of saved) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await cloud.close(how);
    },
  };
}

/** Matches the error of a client by its HTTP status. */
export function withCode(code: number): (error: { code?: number }) => boolean {
  return (error) => error.code === code;
}
