import { createPrivateKey, createPublicKey } from 'node:crypto';
import { defineService, reads } from '../define/service.ts';
import { AppError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { createSecrets, type Secrets } from '../platform/secrets.ts';
import { tokenKeySecret } from '../resources/secrets.ts';
import type { Caller } from './route.ts';

/** A public key as a JWKS carries it (RFC 8037). `kid` is the secret's version. */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
}

/** Tokens that stand for a caller for a quarter of an hour: JWTs signed with Ed25519 (RFC 8037, RFC 9068). */
export interface AccessTokens {
  sign(caller: Caller): Promise<string>;
  /** @throws AppError unauthenticated for a token that is wrong, of somebody else's making, or over */
  verify(token: string): Promise<Caller>;
  /** Every key that a token may be signed with just now. */
  publicKeys(): Promise<PublicKey[]>;
}

/** How long a token is good, in seconds. */
export const TOKEN_SECONDS = 15 * 60;
const ISSUER = 'virtuoso';

export function createAccessTokens(
  platform: Pick<Platform, 'clock'>,
  secrets: Pick<Secrets, 'read' | 'versions'>,
): AccessTokens {
  const seconds = () => Math.floor(platform.clock.now() / 1000);
  return {
    async sign({ userId, scopes, keyHash }) {
      const { SignJWT } = await import('jose');
      const { value, version } = await secrets.read(tokenKeySecret);
      return await new SignJWT({ scope: scopes.join(' '), key: keyHash })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: version })
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setSubject(userId)
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + TOKEN_SECONDS)
        .sign(createPrivateKey({ key: JSON.parse(value), format: 'jwk' }));
    },
    async verify(token) {
      const { errors, jwtVerify } = await import('jose');
      try {
        const { payload } = await jwtVerify(token, async ({ kid = '' }) => await keyOf(secrets, kid), {
          algorithms: ['EdDSA'],
          issuer: ISSUER,
          audience: ISSUER,
          typ: 'at+jwt',
          currentDate: new Date(platform.clock.now()),
          requiredClaims: ['sub', 'exp', 'key'],
        });
        const { sub: userId = '', scope, key } = payload;
        return {
          userId,
          scopes: String(scope ?? '')
            .split(' ')
            .filter(Boolean),
          keyHash: String(key),
        };
      } catch (cause) {
        if (cause instanceof AppError && cause.code === 'unavailable') throw cause;
        const over = cause instanceof errors.JWTExpired;
        throw new AppError('unauthenticated', over ? 'The token is over: get a new one.' : 'The token is not valid.', {
          cause,
        });
      }
    },
    async publicKeys() {
      const versions = await secrets.versions(tokenKeySecret);
      return await Promise.all(
        versions.map(async (kid) => {
          const { x = '' } = (await keyOf(secrets, kid)).export({ format: 'jwk' });
          return { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' } as const;
        }),
      );
    },
  };
}

const VERSION = /^\d{1,9}$/;

async function keyOf(secrets: Pick<Secrets, 'read'>, kid: string) {
  if (!VERSION.test(kid)) throw new AppError('unauthenticated', 'The token is not valid.');
  const { value } = await secrets.read(tokenKeySecret, kid);
  return createPublicKey(createPrivateKey({ key: JSON.parse(value), format: 'jwk' }));
}

export const accessTokens = defineService([reads(tokenKeySecret)], (platform) =>
  createAccessTokens(platform, createSecrets(platform)),
);
