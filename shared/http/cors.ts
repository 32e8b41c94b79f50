import { AppError } from '../platform/errors.ts';

/** What a page of another origin may send, beside what it always may. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Prefer',
  'X-API-Key',
  'X-File-Name',
  'X-Request-Id',
  'traceparent',
].join(', ');

/** What a page of another origin may read of an answer. */
const RESPONSE_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'traceparent',
].join(', ');

/** How long a browser may remember the answer to its preflight, in seconds: the longest that Chromium does. */
const REMEMBERED = '7200';

/** Lets pages of the configured origins read an answer (the Fetch standard's CORS protocol). No cookie is involved. */
export function allowOrigin(answer: Headers, origin: string | undefined, allowed: readonly string[]): void {
  if (allowed.length === 0) return;
  answer.append('vary', 'Origin');
  if (origin === undefined || !isAllowed(origin, allowed)) return;
  answer.set('access-control-allow-origin', origin);
  answer.set('access-control-expose-headers', RESPONSE_HEADERS);
}

/**
 * Refuses a WebSocket to pages that may not read answers: of such a connection browsers leave that to the server
 * (RFC 6455 §10.2). Pages of the API's own origin may.
 * @throws AppError permission-denied
 */
export function checkOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): void {
  if (origin === undefined || isAllowed(origin, allowed)) return;
  if (host !== undefined && [`https://${host}`, `http://${host}`].includes(origin)) return;
  throw new AppError('permission-denied', `Pages of '${origin}' may not connect: it is not among CORS_ORIGINS.`);
}

/** Answers OPTIONS: what a path takes, and, when a page's browser asks beforehand, what the page may send. */
export function optionsReply(
  methods: readonly string[],
  isPreflight: boolean,
): { status: 204; headers: Record<string, string> } {
  const takes = takenMethods(methods).join(', ');
  return {
    status: 204,
    headers: {
      allow: takes,
      ...(isPreflight
        ? {
            'access-control-allow-methods': takes,
            'access-control-allow-headers': REQUEST_HEADERS,
            'access-control-max-age': REMEMBERED,
          }
        : {}),
    },
  };
}

/** The methods of a path: those of its routes, and those that every path answers. */
export function takenMethods(methods: readonly string[]): string[] {
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
}

function isAllowed(origin: string, allowed: readonly string[]): boolean {
  return allowed.includes('*') || allowed.includes(origin);
}
