import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { NOON } from '../../shared/platform/testing.ts';
import { verifySender } from './verify-sender.ts';

const request = (body: string, headers: Record<string, string>) => ({
  body: Buffer.from(body),
  header: (name: string) => headers[name],
});

describe('the signature of a sender', () => {
  it('of GitHub is the one that its documentation calculates', () => {
    const secret = "It's a Secret to Everybody";
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const headers = { 'x-hub-signature-256': signature, 'x-github-event': 'push' };
    const verified = verifySender('github', request('Hello, World!', headers), secret, NOON);
    assert.deepEqual(verified, { event: 'push', key: signature });
    for (const [body, more, key] of [
      ['Hello, World?', {}, secret],
      ['Hello, World!', {}, 'another'],
      ['Hello, World!', { 'x-hub-signature-256': '' }, secret],
      ['Hello, World!', { 'x-hub-signature-256': signature.slice(0, -1) }, secret],
    ] as const)
      assert.equal(verifySender('github', request(body, { ...headers, ...more }), key, NOON), undefined);
  });

  it('of GitHub makes what is replayed under another delivery the same', () => {
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const keys = ['1', '2'].map((delivery) => {
      const headers = { 'x-hub-signature-256': signature, 'x-github-delivery': delivery };
      return verifySender('github', request('Hello, World!', headers), "It's a Secret to Everybody", NOON)?.key;
    });
    assert.equal(keys[0], keys[1]);
  });

  it('of GitLab is its token', () => {
    const headers = { 'x-gitlab-token': 'secret', 'x-gitlab-event': 'Push Hook', 'x-gitlab-event-uuid': 'u1' };
    assert.deepEqual(verifySender('gitlab', request('{}', headers), 'secret', NOON), {
      event: 'Push Hook',
      key: 'id u1',
    });
    for (const token of ['', 'secre', 'secret2'])
      assert.equal(
        verifySender('gitlab', request('{}', { ...headers, 'x-gitlab-token': token }), 'secret', NOON),
        undefined,
      );
  });

  const secret = newWebhookSecret();
  const signed = (body: string, at = NOON, id = 'msg_1') => ({
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': `v1,${'A'.repeat(43)}= ${new Webhook(secret).sign(id, new Date(at), body)}`,
  });

  it('of anybody else is that of Standard Webhooks', () => {
    const body = '{"type":"deployed"}';
    const verify = (headers: Record<string, string>, key = secret, text = body) =>
      verifySender('generic', request(text, headers), key, NOON);
    assert.deepEqual(verify(signed(body)), { event: 'deployed', key: 'id msg_1' });
    assert.equal(verify(signed(body), newWebhookSecret()), undefined);
    assert.equal(verify(signed(body), secret, '{"type":"deleted"}'), undefined);
    assert.equal(verify({ ...signed(body), 'webhook-id': 'msg_2' }), undefined);
    assert.equal(verify({}), undefined);
  });

  it('holds for five minutes', () => {
    const at = (seconds: number) =>
      verifySender('generic', request('{}', signed('{}', NOON + seconds * 1000)), secret, NOON);
    assert.ok(at(-300) && at(300));
    assert.equal(at(-301), undefined);
    assert.equal(at(301), undefined);
  });

  it("of GitLab's signing token is verified as that, and the token alone is not enough then", () => {
    const headers = { ...signed('{}'), 'x-gitlab-event': 'Push Hook' };
    assert.deepEqual(verifySender('gitlab', request('{}', headers), secret, NOON), {
      event: 'Push Hook',
      key: 'id msg_1',
    });
    const forged = {
      'x-gitlab-token': secret,
      'webhook-signature': 'v1,AAAA',
      'webhook-id': 'a',
      'webhook-timestamp': '1',
    };
    assert.equal(verifySender('gitlab', request('{}', forged), secret, NOON), undefined);
  });
});
