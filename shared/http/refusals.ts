import type { NewEvent } from '../events/publish.ts';
import type { AppError } from '../platform/errors.ts';
import type { AnsweredRequest } from './record-requests.ts';

/** Why a request was not let in. */
export type Refusal =
  | { readonly type: 'auth.denied'; readonly reason: 'unauthenticated' | 'permission-denied' }
  | { readonly type: 'rate_limit.exceeded'; readonly limit: string };

/** The refusal that an error is, when it is one. */
export function refusalOf({ code, headers }: AppError): Refusal | undefined {
  if (code === 'unauthenticated' || code === 'permission-denied') return { type: 'auth.denied', reason: code };
  if (code !== 'rate-limited') return undefined;
  // The field names the limit: "read";q=100;w=60.
  return { type: 'rate_limit.exceeded', limit: headers['ratelimit-policy']?.match(/^"([^"]+)"/)?.[1] ?? 'other' };
}

/** An event whose address has still to be hashed. */
export interface Unhashed<T extends NewEvent = NewEvent> {
  readonly event: T;
  readonly address: string;
}

/** Refused requests, brought together: whoever sends them cannot have as many events published as they like. */
export interface Refusals {
  /** Whether the request is also one of those that are told one by one: not when there are too many. */
  note(request: AnsweredRequest & { readonly refusal: Refusal }): boolean;
  /** The events of what was noted since the last time, and begins anew. */
  take(): Unhashed[];
}

/** Kinds of refusals of a type that are told apart, and requests that are told one by one, between two calls of `take`. */
export const MOST_KINDS = 20;
export const MOST_SINGLE = 100;

interface Kind {
  readonly request: AnsweredRequest & { readonly refusal: Refusal };
  /** It stands for all kinds that there was no room for. */
  readonly others: boolean;
  count: number;
  lastAt: number;
}

/** @param instance name that no other instance has */
export function createRefusals(instance: string): Refusals {
  let kinds = new Map<string, Kind>();
  let single = 0;
  let sequence = 0;

  function kindOf(request: Kind['request']): Kind {
    const { refusal, userId, route, method, address } = request;
    const key = JSON.stringify([refusal, userId, route, method, address]);
    const known = kinds.get(key);
    if (known) return known;
    const ofType = [...kinds.values()].filter((kind) => kind.request.refusal.type === refusal.type && !kind.others);
    const others = ofType.length >= MOST_KINDS;
    const place = others ? `others ${refusal.type}` : key;
    const kind = kinds.get(place) ?? { request, others, count: 0, lastAt: request.startedAt };
    kinds.set(place, kind);
    return kind;
  }

  return {
    note(request) {
      const kind = kindOf(request);
      kind.count++;
      kind.lastAt = request.startedAt;
      return single++ < MOST_SINGLE;
    },
    take() {
      const noted = [...kinds.values()];
      kinds = new Map();
      single = 0;
      return noted.map((kind) => ({ event: toEvent(kind, [instance, sequence++]), address: kind.request.address }));
    },
  };
}

const VARIOUS = 'various';

function toEvent({ request, others, count, lastAt }: Kind, key: NewEvent['key']): NewEvent {
  const { refusal, userId, route, method, startedAt } = request;
  const common = {
    user_id: others ? VARIOUS : userId,
    function: request.function,
    route: others ? VARIOUS : route,
    method: others ? VARIOUS : method,
    ip_hash: others ? VARIOUS : '',
    count,
    first_at: new Date(startedAt).toISOString(),
    last_at: new Date(lastAt).toISOString(),
  };
  const about = { key, subject: `users/${common.user_id}`, time: new Date(startedAt) };
  return refusal.type === 'auth.denied'
    ? { ...about, type: refusal.type, data: { ...common, reason: others ? VARIOUS : refusal.reason } }
    : { ...about, type: refusal.type, data: { ...common, limit: others ? VARIOUS : refusal.limit } };
}
