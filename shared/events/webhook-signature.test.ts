import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signatureHeaders } from './webhook-signature.ts';

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
});
