import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { RpcError, toStatus } from '../plumbing/grpc.ts';
import { HttpError } from '../plumbing/http.ts';
import type { GrpcService } from '../plumbing/service.ts';
import { Dice } from './dice.ts';
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
 * make again by themselves. What is decided follows from the method and how many calls of it came before: what a call
 * says, which is full of random ids, makes no difference.
 */
export class Refusals {
  readonly #settings: ChaosSettings;
  readonly #made: Made;
  readonly #dice: Dice;
  readonly #refused = new Map<string, number>();

  constructor(settings: ChaosSettings, made: Made) {
    this.#settings = settings;
    this.#made = made;
    this.#dice = new Dice(settings.seed);
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
    const says = `${method} ${url.pathname}${url.search} ${headers['content-length'] ?? ''}`;
    const kind = `${method} ${url.pathname.split('/', 2).join('/')}`;
    if (!this.#refuses(kind, says)) return;
    this.#made('unavailable', { method: `${method} ${url.pathname}` });
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
      if (path.endsWith('/Acknowledge') && this.#drops(call.request as { subscription: string })) {
        this.#made('drop-ack', { kind: 'pull' });
        (rest[0] as (error: null, answer: object) => void)(null, {});
        return;
      }
      handle.call(undefined, call, ...rest);
    };
  }

  #drops({ subscription }: { subscription: string }): boolean {
    if (this.#settings.dropAck === 0) return false;
    const name = subscription.slice(subscription.lastIndexOf('/') + 1);
    return this.#decides('drop-ack', name, name);
  }

  #refuses(kind: string, says: Uint8Array | string): boolean {
    if (this.#settings.unavailable === 0) return false;
    const id = createHash('sha256').update(kind).update(says).digest('base64');
    return this.#decides('unavailable', kind, id);
  }

  /** Whether the next thing of a kind meets a fault; what has one name does so only IN_A_ROW times. */
  #decides(fault: 'drop-ack' | 'unavailable', kind: string, name: string): boolean {
    const rate = fault === 'drop-ack' ? this.#settings.dropAck : this.#settings.unavailable;
    const key = `${fault} ${name}`;
    const times = this.#refused.get(key) ?? 0;
    const does = this.#dice.next(`${fault} ${kind}`)(fault) < rate && times < IN_A_ROW;
    this.#refused.delete(key);
    if (does) this.#refused.set(key, times + 1);
    if (this.#refused.size > KNOWN) this.#refused.delete(this.#refused.keys().next().value as string);
    return does;
  }
}
