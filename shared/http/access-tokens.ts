import { createPrivateKey, createPublicKey, hash } from 'node:crypto';
import { defineService, reads } from '../define/service.ts';
import { setBounded } from '../platform/bounded-map.ts';
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
  /**
   * A token that was verified before is known until it is over, as long as its key is there: a version of a secret never
   * changes.
   * @throws AppError unauthenticated for a token that is wrong, of somebody else's making, or over
   */
  verify(token: string): Promise<Caller>;
  /** Every key that a token may be signed with just now. */
  publicKeys(): Promise<PublicKey[]>;
}

/** How long a token is good, in seconds. */
export const TOKEN_SECONDS = 15 * 60;
const ISSUER = 'virtuoso';
/** Tokens that an instance knows. */
const MOST_KNOWN = 10_000;

/** What a token was found to say. */
interface Verified {
  readonly caller: Caller;
  /** The version of the key that it is signed with. */
  readonly kid: string;
  /** From when on it is over, in seconds. */
  readonly overAt: number;
}

export function createAccessTokens(
  platform: Pick<Platform, 'clock'>,
  secrets: Pick<Secrets, 'read' | 'versions'>,
): AccessTokens {
  const seconds = () => Math.floor(platform.clock.now() / 1000);
  /** By the tokens' hashes. */
  const known = new Map<string, Verified>();

  async function check(token: string): Promise<Verified> {
    const { errors, jwtVerify } = await import('jose');
    try {
      const { payload, protectedHeader } = await jwtVerify(token, ({ kid = '' }) => keyOf(secrets, kid), {
        algorithms: ['EdDSA'],
        issuer: ISSUER,
        audience: ISSUER,
        typ: 'at+jwt',
        currentDate: new Date(platform.clock.now()),
        requiredClaims: ['sub', 'exp', 'key'],
      });
      const { sub: userId = '', exp: overAt = 0, scope, key } = payload;
      const scopes = String(scope ?? '')
        .split(' ')
        .filter(Boolean);
      return { caller: { userId, scopes, keyHash: String(key) }, kid: protectedHeader.kid ?? '', overAt };
    } catch (cause) {
      return notValid(cause, cause instanceof errors.JWTExpired ? 'The token is over: get a new one.' : undefined);
    }
  }

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
      const id = hash('sha256', token, 'base64url');
      const before = known.get(id);
      if (before && before.overAt > seconds()) {
        await secrets.read(tokenKeySecret, before.kid).catch(notValid);
        return before.caller;
      }
      known.delete(id);
      const verified = await check(token);
      setBounded(known, id, verified, MOST_KNOWN);
      return verified.caller;
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

/** @throws AppError unauthenticated; unavailable when that is why it could not be looked at */
function notValid(cause: unknown, words = 'The token is not valid.'): never {
  if (cause instanceof AppError && cause.code === 'unavailable') throw cause;
  throw new AppError('unauthenticated', words, { cause });
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
