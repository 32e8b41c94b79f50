import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Webhook } from 'standardwebhooks';
import type { DeliveryLane } from '../../schemas/entities.ts';
import { newWebhookSecret } from '../../shared/events/webhook-signature.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aDelivery, appError, aWebhook } from '../testing.ts';
import { deliverWebhook } from './handler.ts';
import { createSlots } from './slots.ts';

const DAY = 24 * 3_600_000;
const attempts = (count: number) =>
  Array.from({ length: count }, () => ({ at: new Date(0), status: 500, duration_ms: 1, error: null }));

describe('deliver-webhook', () => {
  const secret = newWebhookSecret();
  function bench(options: { delivery?: object | null; webhook?: object | null } = {}) {
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

  it('sends the body, signed so that a standard library verifies it', async () => {
    const { egress, run } = bench();
    await run(0);
    const { method, url, headers, body, timeoutMs } = egress.send.firstCall.args[0];
    assert.deepEqual([method, url, timeoutMs], ['POST', 'https://hooks.example/in', 15_000]);
    assert.equal(headers['webhook-id'], 'evt_1');
    assert.equal(headers['content-length'], String(body.length));
    assert.equal(headers['webhook-timestamp'], String(NOON / 1000));
    const receiver = new Webhook(secret);
    const timers = sinon.useFakeTimers({ now: NOON, toFake: ['Date'] });
    try {
      assert.deepEqual(receiver.verify(body, headers), JSON.parse(body));
      assert.throws(() => receiver.verify(`${body} `, headers));
    } finally {
      timers.restore();
    }
  });

  it('signs with every secret while one is rotated out', async () => {
    const { egress, run } = bench({ webhook: { secrets: [{ sealed: 'new' }, { sealed: 'old' }] } });
    await run(0);
    assert.match(egress.send.firstCall.args[0].headers['webhook-signature'], /^v1,\S+ v1,\S+$/);
  });

  it('signs with no secret whose time is over', async () => {
    const secrets = [{ sealed: 'new' }, { sealed: 'old', expires_at: new Date(NOON) }];
    const { egress, run } = bench({ webhook: { secrets } });
    await run(0);
    assert.match(egress.send.firstCall.args[0].headers['webhook-signature'], /^v1,\S+$/);
  });

  it("sends the webhook's own headers along", async () => {
    const { cipher, egress, run } = bench({ webhook: { headers: { authorization: 'sealed header' } } });
    cipher.decrypt.withArgs('sealed header').resolves(Buffer.from('Bearer x1'));
    await run(0);
    assert.equal(egress.send.firstCall.args[0].headers.authorization, 'Bearer x1');
  });

  it('records what was delivered, and that the endpoint works', async () => {
    const { deliveries, webhooks, queue, run } = bench();
    await run(0);
    const attempt = { at: new Date(NOON), status: 200, duration_ms: 0, error: null };
    assert.deepEqual(deliveries.recordAttempt.args, [
      [aDelivery(), attempt, { status: 'delivered', next_attempt_at: null }],
    ]);
    assert.equal(queue.enqueue.callCount, 0);
    assert.equal(webhooks.setFailing.firstCall.args[1], false);
  });

  it('tries again later what failed: the task is made before the attempt is recorded', async () => {
    const { deliveries, queue, webhooks, run, answer } = bench();
    answer(500);
    await run(0);
    const at = new Date(NOON + 5000);
    assert.deepEqual(queue.enqueue.args, [
      [
        [
          {
            to: 'deliver-webhook',
            name: 'dlv_1-1',
            payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 1 },
            at,
          },
        ],
      ],
    ]);
    assert.deepEqual(deliveries.recordAttempt.firstCall.args[2], { status: 'pending', next_attempt_at: at });
    assert.ok(queue.enqueue.calledBefore(deliveries.recordAttempt));
    assert.equal(webhooks.setFailing.callCount, 0);
  });

  it('waits as long as the endpoint asks for', async () => {
    const { queue, run, answer } = bench();
    answer(429, { 'retry-after': '120' });
    await run(0);
    assert.deepEqual(queue.enqueue.firstCall.args[0][0].at, new Date(NOON + 120_000));
  });

  it('takes a redirect for a failure, and says so', async () => {
    const { deliveries, run, answer } = bench();
    answer(302, { location: 'https://elsewhere.example' });
    await run(0);
    assert.match(deliveries.recordAttempt.firstCall.args[1].error, /redirects are not followed/);
    assert.equal(deliveries.recordAttempt.firstCall.args[2].status, 'pending');
  });

  it('takes no answer, or an address that may not be reached, for a failure', async () => {
    for (const error of [new Error('ECONNREFUSED'), new AppError('permission-denied', 'not public')]) {
      const { deliveries, egress, run } = bench();
      egress.send.rejects(error);
      await run(0);
      const [, attempt, next] = deliveries.recordAttempt.firstCall.args;
      assert.deepEqual([attempt.status, attempt.error, next.status], [null, error.message, 'pending']);
    }
  });

  it('gives up after the tenth attempt', async () => {
    const { deliveries, queue, run, answer } = bench({ delivery: { attempts: attempts(9) } });
    answer(500);
    await run(9);
    assert.equal(queue.enqueue.callCount, 0);
    assert.deepEqual(deliveries.recordAttempt.firstCall.args[2], { status: 'failed', next_attempt_at: null });
  });

  it('disables an endpoint that is gone, at once', async () => {
    const { deliveries, webhooks, queue, run, answer } = bench();
    answer(410, { 'retry-after': '60' });
    await run(0);
    assert.equal(queue.enqueue.callCount, 0);
    assert.equal(deliveries.recordAttempt.firstCall.args[2].status, 'failed');
    assert.match(webhooks.disable.firstCall.args[1], /410/);
  });

  it('disables an endpoint that has been failing for five days', async () => {
    for (const [days, disabled] of [
      [4, 0],
      [5.1, 1],
    ] as const) {
      const { webhooks, run, answer } = bench({ webhook: { failing_since: new Date(NOON - days * DAY) } });
      answer(500);
      await run(0);
      assert.equal(webhooks.disable.callCount, disabled);
    }
  });

  it('does not send an attempt again that was recorded', async () => {
    const { egress, queue, deliveries, run } = bench({ delivery: { attempts: attempts(1) } });
    await run(0);
    assert.equal(egress.send.callCount + queue.enqueue.callCount + deliveries.recordAttempt.callCount, 0);
  });

  it('comes back when the attempt before is not recorded, as whoever made it was cut off', async () => {
    const { egress, queue, run } = bench();
    await assert.rejects(run(1), appError('timeout', /not recorded yet/));
    assert.equal(egress.send.callCount + queue.enqueue.callCount, 0);
  });

  it('takes an endpoint for a failing one when an attempt has failed again', async () => {
    for (const [made, asked] of [
      [0, []],
      [1, [true]],
    ] as const) {
      const { webhooks, run, answer } = bench({ delivery: { attempts: attempts(made) } });
      answer(500);
      await run(made);
      assert.deepEqual(
        webhooks.setFailing.args.map(([, failing]) => failing),
        asked,
      );
    }
  });

  it('makes the next attempt when a task does not say which one', async () => {
    const { deliveries, run } = bench({ delivery: { attempts: attempts(3) } });
    await run();
    assert.equal(deliveries.recordAttempt.firstCall.args[0].attempts.length, 3);
  });

  for (const status of ['delivered', 'failed', 'discarded'] as const) {
    it(`leaves a delivery alone that is ${status}`, async () => {
      const { egress, run } = bench({ delivery: { status } });
      await run(0);
      assert.equal(egress.send.callCount, 0);
    });
  }

  it('leaves a delivery alone that is not there', async () => {
    const { egress, run } = bench({ delivery: null });
    await run(0);
    assert.equal(egress.send.callCount, 0);
  });

  for (const [what, webhook] of [
    ['disabled', { active: false }],
    ['deleted', null],
  ] as const) {
    it(`discards a delivery whose endpoint is ${what}`, async () => {
      const { egress, deliveries, run } = bench({ webhook });
      await run(0);
      assert.equal(egress.send.callCount, 0);
      assert.deepEqual(deliveries.discard.args, [['dlv_1']]);
    });
  }

  it('keeps the first kilobyte of the answer', async () => {
    const { deliveries, run, answer } = bench();
    answer(500, {}, `${'ä'.repeat(400)} ${'x'.repeat(5000)}`);
    await run(0);
    const { answer: kept } = deliveries.recordAttempt.firstCall.args[1];
    assert.equal(kept, `${'ä'.repeat(400)} ${'x'.repeat(1024 - 801)}`);
  });

  it('cuts no character of an answer in two', async () => {
    const { deliveries, run, answer } = bench();
    answer(500, {}, `x${'€'.repeat(500)}`);
    await run(0);
    assert.equal(deliveries.recordAttempt.firstCall.args[1].answer, `x${'€'.repeat(341)}`);
  });

  it('masks in the answer what was secret in the request', async () => {
    const { cipher, deliveries, egress, run } = bench({ webhook: { headers: { authorization: 'sealed header' } } });
    cipher.decrypt.withArgs('sealed header').resolves(Buffer.from('Bearer t0p-s3cret'));
    egress.send.callsFake(async ({ headers }) => {
      const body = `got ${JSON.stringify(headers)} and t0p-s3cret, ${secret}, ${secret.slice('whsec_'.length)}`;
      return { status: 400, headers: {}, body: Buffer.from(body) };
    });
    await run(0);
    const { answer: kept } = deliveries.recordAttempt.firstCall.args[1];
    assert.match(kept, /^got \{"authorization":"/);
    assert.ok(!kept.includes('t0p-s3cret') && !kept.includes(secret.slice(8, 20)), kept);
  });

  it('keeps no part of a secret that is cut off where reading stops', async () => {
    const long = 'k'.repeat(4000);
    const { cipher, deliveries, run, answer } = bench({ webhook: { headers: { 'x-key': 'sealed header' } } });
    cipher.decrypt.withArgs('sealed header').resolves(Buffer.from(long));
    answer(400, {}, long.repeat(5).slice(0, 16_384));
    await run(0);
    assert.ok(!deliveries.recordAttempt.firstCall.args[1].answer?.includes('k'));
  });

  it('starts the schedule anew when somebody wants it sent again', async () => {
    const { deliveries, queue, run, answer } = bench({ delivery: { attempts: attempts(10), sent_again_after: 10 } });
    answer(500);
    await run(10, { again: true });
    assert.deepEqual(deliveries.sendAgain.args, [['dlv_1', 10, 't']]);
    assert.ok(deliveries.sendAgain.calledBefore(deliveries.get));
    assert.deepEqual(queue.enqueue.firstCall.args[0][0].at, new Date(NOON + 5000));
    assert.equal(deliveries.recordAttempt.firstCall.args[2].status, 'pending');
  });

  it('puts an attempt off while the endpoint has got as much as it takes', async () => {
    const { buckets, deliveries, egress, queue, run } = bench({ webhook: { rate_limit: 0.5 } });
    buckets.lease.resolves({ granted: 0, left: 0.25 });
    await run(0);
    assert.deepEqual(buckets.lease.args, [['webhook whk_1', { capacity: 1, perSecond: 0.5 }, 1]]);
    assert.equal(egress.send.callCount + deliveries.recordAttempt.callCount, 0);
    const at = new Date(NOON + 1500);
    const [[[task]]] = queue.enqueue.args as [[[object]]];
    assert.deepEqual(task, {
      ...{ to: 'deliver-webhook', name: `dlv_1-0-at-${at.getTime()}`, at },
      payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 0 },
    });
    assert.deepEqual(deliveries.handOn.args, [[aDelivery(), `dlv_1-0-at-${at.getTime()}`, at]]);
    assert.ok(deliveries.handOn.calledBefore(queue.enqueue));
    buckets.lease.resolves({ granted: 1, left: 0 });
    await run(0);
    assert.equal(egress.send.callCount, 1);
  });

  it('puts an attempt off while others are under way to a slow endpoint, and then goes on', async () => {
    const { deliveries, egress, queue, run } = bench();
    let answered: (answer: object) => void = () => {};
    egress.send.returns(new Promise((resolve) => (answered = resolve)));
    const first = run(0);
    await run(0);
    const at = new Date(NOON + 1000);
    assert.deepEqual(queue.enqueue.args[0]?.[0][0].at, at);
    assert.equal(deliveries.handOn.callCount, 1);
    answered({ status: 200, headers: {}, body: Buffer.alloc(0) });
    await first;
    assert.equal(egress.send.callCount, 1);
    for (let i = 0; i < 2; i++) await run(0);
    assert.equal(egress.send.callCount, 3);
  });

  it('has its place free again also when something breaks', async () => {
    const { buckets, deliveries, egress, run } = bench({ webhook: { rate_limit: 1 } });
    buckets.lease.onFirstCall().rejects(new AppError('unavailable', 'no buckets'));
    deliveries.recordAttempt.onFirstCall().rejects(new AppError('unavailable', 'no documents'));
    await assert.rejects(run(0), appError('unavailable'));
    await assert.rejects(run(0), appError('unavailable'));
    await run(0);
    assert.equal(egress.send.callCount, 2);
  });

  it('asks nobody whether it may send where no rate is set', async () => {
    const { buckets, run } = bench();
    await run(0);
    assert.equal(buckets.lease.callCount, 0);
  });

  it('comes again when its secret cannot be read', async () => {
    const { cipher, deliveries, run } = bench();
    cipher.decrypt.rejects(new AppError('unavailable', 'no secret'));
    await assert.rejects(run(0), appError('unavailable'));
    assert.equal(deliveries.recordAttempt.callCount, 0);
  });

  it('asks for delivery and endpoint at once where the task names both', async () => {
    const { deliveries, webhooks, egress, run } = bench();
    let got: (delivery: object) => void = () => {};
    deliveries.get.returns(new Promise((resolve) => (got = resolve)));
    const asked = run(0, { webhook_id: 'whk_1' });
    assert.deepEqual(webhooks.get.args, [['whk_1']]);
    got(aDelivery());
    await asked;
    assert.equal(webhooks.get.callCount, 1);
    assert.equal(egress.send.callCount, 1);
  });

  it('hands on to the backlog what is more than a user may have under way', async () => {
    const { egress, queue, queues, run } = bench();
    egress.send.returns(new Promise(() => {}));
    for (let i = 0; i < 2; i++) void run(0);
    await run(0);
    assert.deepEqual(queues.of.args.at(-1), ['usr_1', 'backlog']);
    assert.deepEqual(queue.enqueue.lastCall.args[0], [
      {
        ...{ to: 'deliver-webhook', name: 'dlv_1-0-backlog', at: new Date(NOON) },
        payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 0 },
      },
    ]);
  });

  it('takes a place that all instances share where an endpoint has so many, and gives it back', async () => {
    const { egress, queue, shared, run } = bench({ webhook: { concurrency: 3 } });
    const back = sinon.stub().resolves();
    shared.take.resolves(back);
    await run(0);
    assert.deepEqual(shared.take.args, [['whk_1', 3, 'dlv_1-0']]);
    assert.deepEqual([egress.send.callCount, back.callCount], [1, 1]);
    shared.take.resolves(undefined);
    await run(0);
    assert.deepEqual([egress.send.callCount, queue.enqueue.callCount], [1, 1]);
  });

  it('leaves an attempt to the task that it was handed on to, and sees to it that there is that task', async () => {
    const at = new Date(NOON + 3000);
    const { egress, queue, run } = bench({ delivery: { handed_to: 'dlv_1-0-at-9', next_attempt_at: at } });
    await run(0);
    assert.equal(egress.send.callCount, 0);
    assert.deepEqual(
      queue.enqueue.args.map(([[task]]) => [task.name, task.at]),
      [['dlv_1-0-at-9', at]],
    );
    const handed = bench({ delivery: { handed_to: 't', next_attempt_at: at } });
    await handed.run(0);
    assert.equal(handed.egress.send.callCount, 1);
  });

  it('hands nothing on that somebody else is at', async () => {
    const { deliveries, queue, shared, run } = bench({ webhook: { concurrency: 1 } });
    shared.take.resolves(undefined);
    deliveries.handOn.resolves(false);
    await run(0);
    assert.equal(queue.enqueue.callCount, 0);
  });

  describe('of an endpoint that wants order', () => {
    const order = { key: 'whk_1 run_1', place: '2' };

    it('waits for the one before', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order } });
      deliveries.firstInOrder.resolves(aDelivery({ id: 'dlv_0' }));
      await run(0);
      assert.deepEqual(deliveries.firstInOrder.args, [['whk_1 run_1']]);
      assert.deepEqual(deliveries.postpone.args, [['dlv_1', 0, new Date(NOON + 3_600_000)]]);
      assert.equal(egress.send.callCount + queue.enqueue.callCount, 0);
    });

    it('is sent when it is the first, and wakes the next when it is over', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order } });
      deliveries.firstInOrder.onFirstCall().resolves(aDelivery({ order }));
      deliveries.firstInOrder.onSecondCall().resolves(aDelivery({ id: 'dlv_2', attempts: attempts(1) }));
      await run(0);
      assert.equal(egress.send.callCount, 1);
      assert.ok(deliveries.recordAttempt.calledBefore(queue.enqueue));
      assert.deepEqual(queue.enqueue.args, [
        [
          [
            {
              ...{ to: 'deliver-webhook', name: 'dlv_2-1-after-dlv_1-0', at: new Date(NOON) },
              payload: { delivery_id: 'dlv_2', webhook_id: 'whk_1', attempt: 1 },
            },
          ],
        ],
      ]);
    });

    it('wakes nobody while it is to be tried again', async () => {
      const { deliveries, queue, run, answer } = bench({ delivery: { order } });
      deliveries.firstInOrder.resolves(aDelivery({ order }));
      answer(500);
      await run(0);
      assert.deepEqual(
        queue.enqueue.args.map(([[task]]) => task.name),
        ['dlv_1-1'],
      );
    });

    it('wakes the next also when the instance had ended before it did', async () => {
      const { deliveries, egress, queue, run } = bench({ delivery: { order, status: 'delivered' } });
      deliveries.firstInOrder.resolves(aDelivery({ id: 'dlv_2' }));
      await run(0);
      assert.equal(egress.send.callCount, 0);
      assert.equal(queue.enqueue.firstCall.args[0][0].name, 'dlv_2-0-after-dlv_1-0');
    });
  });
});
