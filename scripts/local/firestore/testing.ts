import { Firestore, type Settings } from '@google-cloud/firestore';
import * as grpc from '@grpc/grpc-js';
import type { CreateService } from '../plumbing/service.ts';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { FIRESTORE } from './codec.ts';
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
    // Without it the client asks a metadata server which universe it is in, before its first call.
    auth: { getUniverseDomain: async () => 'googleapis.com' },
    ...settings,
  });
}

/** Calls that the client does not make, or makes differently, by the name of the method. */
export interface RawClient {
  call(method: string, request: unknown): Promise<unknown>;
  /** All messages of a server-streaming method. */
  stream(method: string, request: unknown): Promise<unknown[]>;
  /** Opens a Listen stream. */
  listen(): RawListen;
  close(): void;
}

/** What tests look at in a ListenResponse. */
export interface ListenMessage {
  readonly targetChange?: {
    readonly targetChangeType: string;
    readonly resumeToken: Uint8Array;
    readonly cause: { readonly code: number } | null;
  };
  readonly documentChange?: { readonly document: { readonly name: string } };
  readonly documentDelete?: { readonly document: string; readonly removedTargetIds: number[] };
  readonly documentRemove?: { readonly document: string };
}

export interface RawListen {
  send(request: unknown): void;
  /** The messages up to and with the first that `last` accepts. */
  until(last: (message: ListenMessage) => boolean): Promise<ListenMessage[]>;
  end(): void;
}

/** A plain gRPC client of the service. */
export function raw(cloud: TestCloud): RawClient {
  const client = new grpc.Client(`127.0.0.1:${cloud.port}`, grpc.credentials.createInsecure());
  const method = (name: string) => {
    const definition = FIRESTORE[name];
    if (!definition) throw new Error(`no method ${name}`);
    return definition;
  };
  return {
    call: (name, request) =>
      new Promise((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = method(name);
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
          error ? reject(error) : resolve(response),
        );
      }),
    stream: async (name, request) => {
      const { path, requestSerialize, responseDeserialize } = method(name);
      const messages: unknown[] = [];
      const call = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
      for await (const message of call) messages.push(message);
      return messages;
    },
    listen: () => {
      const { path, requestSerialize, responseDeserialize } = method('Listen');
      const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
      const messages = call[Symbol.asyncIterator]() as AsyncIterator<ListenMessage>;
      return {
        send: (request) => call.write(request),
        until: async (last) => {
          const read: ListenMessage[] = [];
          for (;;) {
            const next = await messages.next();
            if (next.done) throw new Error('the stream has ended');
            read.push(next.value);
            if (last(next.value)) return read;
          }
        },
        end: () => call.end(),
      };
    },
    close: () => client.close(),
  };
}
