import type { Route } from '../../../shared/http/route.ts';

const header = (description: string, schema: object = { type: 'string' }) => ({ description, schema });

/** Headers of answers, by name. */
export const responseHeaders = {
  'X-Request-Id': header('Names the request in logs: the one that was sent, or a new one.'),
  traceparent: header('W3C trace context of the request.'),
  ETag: header('Of the very bytes of this answer; for If-None-Match and If-Match.'),
  Location: header('Where the resource is.'),
  'Retry-After': header('Seconds after which to come back.', { type: 'integer' }),
  'RateLimit-Policy': header('The limit that the request counted towards, a minute.'),
  RateLimit: header('How many requests are left, and in how many seconds there is another.'),
} as const;

/** Headers that a route's requests may carry. */
export function requestHeaders(
  { method, access, answers }: Pick<Route, 'method' | 'access' | 'answers'>,
  read: boolean,
): object[] {
  const parameter = (name: string, description: string, schema: object = { type: 'string' }) => ({
    name,
    in: 'header',
    description,
    schema,
  });
  return [
    parameter('X-Request-Id', 'Names the request in logs and in the answer.', {
      type: 'string',
      pattern: '^[\\w.-]{1,128}$',
    }),
    ...(method === 'GET'
      ? [parameter('If-None-Match', 'ETags of what is known already: 304 when it is still so.')]
      : []),
    ...(access !== 'public' && (method === 'POST' || method === 'PATCH')
      ? [
          parameter('Idempotency-Key', 'The same key and request is done once, and answered the same for 24 hours.', {
            type: 'string',
            minLength: 1,
            maxLength: 255,
          }),
        ]
      : []),
    ...(answers[200] === 'events'
      ? [
          parameter('Last-Event-ID', 'The id of the last event that arrived: what came after it is sent.'),
          parameter('Upgrade', 'Through a WebSocket, when it is `websocket`.', { const: 'websocket' }),
          parameter(
            'Sec-WebSocket-Protocol',
            'For pages, which can send a WebSocket no other header: `bearer, vrt_…`, the key or a token second.',
          ),
        ]
      : []),
    ...(method === 'PATCH' || (method === 'DELETE' && read)
      ? [parameter('If-Match', 'Changes or deletes the resource only as it was read.')]
      : []),
    ...(method === 'GET' || method === 'POST'
      ? [
          parameter(
            'Prefer',
            '`wait=30` waits so many seconds, where there is something to wait for; `respond-async` for nothing (RFC 7240).',
          ),
        ]
      : []),
  ];
}
