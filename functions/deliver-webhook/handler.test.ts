import assert from 'node:assert/strict';
import sinon from 'sinon';
import { Webhook } from 'standardwebhooks';
import { AppError } from '../../shared/platform/errors.ts';
import { NOON } from '../../shared/platform/testing.ts';
import { aDelivery, appError } from '../testing.ts';
import { attempts, bench, secret } from './bench.testing.ts';

const DAY = 24 * 3_600_000;

describe('deliver-webhook', () => {
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
});
