import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError, readBody, sendJson } from '../plumbing/http.ts';
import { isServiceAccount, type Tokens } from './tokens.ts';

const PATH = /^\/v1\/projects\/(?:-|[^/]+)\/serviceAccounts\/([^/:]+):(\w+)$/;
const LONGEST_TOKEN_S = 12 * 3600;
const DEFAULT_TOKEN_S = 3600;

type Body = Record<string, unknown>;
type Method = (email: string, body: Body) => Promise<unknown>;

/** Whether the path is a method of the IAM Service Account Credentials API. */
export function isIamPath(pathname: string): boolean {
  return partsOf(pathname) !== undefined;
}

function partsOf(pathname: string): readonly string[] | undefined {
  try {
    return PATH.exec(decodeURIComponent(pathname)) ?? undefined;
  } catch {
    // A path of somebody else's whose percent signs encode nothing.
    return undefined;
  }
}

/**
 * The IAM Service Account Credentials API over REST: signBlob, signJwt, generateIdToken, generateAccessToken.
 * Every caller with any bearer token may act as every service account.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest
 */
export function createIamCredentials(tokens: Tokens, keyId: string) {
  const methods: Record<string, Method> = {
    async signBlob(_email, body) {
      const payload = Buffer.from(text(body, 'payload'), 'base64');
      return { keyId, signedBlob: tokens.signBlob(payload).toString('base64') };
    },
    async signJwt(_email, body) {
      return { keyId, signedJwt: await tokens.signJwt(claimsOf(text(body, 'payload'))) };
    },
    async generateIdToken(email, body) {
      return { token: await tokens.identity(text(body, 'audience'), email, body.includeEmail === true) };
    },
    async generateAccessToken(email, body) {
      const scopes = body.scope;
      if (!isStrings(scopes) || scopes.length === 0) throw invalid('scope must be a list of at least one scope');
      const { token, expires } = tokens.access(email, scopes, lifetimeOf(body.lifetime));
      return { accessToken: token, expireTime: new Date(expires).toISOString() };
    },
  };

  return async function serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, email = '', name = ''] = partsOf(url.pathname) ?? [];
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (!method || request.method !== 'POST') {
      throw new HttpError(501, 'notImplemented', `${request.method} ${url.pathname} is not supported locally`);
    }
    if (!/^Bearer \S/i.test(request.headers.authorization ?? '')) {
      throw new HttpError(
        401,
        'unauthenticated',
        'the request lacks a bearer token; take one from the metadata server',
      );
    }
    if (!isServiceAccount(email))
      throw new HttpError(404, 'notFound', `${email} is not the address of a service account`);
    sendJson(response, 200, await method(email, parse((await readBody(request)).toString())));
  };
}

function parse(json: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(json || '{}');
  } catch {
    throw invalid('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('the body is not a JSON object');
  return value as Body;
}

function claimsOf(payload: string): Body {
  const claims = parse(payload);
  const expires = claims.exp;
  if (expires !== undefined && (typeof expires !== 'number' || expires * 1000 > Date.now() + LONGEST_TOKEN_S * 1000)) {
    throw invalid('exp must be a number, at most 12 hours in the future');
  }
  return claims;
}

function lifetimeOf(lifetime: unknown): number {
  if (lifetime === undefined) return DEFAULT_TOKEN_S;
  const seconds = typeof lifetime === 'string' && /^\d+s$/.test(lifetime) ? Number(lifetime.slice(0, -1)) : Number.NaN;
  if (!(seconds > 0 && seconds <= LONGEST_TOKEN_S))
    throw invalid('lifetime must be seconds, as in "3600s", at most "43200s"');
  return seconds;
}

function text(body: Body, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '') throw invalid(`${field} must be a text that is not empty`);
  return value;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function invalid(message: string): HttpError {
  return new HttpError(400, 'invalid', message);
}
