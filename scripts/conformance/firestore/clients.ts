import assert from 'node:assert/strict';
import firestore, { type CollectionReference, Firestore, type Query } from '@google-cloud/firestore';
import type { World } from '../behaviour.ts';
import { localClient } from '../grpc.ts';

/** The generated client, for methods that the other one hides. */
export type GapicClient = InstanceType<typeof firestore.v1.FirestoreClient>;
/** The generated client of indexes and of the settings of fields. */
export type AdminClient = InstanceType<typeof firestore.v1.FirestoreAdminClient>;

/** The official clients of one database, and names in it. */
export interface Clients {
  readonly db: Firestore;
  readonly gapic: GapicClient;
  readonly admin: AdminClient;
  /** `projects/P/databases/(default)`. */
  readonly database: string;
  /** The parent of what lies at the top: `projects/P/databases/(default)/documents`. */
  readonly root: string;
  /** A collection that nothing has used before. */
  collection(): CollectionReference;
  /** The resource name of a path below the root. */
  nameOf(path: string): string;
  close(): Promise<void>;
}

/** Connects the clients to the world's endpoint, or to Google Cloud. */
export function connect(world: World): Clients {
  const { endpoint, project } = world;
  const local = endpoint === undefined ? undefined : addressOf(endpoint);
  // Without it the client asks a metadata server which universe it is in, before its first call.
  const auth = { getUniverseDomain: async () => 'googleapis.com' };
  const db = new Firestore({ projectId: project, ...(local && { ...local, ssl: false, auth }) });
  const gapicSettings = {
    projectId: project,
    ...(endpoint !== undefined && localClient(endpoint)),
  };
  const gapic = new firestore.v1.FirestoreClient(gapicSettings);
  const admin = new firestore.v1.FirestoreAdminClient(gapicSettings);
  const database = `projects/${project}/databases/(default)`;
  return {
    ...{ db, gapic, admin, database, root: `${database}/documents` },
    collection: () => db.collection(world.name('c')),
    nameOf: (path) => `${database}/documents/${path}`,
    close: async () => {
      await db.terminate();
      await gapic.close();
      await admin.close();
    },
  };
}

function addressOf(endpoint: string): { host: string; port: number } {
  const at = endpoint.lastIndexOf(':');
  return { host: endpoint.slice(0, at), port: Number(endpoint.slice(at + 1)) };
}

/** Asserts that the call fails with the gRPC code and that its message has the words. */
export async function refused(call: Promise<unknown>, code: number, words: RegExp): Promise<void> {
  await assert.rejects(call, (error: { code?: unknown; message?: unknown }) => {
    assert.equal(error.code, code, `${String(error.code)}: ${String(error.message)}`);
    assert.match(String(error.message), words);
    return true;
  });
}

/** The ids of what a query finds, in order. */
export async function ids(query: Query): Promise<string[]> {
  return (await query.get()).docs.map((document) => document.id);
}

/** Writes documents by their ids, in one commit. */
export async function fill(
  collection: CollectionReference,
  documents: Readonly<Record<string, Record<string, unknown>>>,
): Promise<void> {
  const batch = collection.firestore.batch();
  for (const [id, fields] of Object.entries(documents)) batch.set(collection.doc(id), fields);
  await batch.commit();
}

/** The messages of a server-streaming call. */
export async function messagesOf<T>(stream: AsyncIterable<unknown>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message as T);
  return messages;
}

export const INVALID_ARGUMENT = 3;
export const NOT_FOUND = 5;
export const ALREADY_EXISTS = 6;
export const FAILED_PRECONDITION = 9;
export const ABORTED = 10;
export const UNIMPLEMENTED = 12;
