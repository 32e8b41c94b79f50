import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Metered } from '../../../shared/cost/prices.ts';
import type { Clock } from './clock.ts';
import type { CallAnswer, OutgoingCall } from './http-sender.ts';
import type { Store } from './store.ts';

/** A gRPC service as the port serves it. */
export interface GrpcService {
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

/** One service of the local cloud: what it answers and how it is started and stopped. */
export interface LocalService {
  readonly name: string;
  readonly grpc?: readonly GrpcService[];
  /** Answers the request and returns true, or returns false without touching it when the path is not its own. */
  http?(request: IncomingMessage, response: ServerResponse, url: URL): boolean | Promise<boolean>;
  /** Called once the port listens (`context.origin()` is known): timers, redelivery of what was under way. */
  start?(): void | Promise<void>;
  /** How much work is due now or under way (deliveries, dispatches): 0 when the service has nothing left to do by itself.
   * Work that waits for a later time (a schedule time, a backoff) counts too when that time is known. */
  pending?(): number;
  close?(): void | Promise<void>;
}

/** What happened in a service that other parts may react to. It is stored with the change and delivered at least once. */
export type Change =
  | {
      readonly kind: 'document';
      readonly type: 'created' | 'updated' | 'deleted';
      /** Path below the database's documents: `runs/run_1`. */
      readonly path: string;
      readonly database: string;
      /** `google.events.cloud.firestore.v1.DocumentEventData`, encoded. */
      readonly data: Uint8Array;
      /** RFC 3339. */
      readonly time: string;
    }
  | {
      readonly kind: 'object';
      readonly type: 'finalized' | 'deleted' | 'archived' | 'metadataUpdated';
      readonly bucket: string;
      readonly name: string;
      /** The object resource, as the JSON API returns it. */
      readonly resource: Record<string, unknown>;
      readonly time: string;
    };

/** Answers a request to a function of this local cloud without the network; gives undefined for any other request. */
export type CallNear = (call: OutgoingCall) => Promise<CallAnswer> | undefined;

/** What the host gives every service. */
export interface ServiceContext {
  readonly project: string;
  readonly region: string;
  readonly store: Store;
  /** A folder of the service's own for what does not belong into the store (objects' bytes, the warehouse). Exists. */
  readonly folder: string;
  readonly clock: Clock;
  /** `http://127.0.0.1:PORT` of the local cloud; call it only after `start`. */
  origin(): string;
  /** Records a change. Call it inside the `store.transaction` that makes the change: both are durable, or neither. */
  emit(change: Change): void;
  /** Counts billable operations, as Google counts them: `meter('firestore.write', 3)`. */
  meter(operation: Metered, count?: number): void;
  /** A Google-style OIDC identity token for a request to `audience`, as `serviceAccountEmail`. */
  identityToken(audience: string, serviceAccountEmail: string): Promise<string>;
  /** For the requests that a service sends; absent where there are no functions. */
  readonly near?: CallNear | undefined;
  log(severity: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR', message: string, fields?: Record<string, unknown>): void;
}

/** How a service is made: a plain function of its context. */
export type CreateService = (context: ServiceContext) => LocalService | Promise<LocalService>;
