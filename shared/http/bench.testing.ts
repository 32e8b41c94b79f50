import { contract } from '../../schemas/contract.ts';
import { Type } from '../../schemas/type.ts';
import type { Idempotency, KeptReply } from '../domain/idempotency.ts';
import { AppError } from '../platform/errors.ts';
import { testPlatform } from '../platform/testing.ts';
import { currentTrace } from '../platform/trace.ts';
import { createApp } from './app.ts';
import { createAuthenticate, type Identities } from './authenticate.ts';
import { toldEvents } from './follow-events.ts';
import type { RateLimiter } from './rate-limits.ts';
import type { AnsweredRequest } from './record-requests.ts';
import { type ApiRequest, route } from './route.ts';

const thing = contract(
  'thing',
  Type.Object({ name: Type.String(), size: Type.Optional(Type.Integer()) }, { additionalProperties: false }),
);
const query = contract(
  'thing-query',
  Type.Object(
    { color: Type.Optional(Type.String()), since: Type.Optional(Type.String({ format: 'date-time' })) },
    { additionalProperties: false },
  ),
);

/** An app with a route of each sort, and what it has seen. */
export function bench(environment: Record<string, string> = {}, given: { limiter?: RateLimiter } = {}) {
  const platform = testPlatform({ environment });
  const recorded: AnsweredRequest[] = [];
  const seen: ApiRequest[] = [];
  const echo = (request: ApiRequest) => {
    seen.push(request);
    return Promise.resolve({ status: 200, body: { ok: true, trace: currentTrace() } });
  };
  const kept = new Map<string, { content: string; reply: KeptReply }>();
  const idempotency: Idempotency = {
    async once({ userId, key, content }, work) {
      const id = `${userId} ${key}`;
      const found = kept.get(id);
      if (found && found.content !== JSON.stringify(content)) throw new AppError('unprocessable', 'Another request.');
      if (found) return { reply: found.reply, again: true };
      const reply = await work();
      kept.set(id, { content: JSON.stringify(content), reply });
      return { reply, again: false };
    },
  };
  const access = { scope: 'tests:read' } as const;
  const throwing = (path: string, error: unknown) =>
    route({ method: 'GET', path, summary: '', answers: {}, access, handle: () => Promise.reject(error) });
  const app = createApp({
    name: 'things',
    routes: [
      route({ method: 'GET', path: '/open', summary: '', answers: {}, access: 'public', handle: echo as never }),
      route({ method: 'GET', path: '/things/:id', summary: '', answers: {}, access, query, handle: echo as never }),
      route({ method: 'POST', path: '/things', summary: '', answers: {}, access, body: thing, handle: echo as never }),
      route({ method: 'POST', path: '/raw', summary: '', answers: {}, access, body: 'raw', handle: echo as never }),
      route({
        method: 'DELETE',
        path: '/things/:id',
        summary: '',
        answers: {},
        access,
        handle: async () => ({ status: 204 }),
      }),
      route({
        method: 'GET',
        path: '/same',
        summary: '',
        answers: {},
        access,
        handle: async () => ({ status: 200, body: { a: 1 } }),
      }),
      route({
        method: 'GET',
        path: '/text',
        summary: '',
        answers: {},
        access,
        handle: async () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' }),
      }),
      route({
        method: 'GET',
        path: '/stream',
        summary: '',
        answers: {},
        access,
        handle: async () => ({ status: 200, body: new Blob(['stre', 'am']).stream() }),
      }),
      route({
        method: 'GET',
        path: '/events',
        summary: '',
        answers: { 200: 'events' },
        access,
        query: 'any',
        handle: async ({ query }) =>
          'none' in query ? { status: 204 } : { status: 200, events: toldEvents([{ id: '1', type: 'a', data: 1 }]) },
      }),
      route({
        method: 'GET',
        path: '/bytes',
        summary: '',
        answers: {},
        access,
        handle: async () => ({ status: 200, body: Uint8Array.of(1, 2) }),
      }),
      route({
        method: 'GET',
        path: '/r/:id/:file{report(\\.(html|json))?}',
        summary: '',
        answers: {},
        access,
        handle: echo as never,
      }),
      route({
        method: 'POST',
        path: '/told',
        summary: '',
        answers: {},
        access: 'public',
        body: 'raw',
        handle: echo as never,
      }),
      route({ method: 'POST', path: '/bodiless', summary: '', answers: {}, access, handle: echo as never }),
      throwing('/wrong/invalid-argument', new AppError('invalid-argument', 'It is wrong.')),
      throwing('/wrong/unprocessable', new AppError('unprocessable', 'It is wrong.')),
      throwing('/wrong/conflict', new AppError('conflict', 'It is wrong.')),
      throwing('/bug', new TypeError('secret detail')),
      throwing('/known-bug', new AppError('internal', 'secret words', { details: [{ message: 'secret' }] })),
      throwing('/late', new AppError('unavailable', 'Come back.', { retryAfter: 9 })),
    ] as never,
    services: {},
    platform,
    authenticate: createAuthenticate(fakeIdentities()),
    idempotency,
    limiter: given.limiter ?? unlimited,
    recorder: { record: (request) => void recorded.push(request), flush: async () => {} },
  });
  const call = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    app.request(path, { ...init, headers: { 'x-api-key': 'vrt_good', ...init.headers } });
  const post = (body: BodyInit, type = 'application/json', path = '/things') =>
    call(path, { method: 'POST', body, headers: { 'content-type': type } });
  return { app, call, post, platform, recorded, seen };
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  requestId: string;
  errors?: { pointer: string; message: string; hint?: string }[];
}
export const problemOf = async (response: Response) => (await response.json()) as ProblemBody;

/** Limits nothing. */
export const unlimited: RateLimiter = {
  take: async () => ({ allowed: true, remaining: 7, limit: 10, resetSeconds: 3 }),
  spent: () => undefined,
};

/** A world in which there is only the bootstrap key, `vrt_good`, but for what a test adds. */
export function fakeIdentities(given: Partial<Identities> = {}): Identities {
  const secrets = { read: async () => ({ value: 'vrt_good', version: '1' }) };
  return {
    secrets,
    keys: { withUser: async () => ({ key: undefined, user: undefined }), noteUse: () => {} },
    users: { get: async () => undefined },
    tokens: {
      verify: async () => {
        throw new AppError('unauthenticated', 'The token is not valid.');
      },
    },
    clock: testPlatform().clock,
    ...given,
  };
}
