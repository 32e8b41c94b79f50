import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { deliveriesQuery } from '../../schemas/requests.ts';
import { NOON, withBase } from '../../shared/platform/testing.ts';
import { aDelivery, appError, aRequest, aWebhook } from '../testing.ts';
import { listDeliveries, readDelivery, recover, redeliver } from './deliveries.ts';

const attempts = (count: number) =>
  Array.from({ length: count }, () => ({ at: new Date(0), status: 500, duration_ms: 1, error: null }));

function bench(given: { delivery?: Partial<DeliveryEntity>; webhook?: object | null; lost?: number } = {}) {
  const all = Array.from({ length: given.lost ?? 3 }, (_, i) =>
    aDelivery({ id: `dlv_${i}`, status: 'failed', attempts: attempts(10), created_at: new Date(NOON - i * 1000) }),
  );
  const webhooks = { getOwned: sinon.stub().resolves(given.webhook === null ? undefined : aWebhook(given.webhook)) };
  const deliveries = {
    getOwned: sinon.stub().resolves(aDelivery({ status: 'failed', attempts: attempts(2), ...given.delivery })),
    ofWebhook: sinon.stub().callsFake(async (_id: string, { size, after }) => {
      const from = after ? all.findIndex(({ id }) => id === after.id) + 1 : 0;
      return all.slice(from, from + size);
    }),
    sendAgain: sinon.stub().resolves(),
  };
  const queue = { enqueue: sinon.stub().resolves() };
  const queues = { of: sinon.stub().returns(queue) };
  const services = withBase({ webhooks, deliveries, queues } as never) as never;
  const params = { id: 'dlv_1' };
  return {
    ...{ webhooks, deliveries, queue, services },
    again: async () => redeliver.handle(aRequest({ params }) as never, services),
    recovered: async (body: { since: string; until?: string }) =>
      recover.handle(aRequest({ params: { id: 'whk_1' }, body }) as never, services),
    tasks: () => queue.enqueue.args.flatMap(([tasks]) => tasks),
  };
}

describe('deliveries', () => {
  it('are read with the body that is sent and the answers that came', async () => {
    const made = [{ at: new Date(NOON), status: 500, duration_ms: 7, error: null, answer: 'no' }];
    const { services } = bench({ delivery: { attempts: made } });
    const { body } = await readDelivery.handle(aRequest({ params: { id: 'dlv_1' } }) as never, services);
    const shown = body as { body: string; attempts: object[] };
    assert.equal(shown.body, '{"type":"run.completed"}');
    assert.deepEqual(shown.attempts, [
      { at: new Date(NOON).toISOString(), status: 500, durationMs: 7, error: null, answer: 'no' },
    ]);
  });

  it('are listed by status, type and time', async () => {
    const { deliveries, services } = bench();
    const query = { status: 'failed', type: 'run.completed', since: '2026-03-04T12:00:00Z' };
    assert.ok(deliveriesQuery.accepts(query));
    await listDeliveries.handle(aRequest({ params: { id: 'whk_1' }, query }) as never, services);
    assert.deepEqual(deliveries.ofWebhook.firstCall.args[2], {
      ...{ status: ['failed'], type: 'run.completed', since: new Date(NOON), until: undefined },
    });
    for (const wrong of [{ status: 'lost' }, { since: 'yesterday' }, { user: 'usr_1' }])
      assert.ok(!deliveriesQuery.accepts(wrong));
  });
});

describe('a time that there is only in the format', () => {
  for (const time of ['2016-12-31T23:59:60Z', '0000-01-01T00:00:00Z']) {
    it(`is refused: ${time}`, async () => {
      const { services, recovered } = bench();
      assert.ok(deliveriesQuery.accepts({ since: time }));
      for (const query of [{ since: time }, { until: time }]) {
        const request = aRequest({ params: { id: 'whk_1' }, query }) as never;
        await assert.rejects(async () => listDeliveries.handle(request, services), appError('invalid-argument'));
      }
      await assert.rejects(recovered({ since: time }), appError('invalid-argument'));
    });
  }
});

describe('sending a delivery again', () => {
  it('makes a task that marks it, and then marks it', async () => {
    const { again, tasks, deliveries, queue } = bench();
    const { status, headers } = await again();
    assert.deepEqual([status, headers?.location], [202, '/v1/deliveries/dlv_1']);
    const [{ name, ...task }] = tasks();
    assert.deepEqual(task, {
      to: 'deliver-webhook',
      payload: { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 2, again: true },
    });
    assert.match(name, /^dlv_1-2-\w+$/);
    assert.deepEqual(deliveries.sendAgain.args, [['dlv_1', 2, name]]);
    assert.ok(queue.enqueue.calledBefore(deliveries.sendAgain));
  });

  it('makes a task each time that it is asked for', async () => {
    const { again, tasks } = bench();
    await again();
    await again();
    assert.equal(new Set(tasks().map(({ name }: { name: string }) => name)).size, 2);
  });

  for (const [what, webhook, message] of [
    ['paused', { active: false }, /not active/],
    ['deleted', null, /deleted/],
  ] as const) {
    it(`is refused when its webhook is ${what}`, async () => {
      const { again, queue } = bench({ webhook });
      await assert.rejects(again(), appError('conflict', message));
      assert.equal(queue.enqueue.callCount, 0);
    });
  }

  it('is refused after a hundred attempts', async () => {
    const { again, queue } = bench({ delivery: { attempts: attempts(100) } });
    await assert.rejects(again(), appError('conflict', /100 attempts/));
    assert.equal(queue.enqueue.callCount, 0);
  });

  it('of somebody else is as if it were not there', async () => {
    const { again, deliveries } = bench();
    deliveries.getOwned.resolves(undefined);
    await assert.rejects(again(), appError('not-found'));
  });
});

describe('recovering what an endpoint missed', () => {
  const since = '2026-03-01T00:00:00Z';

  it('sends again what failed or was discarded since then', async () => {
    const { recovered, deliveries, tasks } = bench();
    assert.deepEqual(await recovered({ since }), { status: 202, body: { deliveries: 3 } });
    assert.deepEqual(deliveries.ofWebhook.firstCall.args[2], {
      ...{ since: new Date(since), until: undefined, status: ['failed', 'discarded'] },
    });
    assert.deepEqual(
      tasks().map(({ payload }: { payload: object }) => payload),
      [0, 1, 2].map((i) => ({ delivery_id: `dlv_${i}`, webhook_id: 'whk_1', attempt: 10, again: true })),
    );
    assert.equal(deliveries.sendAgain.callCount, 3);
  });

  it('goes on where it stopped when there is more than one request does', async () => {
    const { recovered, tasks } = bench({ lost: 600 });
    const { body } = await recovered({ since });
    assert.deepEqual(body, { deliveries: 500, continueUntil: new Date(NOON - 499_000 + 1).toISOString() });
    assert.equal(tasks().length, 500);
  });

  it('refuses a range that is empty, and a webhook that is paused', async () => {
    await assert.rejects(bench().recovered({ since, until: since }), appError('invalid-argument'));
    await assert.rejects(bench({ webhook: { active: false } }).recovered({ since }), appError('conflict'));
  });
});
