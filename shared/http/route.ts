import type { AnswerName } from '../../schemas/answers.ts';
import type { Contract, Of } from '../../schemas/contract.ts';
import type { OwnQuotas } from '../../schemas/quotas.ts';
import type { Base } from '../platform/platform.ts';
import type { EventSource } from './follow-events.ts';
import type { LimitClass } from './rate-limits.ts';
import type { Scope } from './scopes.ts';

/** Who sends a request, once it has been authenticated. */
export interface Caller {
  readonly userId: string;
  readonly scopes: readonly string[];
  /** SHA-256 of the key that the caller came with. */
  readonly keyHash: string;
  /** What the user has of their own, in place of the quotas that all have. */
  readonly quotas?: OwnQuotas;
}

/** A request as a route's handler sees it: what was sent has been checked already. */
export interface ApiRequest<Body = unknown, Query = Record<string, string>> {
  /** Values of the path's parameters. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Caller;
  readonly id: string;
  readonly method: string;
  header(name: string): string | undefined;
  /** Seconds that the client is willing to wait (`Prefer: wait=30`, RFC 7240), at most `longestWait`. */
  readonly waitSeconds: number | undefined;
}

/** An answer. A string, bytes or a stream is sent as it is, with its content type; anything else as JSON. */
export interface ApiReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as they come: as a stream of server-sent events, or through a WebSocket when the request asks for one. */
  readonly events?: EventSource;
  /** The resource that is read, as it is when it is changed, where the body shows more than that. */
  readonly resource?: unknown;
}

/** What a request must carry: nothing, any valid credential, or one with the scope. */
export type Access = 'public' | 'authenticated' | { readonly scope: Scope };

/** One route of the public API. */
export interface Route<Services = unknown> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/runs/:id`; a parameter can be limited: `:format{html|json|xml}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** How often it may be asked for; by default as often as its method says. */
  readonly limit?: LimitClass;
  /** Contract of a JSON body; `raw` takes any body as bytes up to `rawLimit`. */
  readonly body?: Contract | 'raw';
  /** What it answers when all is well, by status: names of `schemas/answers.ts`. */
  readonly answers: Readonly<Partial<Record<200 | 201 | 202 | 204 | 503, AnswerName | 'nothing'>>>;
  /** Contract of the query; without one, no parameter is taken. `any` looks at none. */
  readonly query?: Contract | 'any';
  handle(request: ApiRequest, services: Services & Base): Promise<ApiReply>;
}

type BodyOf<B> = B extends 'raw' ? Uint8Array : B extends Contract ? Of<B> : undefined;
type QueryOf<Q> = Q extends Contract ? Of<Q> : Record<string, string>;

/** Declares a route; the types of body and query follow from their contracts. */
export function route<
  Services,
  B extends Contract | 'raw' | undefined = undefined,
  Q extends Contract | 'any' | undefined = undefined,
>(
  declaration: Omit<Route<Services>, 'handle' | 'body' | 'query'> & {
    readonly body?: B;
    readonly query?: Q;
    handle(request: ApiRequest<BodyOf<B>, QueryOf<Q>>, services: Services & Base): Promise<ApiReply>;
  },
): Route<Services> {
  return declaration as unknown as Route<Services>;
}
