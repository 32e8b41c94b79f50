import type { AppError } from '../platform/errors.ts';

/** An error as it leaves: RFC 9457, `application/problem+json`. No stack and no internal name is in it. */
export function problemResponse(error: AppError, instance: string, requestId: string): Response {
  const body = {
    type: `https://virtuoso.dev/problems/${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance,
    requestId,
    ...(error.details.length > 0 ? { errors: error.details } : {}),
  };
  const headers: Record<string, string> = {
    ...error.headers,
    'content-type': 'application/problem+json',
    'x-request-id': requestId,
  };
  if (error.retryAfter !== undefined) headers['retry-after'] = String(error.retryAfter);
  if (error.allow) headers.allow = error.allow.join(', ');
  if (error.status === 401) headers['www-authenticate'] = 'Bearer realm="virtuoso"';
  return new Response(JSON.stringify(body), { status: error.status, headers });
}
