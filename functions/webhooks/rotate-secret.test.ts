import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Webhook } from 'standardwebhooks';
import type { WebhookEntity } from '../../schemas/entities.ts';
import { signatureHeaders } from '../../shared/events/webhook-signature.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { appError, aRequest, aWebhook } from '../testing.ts';
import { rotateSecret } from './rotate-secret.ts';

const HOUR = 3_600_000;

function bench(given: Partial<WebhookEntity> = {}) {
  let stored: WebhookEntity | undefined = aWebhook(given);
  const webhooks = {
    getOwned: sinon.stub().callsFake(async () => stored),
    change: async (_id: string, change: (current: WebhookEntity) => object) => {
      stored = stored && { ...stored, ...change(stored) };
      return stored;
    },
  };
  const cipher = { encrypt: async (plain: string) => `sealed:${plain}` };
  const platform = testPlatform();
  const services = withBase({ webhooks, cipher } as never, platform) as never;
  const rotate = async () => {
    const { body } = await rotateSecret.handle(aRequest({ params: { id: 'whk_1' } }), services);
    return body as { secret?: string; publicKeys?: string[]; previousValidUntil: string };
  };
  return { rotate, clock: platform.clock, stored: () => stored as WebhookEntity, webhooks };
}

describe('rotating the secret of a webhook', () => {
  it('answers with a new one, and has the one before sign for a day', async () => {
    const { rotate, stored } = bench({ secrets: [{ sealed: 'before' }] });
    const { secret, previousValidUntil, ...shown } = await rotate();
    assert.match(secret ?? '', /^whsec_/);
    assert.equal(previousValidUntil, new Date(NOON + 24 * HOUR).toISOString());
    assert.deepEqual(stored().secrets, [
      { sealed: `sealed:${secret}` },
      { sealed: 'before', expires_at: new Date(NOON + 24 * HOUR) },
    ]);
    assert.ok(!JSON.stringify(shown).includes('sealed'));
  });

  it('lets receivers verify with either', async () => {
    const { rotate, stored } = bench({ secrets: [] });
    const [one, two] = [(await rotate()).secret ?? '', (await rotate()).secret ?? ''];
    const secrets = stored().secrets.map(({ sealed }) => sealed.replace(/^sealed:/, ''));
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = signatureHeaders({ id: 'evt_1', timestamp, body: '{"a":1}', secrets });
    for (const secret of [one, two]) assert.deepEqual(new Webhook(secret).verify('{"a":1}', headers), { a: 1 });
  });

  it('leaves out what has expired, and keeps the time of what is being rotated out', async () => {
    const soon = new Date(NOON + HOUR);
    const secrets = [
      { sealed: 'now' },
      { sealed: 'soon', expires_at: soon },
      { sealed: 'over', expires_at: new Date(NOON) },
    ];
    const { rotate, stored } = bench({ secrets });
    await rotate();
    assert.deepEqual(
      stored()
        .secrets.slice(1)
        .map(({ sealed, expires_at }) => [sealed, expires_at]),
      [
        ['now', new Date(NOON + 24 * HOUR)],
        ['soon', soon],
      ],
    );
  });

  it('is refused when too many are valid, until one has expired', async () => {
    const { rotate, clock } = bench();
    for (let i = 0; i < 4; i++) await rotate();
    await assert.rejects(rotate(), appError('conflict'));
    clock.time += 24 * HOUR;
    await rotate();
  });

  it('makes a new pair for signatures v1a, and shows the public halves of both', async () => {
    const { rotate, stored } = bench({ signature: 'v1a', secrets: [{ sealed: 'before', public_key: 'whpk_before' }] });
    const { secret, publicKeys = [] } = await rotate();
    assert.equal(secret, undefined);
    assert.equal(publicKeys[1], 'whpk_before');
    assert.equal(publicKeys[0], stored().secrets[0]?.public_key);
  });

  it('of a webhook of somebody else is as if there were none', async () => {
    const { rotate, webhooks } = bench();
    webhooks.getOwned.resolves(undefined);
    await assert.rejects(rotate(), appError('not-found'));
  });
});
