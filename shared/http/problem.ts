import type { AppError, ErrorDetail } from '../platform/errors.ts';

/** Statuses of requests that are wrong somewhere. */
const WRONG: ReadonlySet<number> = new Set([400, 422]);

/**
 * An error as it leaves: RFC 9457, `application/problem+json`. No stack and no internal name is in it.
 * @param instance the path of the request, as a URI reference
 */
export function problemResponse(error: AppError, instance: string, requestId: string): Response {
  const errors = placesOf(error);
  const body = {
    type: `https://virtuoso.dev/problems/${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    instance,
    requestId,
    ...(errors.length > 0 ? { errors } : {}),
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

/** What is wrong, place by place; with the whole request as its place where none is known (RFC 6901: ''). */
function placesOf({ status, message, details }: AppError): readonly ErrorDetail[] {
  return details.length === 0 && WRONG.has(status) ? [{ pointer: '', message }] : details;
}
