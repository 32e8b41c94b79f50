import assert from 'node:assert/strict';
import { createVerify, X509Certificate } from 'node:crypto';
import { GoogleAuth } from 'google-auth-library';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Behaviour, collector } from '../behaviour.ts';
import { ACCOUNT, type Clients } from './clients.ts';

export function credentials({ origin, iam }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const certificates = async (): Promise<Record<string, string>> =>
    (await fetch(`${origin}/robot/v1/metadata/x509/${encodeURIComponent(ACCOUNT)}`)).json();
  const verifies = async (keyId: string, text: string, signature: string) => {
    const certificate = new X509Certificate((await certificates())[keyId] ?? '');
    return createVerify('sha256').update(text).verify(certificate.publicKey, signature, 'base64');
  };

  method('serviceAccounts.signBlob', {
    'signs bytes by a key whose certificate is published': async () => {
      const payload = Buffer.from('hello').toString('base64');
      const { keyId, signedBlob } = await (await iam('signBlob', { payload })).json();
      assert.equal(await verifies(keyId, 'hello', signedBlob), true);
      assert.equal(await verifies(keyId, 'other', signedBlob), false);
    },
    'is what the official client signs with': async () => {
      const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
      const signature = await auth.sign('hello', `${origin}/v1/projects/-/serviceAccounts/`);
      const [keyId = ''] = Object.keys(await certificates());
      assert.equal(await verifies(keyId, 'hello', signature), true);
    },
    'refuses a request without a payload': async () => {
      assert.equal((await iam('signBlob', {})).status, 400);
    },
    'refuses a caller without a token': async () => {
      const url = `${origin}/v1/projects/-/serviceAccounts/${ACCOUNT}:signBlob`;
      assert.equal((await fetch(url, { method: 'POST', body: '{"payload":"aGVsbG8="}' })).status, 401);
    },
    'answers 404 for what is no service account': async () => {
      assert.equal((await iam('signBlob', { payload: 'aGVsbG8=' }, 'someone@example.com')).status, 404);
    },
  });

  method('serviceAccounts.signJwt', {
    'signs exactly the claims that it is given': async () => {
      const claims = { iss: ACCOUNT, aud: 'somewhere', exp: Math.floor(Date.now() / 1000) + 60 };
      const { signedJwt } = await (await iam('signJwt', { payload: JSON.stringify(claims) })).json();
      const keys = createRemoteJWKSet(new URL(`${origin}/service_accounts/v1/jwk/${ACCOUNT}`));
      assert.deepEqual((await jwtVerify(signedJwt, keys)).payload, claims);
    },
    'refuses claims that expire in more than 12 hours': async () => {
      const payload = JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 13 * 3600 });
      assert.equal((await iam('signJwt', { payload })).status, 400);
    },
  });

  method('serviceAccounts.generateIdToken', {
    'gives an identity token, with the address when it is asked for': async () => {
      const keys = createRemoteJWKSet(new URL(`${origin}/oauth2/v3/certs`));
      const of = async (includeEmail: boolean) => {
        const { token } = await (await iam('generateIdToken', { audience: 'https://a.example', includeEmail })).json();
        return (await jwtVerify(token, keys, { audience: 'https://a.example' })).payload;
      };
      assert.equal((await of(true)).email, ACCOUNT);
      assert.equal((await of(false)).email, undefined);
    },
  });

  method('serviceAccounts.generateAccessToken', {
    'gives a token of the asked lifetime': async () => {
      const body = { scope: ['https://www.googleapis.com/auth/cloud-platform'], lifetime: '600s' };
      const { accessToken, expireTime } = await (await iam('generateAccessToken', body)).json();
      assert.ok(accessToken);
      assert.ok(Math.abs(Date.parse(expireTime) - Date.now() - 600_000) < 10_000);
    },
    'refuses a request without scopes, and a lifetime of days': async () => {
      assert.equal((await iam('generateAccessToken', { scope: [] })).status, 400);
      assert.equal((await iam('generateAccessToken', { scope: ['a'], lifetime: '86400s' })).status, 400);
    },
  });
  return all;
}
