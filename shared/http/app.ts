import { type Context, Hono } from 'hono';
import type { Idempotency } from '../domain/idempotency.ts';
import { AppError, toAppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { annotate, continueTrace, withLogContext } from '../platform/trace.ts';
import { addressOf, admit } from './admit.ts';
import { type Authenticate, checkScope } from './authenticate.ts';
import { allowOrigin, checkOrigin, optionsReply, takenMethods } from './cors.ts';
import { etagBeside, etagOf, isKnown } from './etags.ts';
import { eventStream, streamHeaders } from './event-stream.ts';
import { toldEvents } from './follow-events.ts';
import { answerOnce } from './idempotent.ts';
import { problemResponse } from './problem.ts';
import type { RateLimiter } from './rate-limits.ts';
import { readRequest } from './read-request.ts';
import type { AnsweredRequest, RequestRecorder } from './record-requests.ts';
import { type Refusal, refusalOf } from './refusals.ts';
import type { ApiReply, Caller, Route } from './route.ts';
import { secure } from './security-headers.ts';
import type { Upgrade } from './upgrade.ts';

export interface AppOptions {
  readonly name: string;
  readonly routes: readonly Route[];
  readonly services: Record<string, unknown>;
  readonly platform: Platform;
  readonly authenticate: Authenticate;
  readonly limiter: RateLimiter;
  readonly recorder: RequestRecorder;
  readonly idempotency: Idempotency;
}

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** The app that every HTTP function starts from: ids and trace, authentication, checks, problems, records. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono();
  for (const route of options.routes) app.on(route.method, route.path, (context) => handle(context, options, route));
  for (const path of new Set(options.routes.map((route) => route.path))) {
    app.all(path, (context) => handle(context, options, otherMethod(options, path)));
  }
  app.notFound((context) => handle(context, options, missing));
  return app;
}

async function handle(context: Context, options: AppOptions, route: Route): Promise<Response> {
  const { platform } = options;
  const startedAt = platform.clock.now();
  const given = context.req.header('x-request-id');
  const id = given && REQUEST_ID.test(given) ? given : platform.ids.next('req');
  const traceparent = continueTrace(context.req.header('traceparent'), (bytes) =>
    Buffer.from(platform.randomBytes(bytes)).toString('hex'),
  );
  const { pathname } = new URL(context.req.url);
  const address = addressOf(context.req.header('x-forwarded-for'), platform.config.trustedProxies);
  return withLogContext({ traceparent, function: options.name, fields: { request_id: id } }, async () => {
    let caller: Caller | undefined;
    let refusal: Refusal | undefined;
    let response: Response;
    let connect: ((headers: Headers) => void) | undefined;
    let limits: Readonly<Record<string, string>> = {};
    // Who sends it is known also when it is not let in.
    const authenticate = noting(options.authenticate, (found) => {
      caller = found;
      annotate({ user_id: found.userId });
    });
    try {
      const admitted = await admit(route, context.req.raw.headers, address, {
        ...options,
        authenticate,
        log: platform.log,
      });
      limits = admitted.headers;
      const request = await readRequest(context, route, admitted.caller, id);
      const upgrade = upgradeOf(context, route, platform);
      const work = () => route.handle(request, options.services as never);
      const reply = await answerOnce(request, context.req.path, options.idempotency, work);
      connect = upgrade && ((headers) => upgrade.accept(reply.events ?? toldEvents([]), headers));
      response = connect ? new Response() : toResponse(context, reply, platform.stopping);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.kind === 'reported') platform.log.error(`${route.method} ${route.path} failed`, thrown);
      refusal = refusalOf(error);
      response = problemResponse(error, pathname, id);
    }
    for (const [name, value] of Object.entries(limits))
      if (!response.headers.has(name)) response.headers.set(name, value);
    response.headers.set('x-request-id', id);
    response.headers.set('traceparent', traceparent);
    allowOrigin(response.headers, context.req.header('origin'), platform.config.corsOrigins);
    secure(response.headers);
    connect?.(response.headers);
    const status = connect ? 101 : response.status;
    logAnswer(context, options, route, { id, startedAt, caller, refusal, address, status });
    return response;
  });
}

/** What a request goes on as, if it is to be a WebSocket and the route has events; any other route answers as always. */
function upgradeOf({ env, req }: Context, { answers }: Route, { config }: Platform): Upgrade | undefined {
  const { upgrade } = (env ?? {}) as { upgrade?: Upgrade };
  if (!upgrade || answers[200] !== 'events') return undefined;
  checkOrigin(req.header('origin'), req.header('host'), config.corsOrigins);
  return upgrade;
}

/** Authentication that tells whom it has found before it says whether they may. */
function noting(authenticate: Authenticate, found: (caller: Caller) => void): Authenticate {
  return async (headers, access) => {
    const caller = await authenticate(headers, access === 'public' ? access : 'authenticated');
    found(caller);
    checkScope(caller, access);
    return caller;
  };
}

function logAnswer(
  context: Context,
  { name, platform, recorder }: AppOptions,
  route: Route,
  answer: Pick<AnsweredRequest, 'id' | 'startedAt' | 'address' | 'status'> & {
    caller: Caller | undefined;
    refusal: Refusal | undefined;
  },
): void {
  const { method, path } = context.req;
  platform.log.info(`${method} ${path} ${answer.status}`, {
    httpRequest: { requestMethod: method, requestUrl: path, status: answer.status },
    route: `${method} ${route.path}`,
    duration_ms: platform.clock.now() - answer.startedAt,
  });
  recorder.record({
    id: answer.id,
    userId: answer.caller?.userId ?? 'anonymous',
    function: name,
    route: route.path,
    method,
    path,
    status: answer.status,
    startedAt: answer.startedAt,
    address: answer.address,
    userAgent: context.req.header('user-agent') ?? '',
    ...(answer.refusal ? { refusal: answer.refusal } : {}),
  });
}

function toResponse({ req }: Context, reply: ApiReply, stopping: AbortSignal): Response {
  const headers = new Headers(reply.headers);
  if (reply.events) {
    for (const [name, value] of Object.entries(streamHeaders)) headers.set(name, value);
    const body = req.method === 'HEAD' ? null : eventStream(reply.events, { stopping });
    return new Response(body, { status: reply.status, headers });
  }
  const { status, body, resource } = reply;
  if (body === undefined || body instanceof ReadableStream) return new Response(body ?? null, { status, headers });
  const asItIs = typeof body === 'string' || body instanceof Uint8Array;
  const content = asItIs ? body : JSON.stringify(body);
  if (!asItIs) headers.set('content-type', 'application/json');
  if (status === 200 && (req.method === 'GET' || req.method === 'HEAD')) {
    const etag = resource === undefined ? etagOf(content) : etagBeside(resource, content);
    headers.set('etag', etag);
    // What is asked for again and again may be kept by who asks, but is to be asked for again.
    if (!asItIs && !headers.has('cache-control')) headers.set('cache-control', 'private, no-cache');
    if (isKnown(req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers });
  }
  return new Response(content as BodyInit, { status, headers });
}

/** Answers OPTIONS, and the methods that a path does not have. */
function otherMethod({ routes }: AppOptions, path: string): Route {
  const methods = routes.filter((route) => route.path === path).map((route) => route.method);
  return {
    method: 'GET',
    path,
    summary: '',
    access: 'public',
    answers: {},
    query: 'any',
    handle: async ({ method, header }) => {
      if (method === 'OPTIONS') return optionsReply(methods, header('access-control-request-method') !== undefined);
      const detail = `This resource takes ${methods.join(', ')}.`;
      throw new AppError('method-not-allowed', detail, { allow: takenMethods(methods) });
    },
  };
}

const missing: Route = {
  method: 'GET',
  path: '*',
  summary: '',
  access: 'public',
  answers: {},
  query: 'any',
  handle: async () => {
    throw new AppError('not-found', 'There is no such resource.');
  },
};
