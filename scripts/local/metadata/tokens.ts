import { createHash, randomBytes, sign } from 'node:crypto';
import type { SigningKey } from './keys.ts';

/** Issuer of Google's identity tokens. */
export const ISSUER = 'https://accounts.google.com';
const LIFETIME_S = 3600;
/** A cached token is given out until it has this much left. */
const MARGIN_S = 5 * 60;
const LARGEST_CACHE = 1000;

/** An OAuth 2 access token: opaque, as Google's are. */
export interface AccessToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Makes tokens and signatures in the name of service accounts. */
export interface Tokens {
  /**
   * An OpenID Connect identity token (RS256 JWT), valid for an hour; the same one until five minutes before it expires.
   * @param includeEmail adds `email` and `email_verified`.
   */
  identity(audience: string, email: string, includeEmail?: boolean): Promise<string>;
  /** An access token; the same one for the same scopes until five minutes before it expires. */
  access(email: string, scopes: readonly string[], lifetimeSeconds?: number): AccessToken;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the bytes. */
  signBlob(bytes: Uint8Array): Buffer;
  /** Signs a JWT of exactly these claims. */
  signJwt(claims: Record<string, unknown>): Promise<string>;
}

/**
 * @param now milliseconds since the epoch. The real time by default, whatever the local cloud's clock says: tokens are
 * checked by other processes, which do not share that clock.
 */
export function createTokens(key: SigningKey, now: () => number = Date.now): Tokens {
  const identities = new Map<string, { token: Promise<string>; expires: number }>();
  const accesses = new Map<string, AccessToken>();
  const signJwt = async (claims: Record<string, unknown>): Promise<string> => {
    // Loaded only now: whoever asks for the first token waits for a process to start anyway.
    const { SignJWT } = await import('jose');
    return await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .sign(key.privateKey);
  };

  return {
    identity(audience, email, includeEmail = true) {
      const seconds = Math.floor(now() / 1000);
      return cached(identities, JSON.stringify([audience, email, includeEmail]), now(), () => ({
        expires: (seconds + LIFETIME_S) * 1000,
        token: signJwt({
          aud: audience,
          azp: subjectOf(email),
          ...(includeEmail && { email, email_verified: true }),
          sub: subjectOf(email),
          iss: ISSUER,
          iat: seconds,
          exp: seconds + LIFETIME_S,
        }),
      })).token;
    },
    access(email, scopes, lifetimeSeconds = LIFETIME_S) {
      const id = JSON.stringify([email, [...scopes].sort(), lifetimeSeconds]);
      return cached(accesses, id, now(), () => ({
        token: `ya29.c.local-${randomBytes(48).toString('base64url')}`,
        expires: now() + lifetimeSeconds * 1000,
      }));
    },
    signBlob: (bytes) => sign('sha256', bytes, key.privateKey),
    signJwt,
  };
}

function cached<T extends { expires: number }>(cache: Map<string, T>, id: string, now: number, make: () => T): T {
  const known = cache.get(id);
  if (known && known.expires - MARGIN_S * 1000 > now) return known;
  if (cache.size >= LARGEST_CACHE) cache.clear();
  const made = make();
  cache.set(id, made);
  return made;
}

/** The numeric unique id of a service account: the same for the same address, 21 digits as Google's. */
export function subjectOf(email: string): string {
  const number = BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n;
  return `1${number.toString().padStart(20, '0')}`;
}

/** Whether the address is one of a service account: the local cloud has every one that is asked for. */
export function isServiceAccount(email: string): boolean {
  return /^[a-z0-9][a-z0-9.-]*@([a-z0-9.-]+\.)?gserviceaccount\.com$/.test(email);
}
