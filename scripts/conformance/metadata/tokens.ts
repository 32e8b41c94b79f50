import assert from 'node:assert/strict';
import { GoogleAuth } from 'google-auth-library';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { type Behaviour, collector, type World } from '../behaviour.ts';
import { ACCOUNT, type Clients } from './clients.ts';

const AUDIENCE = 'https://console.example';
const PATH = 'instance/service-accounts/default';

export function tokens({ origin, metadata }: Clients, world: World): readonly Behaviour[] {
  const { method, all } = collector();
  const keys = createRemoteJWKSet(new URL(`${origin}/oauth2/v3/certs`));
  const identity = async (audience = AUDIENCE, account = 'default') =>
    (
      await metadata(
        `instance/service-accounts/${account}/identity?audience=${encodeURIComponent(audience)}&format=full`,
      )
    ).text();

  method('service-accounts/token', {
    'gives an access token, its type and how long it lives': async () => {
      const token = await (await metadata(`${PATH}/token`)).json();
      assert.ok(token.access_token);
      assert.equal(token.token_type, 'Bearer');
      assert.ok(token.expires_in > 0 && token.expires_in <= 3600);
    },
    'gives the same one while it is fresh': async () => {
      const [one, two] = await Promise.all([metadata(`${PATH}/token`), metadata(`${PATH}/token`)]);
      assert.equal((await one.json()).access_token, (await two.json()).access_token);
    },
    'gives another one for other scopes': async () => {
      const one = await (await metadata(`${PATH}/token`)).json();
      const two = await (await metadata(`${PATH}/token?scopes=https://www.googleapis.com/auth/pubsub`)).json();
      assert.notEqual(one.access_token, two.access_token);
    },
    'is what the official client finds': async () => {
      const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
      assert.ok(await auth.getAccessToken());
      assert.equal(await auth.getProjectId(), world.project);
    },
  });

  method('service-accounts/identity', {
    'gives a token that verifies against the published keys': async () => {
      const { payload } = await jwtVerify(await identity(), keys, {
        issuer: 'https://accounts.google.com',
        audience: AUDIENCE,
        algorithms: ['RS256'],
      });
      assert.match(String(payload.email), /gserviceaccount\.com$/);
      assert.equal(payload.email_verified, true);
      assert.equal(Number(payload.exp) - Number(payload.iat), 3600);
      assert.match(String(payload.sub), /^\d{21}$/);
    },
    'names the key by which it is signed': async () => {
      const { kid, alg } = decodeProtectedHeader(await identity());
      const { keys: published } = await (await fetch(`${origin}/oauth2/v3/certs`)).json();
      assert.equal(alg, 'RS256');
      assert.ok(published.some((key: { kid: string }) => key.kid === kid));
    },
    'does not verify for another audience, nor when it is changed': async () => {
      const token = await identity();
      await assert.rejects(jwtVerify(token, keys, { audience: 'https://other.example' }));
      const [head, , signature] = token.split('.');
      const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), email: 'root@example.com' }));
      await assert.rejects(jwtVerify([head, forged.toString('base64url'), signature].join('.'), keys));
    },
    'speaks for the account that is asked for': async () => {
      assert.equal(decodeJwt(await identity(AUDIENCE, ACCOUNT)).email, ACCOUNT);
    },
    'is refused without an audience': async () => {
      assert.equal((await metadata(`${PATH}/identity`)).status, 400);
    },
    'is what the official client of an audience sends': async () => {
      const client = await new GoogleAuth().getIdTokenClient(AUDIENCE);
      const headers = new Headers(await client.getRequestHeaders());
      const token = (headers.get('authorization') ?? '').replace(/^Bearer /, '');
      assert.equal((await jwtVerify(token, keys, { audience: AUDIENCE })).payload.aud, AUDIENCE);
    },
  });
  return all;
}
