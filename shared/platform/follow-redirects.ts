import type { EgressAnswer, EgressRequest } from './egress.ts';
import { AppError } from './errors.ts';

/** The last answer, and the address that gave it. */
export interface FollowedAnswer extends EgressAnswer {
  readonly url: string;
}

/** Cookies that go with every hop, those for its address. */
export interface Cookies {
  /** The `Cookie` header for an address, when there are any. */
  header(url: string): Promise<string | undefined>;
  /** Keeps what `Set-Cookie` headers of an address say. */
  keep(url: string, headers: readonly string[]): Promise<void>;
}

interface Options {
  readonly cookies?: Cookies;
  /** How many redirects are followed. */
  readonly most?: number;
}

/** Headers that are for one origin alone. */
const OWN_HEADERS = /^(authorization|cookie|proxy-authorization)$/i;
const BODY_HEADERS = /^content-/i;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request and follows redirects as browsers do (Fetch, "HTTP-redirect fetch"): every hop goes through `send`,
 * and so through the guard. Credentials do not go to another origin.
 * @throws AppError unavailable when there are too many redirects; whatever `send` throws
 */
export async function sendFollowing(
  send: (request: EgressRequest) => Promise<EgressAnswer>,
  first: EgressRequest,
  { cookies, most = 20 }: Options = {},
): Promise<FollowedAnswer> {
  let request = first;
  for (let hops = 0; ; hops++) {
    const cookie = await cookies?.header(request.url);
    const answer = await send(cookie ? { ...request, headers: withCookie(request.headers, cookie) } : request);
    await cookies?.keep(request.url, answer.headers['set-cookie'] ?? []);
    const next = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
    if (next === undefined) return { ...answer, url: request.url };
    if (hops === most)
      throw new AppError('unavailable', `More than ${most} redirects, the last one at ${request.url}.`);
    request = redirected(request, answer.status, next);
  }
}

function withCookie(headers: EgressRequest['headers'], cookie: string): Record<string, string> {
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === 'cookie');
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'cookie');
  return { ...Object.fromEntries(others), cookie: own ? `${cookie}; ${own[1]}` : cookie };
}

function redirected(request: EgressRequest, status: number, location: string): EgressRequest {
  if (!URL.canParse(location, request.url))
    throw new AppError('unavailable', `${request.url} redirects to no address.`);
  const url = new URL(location, request.url);
  const sameOrigin = url.origin === new URL(request.url).origin;
  const asGet =
    (status === 303 && request.method !== 'GET' && request.method !== 'HEAD') ||
    ((status === 301 || status === 302) && request.method === 'POST');
  const headers = Object.entries(request.headers).filter(
    ([name]) => (sameOrigin || !OWN_HEADERS.test(name)) && !(asGet && BODY_HEADERS.test(name)),
  );
  const { body, ...rest } = request;
  return {
    ...rest,
    url: url.href,
    method: asGet ? 'GET' : request.method,
    headers: Object.fromEntries(headers),
    ...(asGet || body === undefined ? {} : { body }),
  };
}
