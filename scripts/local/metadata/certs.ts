import type { SigningKey } from './keys.ts';

/** Clients may keep the keys this long. */
const HEADERS = { 'cache-control': 'public, max-age=3600, must-revalidate, no-transform' };

/** An answer with public keys. */
export interface Published {
  readonly body: unknown;
  readonly headers: Record<string, string>;
}

/**
 * The public keys at the paths where Google publishes its own: JWKS at `/oauth2/v3/certs`, X.509 by key id at
 * `/oauth2/v1/certs`, and both for each service account below `/service_accounts/v1` and `/robot/v1`.
 * @returns undefined for every other path.
 */
export async function publishedKeys(key: SigningKey, pathname: string): Promise<Published | undefined> {
  if (pathname === '/oauth2/v3/certs' || /^\/service_accounts\/v1\/jwk\/[^/]+$/.test(pathname)) {
    const { exportJWK } = await import('jose');
    const jwk = await exportJWK(key.publicKey);
    return { body: { keys: [{ ...jwk, kid: key.kid, alg: 'RS256', use: 'sig' }] }, headers: HEADERS };
  }
  if (pathname === '/oauth2/v1/certs' || /^\/(service_accounts|robot)\/v1\/metadata\/x509\/[^/]+$/.test(pathname)) {
    return { body: { [key.kid]: key.certificate }, headers: HEADERS };
  }
  return undefined;
}
