import sinon from 'sinon';
import type { DeliveryLane } from '../../schemas/entities.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aDelivery, aWebhook } from '../testing.ts';
import { deliverWebhook } from './handler.ts';
import { createSlots } from './slots.ts';

export const secret = newWebhookSecret();

/** So many attempts that failed. */
export const attempts = (count: number) =>
  Array.from({ length: count }, () => ({ at: new Date(0), status: 500, duration_ms: 1, error: null }));

/** The handler among services that do nothing. */
export function bench(options: { delivery?: object | null; webhook?: object | null } = {}) {
  const deliveries = {
    get: sinon.stub().resolves(options.delivery === null ? undefined : aDelivery(options.delivery)),
    recordAttempt: sinon.stub().resolves(true),
    discard: sinon.stub().resolves(),
    sendAgain: sinon.stub().resolves(),
    postpone: sinon.stub().resolves(),
    firstInOrder: sinon.stub().resolves(undefined),
    handOn: sinon.stub().resolves(true),
  };
  const webhooks = {
    get: sinon.stub().resolves(options.webhook === null ? undefined : aWebhook(options.webhook)),
    setFailing: sinon.stub().resolves(),
    disable: sinon.stub().resolves(),
  };
  const cipher = { decrypt: sinon.stub().resolves(Buffer.from(secret)) };
  const egress = { send: sinon.stub().resolves({ status: 200, headers: {}, body: Buffer.alloc(0) }) };
  const queue = { enqueue: sinon.stub().resolves() };
  const queues = { of: sinon.stub().returns(queue) };
  const slots = createSlots({ endpoint: 1, user: 2 });
  const shared = { take: sinon.stub() };
  const buckets = { lease: sinon.stub().resolves({ granted: 1, left: 0 }) };
  const services = withBase(
    { deliveries, webhooks, cipher, egress, queues, buckets, slots, shared } as never,
    testPlatform({ random: () => 0 }),
  );
  const run = (attempt?: number, more: { again?: boolean; lane?: DeliveryLane; webhook_id?: string } = {}) => {
    const payload = { delivery_id: 'dlv_1', ...(attempt === undefined ? {} : { attempt }), ...more };
    return deliverWebhook({ payload, name: 't', attempt: 0 }, services as never);
  };
  const answer = (status: number, headers = {}, body = '') =>
    egress.send.resolves({ status, headers, body: Buffer.from(body) });
  return { buckets, deliveries, webhooks, cipher, egress, queue, queues, shared, run, answer };
}
