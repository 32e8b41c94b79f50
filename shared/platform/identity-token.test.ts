import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import sinon from 'sinon';
import { AppError } from './errors.ts';
import { createTokenVerifier, type VerifyToken } from './identity-token.ts';
import { testPlatform } from './testing.ts';

const AUDIENCE = 'https://functions.example/run-session';
const refused = (error: unknown) => error instanceof AppError && error.code === 'unauthenticated';

describe('an identity token that is known', () => {
  let keys: Server;
  let verify: VerifyToken;
  let token: string;
  before(async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    keys = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
    const { config } = testPlatform({
      environment: { IDENTITY_KEYS_URL: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/` },
    });
    verify = createTokenVerifier(config);
    const made = new SignJWT({ email: config.invoker }).setProtectedHeader({ alg: 'RS256', kid: 'k1' });
    token = await made
      .setIssuer('https://accounts.google.com')
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    await verify(`Bearer ${token}`, AUDIENCE);
  });
  after(async () => {
    keys.closeAllConnections();
    await new Promise((resolve) => keys.close(resolve));
  });

  it('is good again', () => verify(`Bearer ${token}`, AUDIENCE));

  it('is not good for another function', () => assert.rejects(verify(`Bearer ${token}`, `${AUDIENCE}-2`), refused));

  it('is not good when it was altered', () =>
    assert.rejects(verify(`Bearer ${token.replace(/.{4}$/, 'AAAA')}`, AUDIENCE), refused));

  it('is not good when it has expired', async () => {
    const timers = sinon.useFakeTimers({ now: Date.now() + 2 * 3_600_000, toFake: ['Date'] });
    try {
      await assert.rejects(verify(`Bearer ${token}`, AUDIENCE), refused);
    } finally {
      timers.restore();
    }
  });
});
