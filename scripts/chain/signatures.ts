import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import sinon from 'sinon';
import { Webhook } from 'standardwebhooks';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { type Endpoint, type Got, startEndpoint } from './endpoint.ts';
import { only, type SuiteCloud } from './suite-cloud.ts';

interface Made {
  readonly id: string;
  readonly secret: string;
  readonly publicKeys: string[];
}
/** @throws Error when it is not what was signed, or is too old */
type Verify = (message: Got) => unknown;

const MINUTE = 60_000;
/** A message with other headers. */
const changed = ({ headers, body }: Got, others: Record<string, string>): Got => ({
  headers: Object.assign({}, headers, others),
  body,
});

/** What somebody who has seen a delivery can send. */
const forgeries: Readonly<Record<string, (message: Got) => Got>> = {
  'another body': ({ headers, body }) => ({ headers, body: body.replace('webhook.ping', 'webhook.pong') }),
  'a space more': ({ headers, body }) => ({ headers, body: `${body} ` }),
  'another id': (message) => changed(message, { 'webhook-id': 'evt_other' }),
  'the same, dated anew': (message) =>
    changed(message, { 'webhook-timestamp': String(Number(message.headers['webhook-timestamp']) + 1) }),
  'no signature': (message) => changed(message, { 'webhook-signature': '' }),
  'the signature of another version': (message) =>
    changed(message, { 'webhook-signature': (message.headers['webhook-signature'] ?? '').replace(/v1a?,/g, 'v9,') }),
};

/** What receivers verify deliveries with: the official library, and for Ed25519 the runtime's own check. */
export function signatures(cloud: () => SuiteCloud): void {
  describe('are signed so that receivers', () => {
    let endpoint: Endpoint;
    beforeEach(async () => {
      endpoint = await startEndpoint();
    });
    afterEach(() => endpoint?.close());

    async function make(more: object = {}): Promise<Made> {
      const { body } = await cloud().call('POST', '/v1/webhooks', {
        url: endpoint.url,
        events: ['test.rejected'],
        ...more,
      });
      return body as Made;
    }
    async function rotate({ id }: Made): Promise<Made> {
      return (await cloud().call('POST', `/v1/webhooks/${id}/rotate-secret`)).body as Made;
    }
    async function delivered({ id }: Made): Promise<Got> {
      const { deliveryId } = (await cloud().call('POST', `/v1/webhooks/${id}/ping`)).body as { deliveryId: string };
      await cloud().until<DeliveryEntity>(`deliveries/${deliveryId}`, ({ status }) => status === 'delivered');
      return endpoint.got.at(-1) as Got;
    }
    function refusesForgeries(verifies: Verify, message: Got): void {
      verifies(message);
      for (const [what, forge] of Object.entries(forgeries))
        assert.throws(() => verifies(forge(message)), Error, `${what} was accepted`);
      // Kept, and sent again later.
      const timers = sinon.useFakeTimers({ now: Date.now() + 6 * MINUTE, toFake: ['Date'] });
      try {
        assert.throws(() => verifies(message), /old/i);
      } finally {
        timers.restore();
      }
    }

    it('tell what was altered, forged or replayed by the official library', async () => {
      const made = await make();
      refusesForgeries(officially(made.secret), await delivered(made));
    });

    it('do so with either secret while it is rotated', async () => {
      const made = await make();
      const before = await delivered(made);
      const rotated = await rotate(made);
      const message = await delivered(made);
      for (const { secret } of [made, rotated]) refusesForgeries(officially(secret), message);
      // What was signed before the rotation is not signed by what came after it.
      assert.throws(() => officially(rotated.secret)(before));
    });

    it('do so by public keys, in rotation too', async () => {
      const made = await make({ signature: 'v1a' });
      refusesForgeries(byPublicKey(only(made.publicKeys)), await delivered(made));
      const { publicKeys } = await rotate(made);
      assert.equal(publicKeys.length, 2);
      const message = await delivered(made);
      for (const key of publicKeys) refusesForgeries(byPublicKey(key), message);
    });

    it('know what comes again within minutes by its id', async () => {
      const made = await make();
      const known = new Set<string>();
      const takes = (message: Got): boolean => {
        officially(made.secret)(message);
        const id = message.headers['webhook-id'] ?? '';
        return known.has(id) ? false : Boolean(known.add(id));
      };
      const [first, second] = [await delivered(made), await delivered(made)];
      assert.deepEqual([first, first, second].map(takes), [true, false, true]);
    });
  });
}

const officially =
  (secret: string): Verify =>
  ({ headers, body }) =>
    new Webhook(secret).verify(body, headers);

/** Standard Webhooks 1.0, "Asymmetric", with the tolerance of the official library. */
function byPublicKey(publicKey: string): Verify {
  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return ({ headers, body }) => {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given = '' } = headers;
    const signed = Buffer.from(`${id}.${timestamp}.${body}`);
    const own = given.split(' ').filter((one) => one.startsWith('v1a,'));
    const holds = own.some((one) => verify(null, signed, key, Buffer.from(one.slice('v1a,'.length), 'base64')));
    if (!holds) throw new Error('no signature holds');
    if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) throw new Error('the message is too old');
  };
}
