import { implement } from '../plumbing/grpc.ts';
import type { CreateService } from '../plumbing/service.ts';
import { documentMethods } from './document-methods.ts';
import { openEngine } from './engine.ts';
import { Expiry, type TimeToLive } from './expiry.ts';
import { servedDefinition } from './handlers.ts';
import type { CompositeIndex } from './indexes.ts';
import { listMethods } from './list-methods.ts';
import { Listeners } from './listen.ts';
import { queryMethods } from './query-methods.ts';
import { writeMethods } from './write-methods.ts';
import { WriteStreams } from './write-stream.ts';

/** How the local Firestore is set up. */
export interface FirestoreOptions {
  /** The declared composite indexes: a query that needs another one fails. Undefined: every query is answered. */
  readonly indexes: readonly CompositeIndex[] | undefined;
  /** TTL policies. */
  readonly ttl?: readonly TimeToLive[];
}

const HISTORY_MS = 10 * 60_000;

/** The local Firestore without index enforcement and TTL policies. */
export const createFirestore: CreateService = createFirestoreWith({ indexes: undefined });

/**
 * A local Firestore (`google.firestore.v1.Firestore`) for the official clients: durable, transactional, with queries,
 * aggregations and listeners, for any number of projects and databases. Changes of the context's own project are
 * emitted. Methods that are not there answer UNIMPLEMENTED.
 */
export function createFirestoreWith(options: FirestoreOptions): CreateService {
  return (context) => {
    const engine = openEngine(context, options.indexes);
    const listeners = new Listeners(engine);
    const expiry = new Expiry(engine, options.ttl ?? []);
    let stopTimer = () => {};
    const keepHistoryShort = () => {
      engine.documents.forgetHistory();
      stopTimer = context.clock.at(context.clock.now() + HISTORY_MS, keepHistoryShort);
    };
    return {
      name: 'firestore',
      grpc: [
        implement(servedDefinition(), {
          ...documentMethods(engine),
          ...writeMethods(engine),
          ...queryMethods(engine),
          ...listMethods(engine),
          ...listeners.methods(),
          ...new WriteStreams(engine).methods(),
        }),
      ],
      start() {
        keepHistoryShort();
        expiry.start();
      },
      close() {
        stopTimer();
        expiry.close();
        listeners.close();
        engine.transactions.close();
      },
    };
  };
}
