import type { JWTVerifyGetKey } from 'jose';
import { setBounded } from './bounded-map.ts';
import type { Configuration } from './configuration.ts';
import { AppError } from './errors.ts';

/** Checks an `Authorization` header against an audience. @throws AppError unauthenticated, permission-denied */
export type VerifyToken = (authorization: string | undefined, audience: string) => Promise<void>;

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

/** Tokens that an instance remembers as good: a caller sends the same one until it expires. */
const MOST_KNOWN = 100;

/** Verifies Google's OIDC identity tokens (signature, issuer, audience, expiry) and that the suite's invoker sent them. */
export function createTokenVerifier(config: Configuration): VerifyToken {
  let keys: JWTVerifyGetKey | undefined;
  /** When they expire, in milliseconds since the epoch. */
  const known = new Map<string, number>();
  return async (authorization, audience) => {
    const token = authorization?.match(/^Bearer (\S+)$/i)?.[1];
    if (!token) throw new AppError('unauthenticated', 'An identity token is needed.');
    const key = `${audience} ${token}`;
    if ((known.get(key) ?? 0) > Date.now()) return;
    const { createRemoteJWKSet, jwtVerify } = await import('jose');
    keys ??= createRemoteJWKSet(new URL(config.identityKeysUrl));
    let email: unknown;
    let expires = 0;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer: ISSUERS, audience });
      email = payload.email;
      expires = (payload.exp ?? 0) * 1000;
    } catch (cause) {
      throw new AppError('unauthenticated', 'The identity token is not valid.', { cause });
    }
    if (email !== config.invoker)
      throw new AppError('permission-denied', `${String(email)} may not call this function.`);
    known.delete(key);
    setBounded(known, key, expires, MOST_KNOWN);
  };
}
