import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newSigningKey, newWebhookSecret, signatureHeaders } from './webhook-signature.ts';

describe('the signature of a webhook', () => {
  const signed = (secrets: string[], body = '{"a":1}') =>
    signatureHeaders({ id: 'evt_1', timestamp: Math.floor(Date.now() / 1000), body, secrets });

  it('is verified by the standard library', () => {
    const secret = newWebhookSecret();
    assert.deepEqual(new Webhook(secret).verify('{"a":1}', signed([secret])), { a: 1 });
    assert.throws(() => new Webhook(secret).verify('{"a":2}', signed([secret])));
    assert.throws(() => new Webhook(newWebhookSecret()).verify('{"a":1}', signed([secret])));
  });

  it('is verified with either secret while one is rotated out', () => {
    const [current, old] = [newWebhookSecret(), newWebhookSecret()];
    for (const secret of [current, old]) new Webhook(secret).verify('{"a":1}', signed([current, old]));
  });

  it('is over the bytes of the body', () => {
    const secret = newWebhookSecret();
    assert.deepEqual(new Webhook(secret).verify('{"a":"ä€"}', signed([secret], '{"a":"ä€"}')), { a: 'ä€' });
  });

  it('has a secret of 32 random bytes', () => {
    const secret = newWebhookSecret();
    assert.equal(Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length, 32);
    assert.notEqual(secret, newWebhookSecret());
  });

  describe('with a pair of keys', () => {
    const holds = (publicKey: string, headers: Record<string, string>, body: string): boolean => {
      const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      const [version, signature = ''] = headers['webhook-signature']?.split(',') ?? [];
      assert.equal(version, 'v1a');
      const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    };

    it('is Ed25519, and holds for who has the public half alone', () => {
      const { secret, publicKey = '' } = newSigningKey('v1a');
      assert.match(secret, /^whsk_/);
      assert.equal(Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').length, 32);
      assert.ok(holds(publicKey, signed([secret]), '{"a":1}'));
      assert.ok(!holds(publicKey, signed([secret]), '{"a":2}'));
      assert.ok(!holds(newSigningKey('v1a').publicKey ?? '', signed([secret]), '{"a":1}'));
    });

    it('stands beside one with a secret, which the standard library finds', () => {
      const { secret, publicKey } = newSigningKey('v1');
      assert.equal(publicKey, undefined);
      const headers = signed([newSigningKey('v1a').secret, secret]);
      assert.match(headers['webhook-signature'] ?? '', /^v1a,\S+ v1,\S+$/);
      assert.deepEqual(new Webhook(secret).verify('{"a":1}', headers), { a: 1 });
    });
  });
});
