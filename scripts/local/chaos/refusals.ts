import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { RpcError, toStatus } from '../plumbing/grpc.ts';
import { HttpError } from '../plumbing/http.ts';
import type { GrpcService } from '../plumbing/service.ts';
import { roll } from './dice.ts';
import { isRetriedCall, isRetriedRequest } from './retried.ts';
import type { ChaosSettings } from './settings.ts';

type Handler = (call: { request?: unknown; emit?(name: string, error: Error): void }, ...rest: unknown[]) => void;
type Made = (fault: string, what: Readonly<Record<string, unknown>>) => void;

/** A client gives up after a few answers alike; the same request is refused no more than this in a row. */
const IN_A_ROW = 2;
/** So many requests are known by what they say; the oldest are forgotten. */
const KNOWN = 10_000;

/**
 * Refuses calls as a service that is not available: before they have an effect, and only those that Google's clients
 * make again by themselves. What is decided follows from what the call says and how often it was said.
 */
export class Refusals {
  readonly #settings: ChaosSettings;
  readonly #made: Made;
  readonly #times = new Map<string, { said: number; refused: number }>();

  constructor(settings: ChaosSettings, made: Made) {
    this.#settings = settings;
    this.#made = made;
  }

  /** The same service, now and then not available, whose acknowledgements get lost. */
  wrap({ definition, implementation }: GrpcService): GrpcService {
    const wrapped: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(definition)) {
      const handle = implementation[name] as unknown as Handler;
      wrapped[name] = isRetriedCall(method.path) ? this.#wrapMethod(method, handle) : handle;
    }
    return { definition, implementation: wrapped as GrpcService['implementation'] };
  }

  /** @throws HttpError 503 */
  refuseRequest({ method = 'GET', headers }: IncomingMessage, url: URL): void {
    if (!isRetriedRequest(method, url, headers)) return;
    const path = `${method} ${url.pathname}`;
    if (!this.#refuses(path, `${url.search}${headers['content-length'] ?? ''}`)) return;
    this.#made('unavailable', { method: path });
    throw new HttpError(503, 'backendError', 'chaos: the service is not available');
  }

  #wrapMethod(method: GrpcService['definition'][string], handle: Handler): Handler {
    const { path, requestSerialize, requestStream, responseStream } = method;
    return (call, ...rest) => {
      const bytes = requestStream ? '' : requestSerialize(call.request);
      if (this.#refuses(path, bytes)) {
        this.#made('unavailable', { method: path });
        const error = toStatus(new RpcError(grpc.status.UNAVAILABLE, 'chaos: the service is not available'));
        if (responseStream) call.emit?.('error', error);
        else (rest[0] as (error: Error) => void)(error);
        return;
      }
      if (path.endsWith('/Acknowledge') && this.#drops(bytes)) {
        this.#made('drop-ack', { kind: 'pull' });
        (rest[0] as (error: null, answer: object) => void)(null, {});
        return;
      }
      handle.call(undefined, call, ...rest);
    };
  }

  #drops(bytes: Uint8Array | string): boolean {
    return roll(this.#settings.seed, 'drop-ack', digest(bytes)) < this.#settings.dropAck;
  }

  #refuses(path: string, says: Uint8Array | string): boolean {
    if (this.#settings.unavailable === 0) return false;
    const id = `${path} ${digest(says)}`;
    const { said, refused } = this.#times.get(id) ?? { said: 0, refused: 0 };
    const refuses =
      refused < IN_A_ROW && roll(this.#settings.seed, 'unavailable', id, said) < this.#settings.unavailable;
    this.#times.delete(id);
    this.#times.set(id, { said: said + 1, refused: refuses ? refused + 1 : 0 });
    if (this.#times.size > KNOWN) this.#times.delete(this.#times.keys().next().value as string);
    return refuses;
  }
}

function digest(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('base64');
}
