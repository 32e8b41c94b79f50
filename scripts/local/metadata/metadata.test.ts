import assert from 'node:assert/strict';
import { createVerify, X509Certificate } from 'node:crypto';
import { GoogleAuth, OAuth2Client } from 'google-auth-library';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { startServices, type TestCloud } from '../plumbing/testing.ts';
import { createMetadata, createMetadataWithTokens } from './index.ts';

const VARIABLES = ['GCE_METADATA_HOST', 'METADATA_SERVER_DETECTION', 'GOOGLE_APPLICATION_CREDENTIALS'];
const FLAVOR = { 'Metadata-Flavor': 'Google' };
const EMAIL = 'virtuoso@virtuoso-local.iam.gserviceaccount.com';

describe('the local metadata server', () => {
  let cloud: TestCloud;
  const saved = { ...process.env };

  before(async () => {
    cloud = await startServices([createMetadata]);
    process.env.GCE_METADATA_HOST = `127.0.0.1:${cloud.port}`;
    process.env.METADATA_SERVER_DETECTION = 'assume-present';
    delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  });

  after(async () => {
    for (const name of VARIABLES) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
    await cloud.close();
  });

  const get = (path: string, headers: Record<string, string> = FLAVOR) => fetch(`${cloud.origin}${path}`, { headers });
  const read = async (path: string) => (await get(`/computeMetadata/v1/${path}`)).text();

  it('refuses a request without the Metadata-Flavor header, and answers with it', async () => {
    const refused = await get('/computeMetadata/v1/project/project-id', {});
    assert.equal(refused.status, 403);
    const answered = await get('/computeMetadata/v1/project/project-id');
    assert.equal(answered.headers.get('metadata-flavor'), 'Google');
    assert.equal(await answered.text(), 'virtuoso-local');
  });

  it('refuses a request that a proxy forwarded', async () => {
    assert.equal((await get('/computeMetadata/v1/', { ...FLAVOR, 'X-Forwarded-For': '10.0.0.1' })).status, 403);
  });

  it('answers a ping at the root', async () => {
    assert.equal(await (await get('/')).text(), 'computeMetadata/\n');
    assert.equal((await get('/computeMetadata/v1')).status, 200);
  });

  it('knows project, region, zone, universe and the service account', async () => {
    const number = await read('project/numeric-project-id');
    assert.match(number, /^\d{12}$/);
    assert.equal(await read('instance/region'), `projects/${number}/regions/us-central1`);
    assert.equal(await read('instance/zone'), `projects/${number}/zones/us-central1-1`);
    assert.match(await read('instance/id'), /^[0-9a-f]{64}$/);
    assert.equal(await read('universe/universe-domain'), 'googleapis.com');
    assert.equal(await read('instance/service-accounts/default/email'), EMAIL);
    assert.equal(await read('instance/service-accounts/default/aliases'), 'default\n');
    assert.equal(
      await read('instance/service-accounts/default/scopes'),
      'https://www.googleapis.com/auth/cloud-platform\n',
    );
  });

  it('lists directories, as text and recursively as JSON', async () => {
    assert.equal(await read('instance/service-accounts'), `default/\n${EMAIL}/\n`);
    const account = { aliases: ['default'], email: EMAIL, scopes: ['https://www.googleapis.com/auth/cloud-platform'] };
    assert.deepEqual(JSON.parse(await read('instance/service-accounts/default/?recursive=true')), account);
    const all = JSON.parse(await read('?recursive=true'));
    assert.deepEqual(all.instance.serviceAccounts, { default: account, [EMAIL]: account });
    assert.equal(all.project.projectId, 'virtuoso-local');
  });

  it('answers 404 for what it does not know and 501 for waiting', async () => {
    assert.equal((await get('/computeMetadata/v1/instance/tags')).status, 404);
    assert.equal((await get('/computeMetadata/v1/project/project-id?wait_for_change=true')).status, 501);
    assert.equal((await get('/computeMetadata/v1/instance/service-accounts/default/identity')).status, 400);
  });

  it('leaves paths of others alone, also those whose percent signs encode nothing', async () => {
    assert.equal((await get('/v1/runs/%zz')).status, 404);
  });

  it('gives google-auth-library its project, credentials and access token', async () => {
    const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
    assert.equal(await auth.getProjectId(), 'virtuoso-local');
    assert.equal((await auth.getCredentials()).client_email, EMAIL);
    assert.match((await auth.getAccessToken()) ?? '', /^ya29\./);
  });

  it('gives identity tokens that verify against the published keys', async () => {
    const client = await new GoogleAuth().getIdTokenClient('https://run-session.example');
    const headers = new Headers(await client.getRequestHeaders());
    const token = (headers.get('authorization') ?? '').replace('Bearer ', '');
    const keys = createRemoteJWKSet(new URL(`${cloud.origin}/oauth2/v3/certs`));
    const { payload } = await jwtVerify(token, keys, {
      issuer: 'https://accounts.google.com',
      audience: 'https://run-session.example',
    });
    assert.equal(payload.email, EMAIL);
    assert.equal(payload.email_verified, true);
    assert.match(payload.sub ?? '', /^\d{21}$/);
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 3600);
  });

  it('gives identity tokens that OAuth2Client.verifyIdToken accepts', async () => {
    const idToken = await read('instance/service-accounts/default/identity?audience=me');
    const endpoints = { oauth2FederatedSignonPemCertsUrl: `${cloud.origin}/oauth2/v1/certs` };
    const ticket = await new OAuth2Client({ endpoints }).verifyIdToken({ idToken, audience: 'me' });
    assert.equal(ticket.getPayload()?.email, EMAIL);
    await assert.rejects(new OAuth2Client({ endpoints }).verifyIdToken({ idToken, audience: 'you' }), /audience/);
  });

  it('answers for any other service account too', async () => {
    const other = 'on-user@virtuoso-local.iam.gserviceaccount.com';
    assert.equal(await read(`instance/service-accounts/${other}/email`), other);
    const token = await read(`instance/service-accounts/${other}/identity?audience=x`);
    assert.equal(decodeJwt(token).email, other);
  });

  it('publishes its key as a certificate that is signed by itself', async () => {
    const certificates = Object.values((await (await get('/oauth2/v1/certs')).json()) as Record<string, string>);
    const certificate = new X509Certificate(certificates[0] ?? '');
    assert.equal(certificate.verify(certificate.publicKey), true);
    assert.equal(certificate.subject, 'CN=local-cloud-signer');
    assert.ok(certificate.validToDate.getTime() > Date.now());
  });

  describe('the IAM Credentials API', () => {
    const call = (method: string, body: unknown, headers: Record<string, string> = { authorization: 'Bearer any' }) =>
      fetch(`${cloud.origin}/v1/projects/-/serviceAccounts/${EMAIL}:${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });

    it('signs what GoogleAuth.sign asks for', async () => {
      const signature = await new GoogleAuth({ scopes: 'a' }).sign(
        'text',
        `${cloud.origin}/v1/projects/-/serviceAccounts/`,
      );
      const [certificate = ''] = Object.values(
        (await (await get('/oauth2/v1/certs')).json()) as Record<string, string>,
      );
      assert.ok(createVerify('sha256').update('text').verify(certificate, signature, 'base64'));
    });

    it('signs a JWT of the given claims', async () => {
      const answer = (await (await call('signJwt', { payload: '{"sub":"me","aud":"you"}' })).json()) as {
        signedJwt: string;
      };
      const keys = createRemoteJWKSet(new URL(`${cloud.origin}/oauth2/v3/certs`));
      assert.deepEqual((await jwtVerify(answer.signedJwt, keys)).payload, { sub: 'me', aud: 'you' });
    });

    it('makes identity and access tokens', async () => {
      const identity = (await (await call('generateIdToken', { audience: 'you', includeEmail: true })).json()) as {
        token: string;
      };
      assert.equal(decodeJwt(identity.token).email, EMAIL);
      const access = await call('generateAccessToken', { scope: ['a'], lifetime: '600s' });
      const { accessToken, expireTime } = (await access.json()) as { accessToken: string; expireTime: string };
      assert.match(accessToken, /^ya29\./);
      assert.ok(Math.abs(Date.parse(expireTime) - Date.now() - 600_000) < 5000);
    });

    it('refuses callers without a token, unknown methods and bad requests', async () => {
      assert.equal((await call('signBlob', { payload: 'YQ==' }, {})).status, 401);
      assert.equal((await call('enable', {})).status, 501);
      assert.equal((await call('signBlob', {})).status, 400);
      assert.equal((await call('generateAccessToken', { scope: ['a'], lifetime: '1d' })).status, 400);
    });
  });
});

describe('the tokens of the host', () => {
  it('stay the same while they are fresh, and the key survives a restart', async () => {
    const first = createMetadataWithTokens();
    await assert.rejects(first.identityToken('a', EMAIL), /create it before/);
    const cloud = await startServices([first.create]);
    const token = await first.identityToken('a', EMAIL);
    assert.equal(await first.identityToken('a', EMAIL), token);
    assert.notEqual(await first.identityToken('b', EMAIL), token);
    await cloud.close({ keep: true });

    const again = await startServices([createMetadata], { folder: cloud.folder });
    const keys = createRemoteJWKSet(new URL(`${again.origin}/oauth2/v3/certs`));
    assert.equal((await jwtVerify(token, keys, { audience: 'a' })).payload.email, EMAIL);
    await again.close();
  });
});
