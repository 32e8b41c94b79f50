import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '../platform/errors.ts';
import type { Secrets } from '../platform/secrets.ts';
import { apiKeySecret } from '../resources/secrets.ts';
import type { Access, Caller } from './route.ts';

/** Finds out who sends a request, and whether they may. @throws AppError unauthenticated, permission-denied */
export type Authenticate = (headers: Headers, access: Access) => Promise<Caller>;

const anonymous: Caller = { userId: 'anonymous', scopes: [] };
/** The owner of the bootstrap key may do everything. */
const bootstrap: Caller = { userId: 'usr_bootstrap', scopes: ['*'] };

/** Authentication by the bootstrap key: `X-API-Key: vrt_…` or `Authorization: Bearer vrt_…`. */
export function createAuthenticate(secrets: Secrets): Authenticate {
  return async (headers, access) => {
    if (access === 'public') return anonymous;
    const given = headers.get('x-api-key') ?? headers.get('authorization')?.match(/^Bearer (\S+)$/i)?.[1];
    if (!given) throw new AppError('unauthenticated', "An API key is needed: send it as 'X-API-Key: vrt_…'.");
    const { value } = await secrets.read(apiKeySecret);
    if (!sameText(given, value)) throw new AppError('unauthenticated', 'The API key is not valid.');
    const allowed = bootstrap.scopes.includes('*') || bootstrap.scopes.includes(access.scope);
    if (!allowed) throw new AppError('permission-denied', `The key lacks the scope '${access.scope}'.`);
    return bootstrap;
  };
}

/** Comparison whose time tells nothing: over hashes, so that lengths do not show either. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(left, right);
}
