import type { JWTVerifyGetKey } from 'jose';
import type { Configuration } from './configuration.ts';
import { AppError } from './errors.ts';

/** Checks an `Authorization` header against an audience. @throws AppError unauthenticated, permission-denied */
export type VerifyToken = (authorization: string | undefined, audience: string) => Promise<void>;

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];

/** Verifies Google's OIDC identity tokens (signature, issuer, audience, expiry) and that the suite's invoker sent them. */
export function createTokenVerifier(config: Configuration): VerifyToken {
  let keys: JWTVerifyGetKey | undefined;
  return async (authorization, audience) => {
    const token = authorization?.match(/^Bearer (\S+)$/i)?.[1];
    if (!token) throw new AppError('unauthenticated', 'An identity token is needed.');
    const { createRemoteJWKSet, jwtVerify } = await import('jose');
    keys ??= createRemoteJWKSet(new URL(config.identityKeysUrl));
    let email: unknown;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer: ISSUERS, audience });
      email = payload.email;
    } catch (cause) {
      throw new AppError('unauthenticated', 'The identity token is not valid.', { cause });
    }
    if (email !== config.invoker)
      throw new AppError('permission-denied', `${String(email)} may not call this function.`);
  };
}
