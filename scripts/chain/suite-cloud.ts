import assert from 'node:assert/strict';
import type { CheckpointEntity, RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { RunReport } from '../../schemas/report.ts';
import { type CloudOptions, type LocalCloud, startCloud } from '../local/cloud.ts';
import { until } from '../local/plumbing/receiver.ts';
import { type Api, apiOf } from './api.ts';
import { type GoogleClients, googleClients } from './clients.ts';
import { temporaryFolder } from './temporary.ts';

/** A log line of a function or a service. */
export interface Line {
  readonly severity: string;
  readonly message: string;
  readonly function?: string;
  readonly run_id?: string;
  readonly session_id?: string;
  readonly 'logging.googleapis.com/trace'?: string;
}

/** The whole suite on a local cloud, with what tests ask it by. */
export interface SuiteCloud extends Api {
  readonly cloud: LocalCloud;
  readonly google: GoogleClients;
  /** What was logged so far. */
  readonly lines: readonly Line[];
  /** Resolves with the first line that fits once there is one: no answer waits for the log of who gave it. */
  logged(fits: (line: Line) => boolean): Promise<Line>;
  /** Folder for temporary files of the functions' processes, by which they are known. */
  readonly temporary: string;
  /** A run's sessions, in order. */
  sessionsOf(runId: string): Promise<SessionEntity[]>;
  checkpointsOf(sessionId: string): Promise<CheckpointEntity[]>;
  run(id: string): Promise<RunEntity>;
  /** The report that was written of a run. */
  reportOf(runId: string): Promise<RunReport>;
  /** Rows of a query on the dataset `analytics`. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Resolves with the document once it fits. */
  until<E>(path: string, fits: (document: E) => boolean): Promise<E>;
  close(): Promise<void>;
}

/** Two browsers, and leases that end soon when an instance has died. */
export const suiteOptions = (temporary: string): CloudOptions => ({
  limits: { 'run-session': { maxInstances: 2 } },
  environment: { SESSION_LEASE_SECONDS: '3', TMPDIR: temporary },
});

export async function startSuite(options: CloudOptions = {}): Promise<SuiteCloud> {
  const lines: Line[] = [];
  const temporary = temporaryFolder();
  const cloud = await startCloud({
    ...{ ...suiteOptions(temporary.path), ...options },
    log: (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as Line);
    },
  });
  const google = googleClients(cloud);
  return {
    ...{ cloud, google, lines, temporary: temporary.path },
    ...apiOf(cloud.origin, cloud.apiKey),
    ...readersOf(google),
    async logged(fits) {
      await until(() => lines.some(fits));
      return lines.find(fits) as Line;
    },
    async close() {
      await google.close();
      await cloud.close();
      temporary.remove();
    },
  };
}

/** Looks into what is stored, past the API. */
export function readersOf({ firestore, storage, bigquery }: GoogleClients) {
  const documents = async <E extends { position: number; attempt: number }>(
    collection: string,
    field: string,
    value: string,
  ) => {
    const { docs } = await firestore.collection(collection).where(field, '==', value).orderBy('position').get();
    return docs
      .map((document) => document.data() as E)
      .sort((a, b) => a.position - b.position || a.attempt - b.attempt);
  };
  return {
    sessionsOf: (runId: string) => documents<SessionEntity>('sessions', 'run_id', runId),
    checkpointsOf: (sessionId: string) => documents<CheckpointEntity>('checkpoints', 'session_id', sessionId),
    run: async (id: string) => (await firestore.doc(`runs/${id}`).get()).data() as RunEntity,
    async reportOf(runId: string) {
      const [bytes] = await storage.bucket('virtuoso-reports').file(`${runId}/results.json`).download();
      return JSON.parse(bytes.toString('utf8')) as RunReport;
    },
    rows: async (sql: string) => (await bigquery.query({ query: sql }))[0] as Record<string, unknown>[],
    until: <E>(path: string, fits: (document: E) => boolean) =>
      new Promise<E>((resolve, reject) => {
        const stop = firestore.doc(path).onSnapshot((snapshot) => {
          const document = snapshot.data() as E | undefined;
          if (document === undefined || !fits(document)) return;
          stop();
          resolve(document);
        }, reject);
      }),
  };
}

/** The one of a list that there must be exactly one of. */
export function only<T>(list: readonly T[]): T {
  assert.equal(list.length, 1, `${list.length} instead of one`);
  return list[0] as T;
}
