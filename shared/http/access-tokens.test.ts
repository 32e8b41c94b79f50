import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { AppError } from '../platform/errors.ts';
import type { Secrets } from '../platform/secrets.ts';
import { testPlatform } from '../platform/testing.ts';
import { createAccessTokens } from './access-tokens.ts';

const caller = { userId: 'usr_1', scopes: ['tests:read', 'runs:write'], keyHash: 'hash' };

function bench() {
  const newKey = () => generateKeyPairSync('ed25519').privateKey;
  const keys = [newKey(), newKey()];
  const enabled = new Set(['1', '2']);
  const secrets = {
    read: async (_secret: unknown, version = '2') => {
      if (!enabled.has(version)) throw new AppError('internal', 'There is no such version.');
      return { value: JSON.stringify(keys[Number(version) - 1]?.export({ format: 'jwk' })), version };
    },
    versions: async () => [...enabled].reverse(),
  } as unknown as Secrets;
  const platform = testPlatform();
  return { tokens: createAccessTokens(platform, secrets), secrets, platform, enabled, keys };
}
const refused = (words: RegExp) => (error: unknown) =>
  error instanceof AppError && error.code === 'unauthenticated' && words.test(error.message);

describe('access tokens', () => {
  it('say who they are of, and what that may do', async () => {
    const { tokens } = bench();
    assert.deepEqual(await tokens.verify(await tokens.sign(caller)), caller);
  });

  it('can be verified by anybody with the public keys, and tell no private one', async () => {
    const { tokens, platform } = bench();
    const keys = await tokens.publicKeys();
    const token = await tokens.sign(caller);
    const currentDate = new Date(platform.clock.now());
    const { payload } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys] }), { currentDate });
    assert.deepEqual([payload.sub, payload.scope], ['usr_1', 'tests:read runs:write']);
    assert.equal(decodeProtectedHeader(token).kid, '2');
    assert.deepEqual(
      keys.map(({ kid }) => kid),
      ['2', '1'],
    );
    assert.ok(keys.every((key) => !('d' in key)));
  });

  it('are over after a quarter of an hour', async () => {
    const { tokens, platform } = bench();
    const token = await tokens.sign(caller);
    platform.clock.time += 15 * 60_000 - 1000;
    await tokens.verify(token);
    platform.clock.time += 1000;
    await assert.rejects(tokens.verify(token), refused(/over/));
  });

  it('are verified once: what was read of them is known until they are over, or their key is disabled', async () => {
    const { tokens, platform, enabled, keys } = bench();
    const token = await tokens.sign(caller);
    assert.deepEqual(await tokens.verify(token), caller);
    const [, key] = keys;
    keys[1] = generateKeyPairSync('ed25519').privateKey;
    assert.deepEqual(await tokens.verify(token), caller);
    enabled.delete('2');
    await assert.rejects(tokens.verify(token), refused(/not valid/));
    enabled.add('2');
    keys[1] = key as KeyObject;
    platform.clock.time += 15 * 60_000;
    await assert.rejects(tokens.verify(token), refused(/over/));
  });

  it('that are known tell nothing of those that only begin like them', async () => {
    const { tokens } = bench();
    const token = await tokens.sign(caller);
    await tokens.verify(token);
    const [head = '', body = ''] = token.split('.');
    await assert.rejects(tokens.verify(`${head}.${body}.${'A'.repeat(86)}`), refused(/not valid/));
  });

  it('that cannot be looked at just now are not wrong for that', async () => {
    const { tokens, secrets } = bench();
    const token = await tokens.sign(caller);
    await tokens.verify(token);
    secrets.read = () => Promise.reject(new AppError('unavailable', 'Not just now.'));
    await assert.rejects(tokens.verify(token), (error) => error instanceof AppError && error.code === 'unavailable');
  });

  it('of the key before are good until it is disabled', async () => {
    const { tokens, keys, platform, enabled } = bench();
    const now = platform.clock.now() / 1000;
    const token = await new SignJWT({ scope: 'tests:read', key: 'hash' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: '1' })
      .setIssuer('virtuoso')
      .setAudience('virtuoso')
      .setSubject('usr_1')
      .setExpirationTime(now + 60)
      .sign(keys[0] as never);
    assert.equal((await tokens.verify(token)).userId, 'usr_1');
    enabled.delete('1');
    await assert.rejects(tokens.verify(token), refused(/not valid/));
  });

  it('that were made up are refused', async () => {
    const { tokens } = bench();
    const token = await tokens.sign(caller);
    const [head = '', body = '', signature = ''] = token.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const stranger = await new SignJWT({ scope: 'users:admin', key: 'hash', sub: 'usr_1' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: '2' })
      .setIssuer('virtuoso')
      .setAudience('virtuoso')
      .setExpirationTime('1y')
      .sign(generateKeyPairSync('ed25519').privateKey);
    for (const wrong of [
      stranger,
      `${head}.${encode({ sub: 'usr_2' })}.${signature}`,
      `${encode({ alg: 'none' })}.${body}.`,
      `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: '../1' })}.${body}.${signature}`,
      `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: '9' })}.${body}.${signature}`,
      `${encode({ alg: 'HS256', typ: 'at+jwt', kid: '2' })}.${body}.${signature}`,
      'a.b.c',
      '..',
    ]) {
      await assert.rejects(tokens.verify(wrong), refused(/not valid/), wrong);
    }
  });
});
