import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { DeliveryEntity } from '../../schemas/entities.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { aDelivery } from '../testing.ts';
import { resumeDeliveries } from './handler.ts';

describe('resume-deliveries', () => {
  function bench(...found: DeliveryEntity[]) {
    const deliveries = { overdue: sinon.stub().resolves(found), handOn: sinon.stub().resolves(true) };
    const queue = { enqueue: sinon.stub().resolves() };
    const queues = { of: sinon.stub().returns(queue) };
    const platform = testPlatform();
    const run = () => resumeDeliveries({}, withBase({ deliveries, queues } as never, platform) as never);
    const tasks = () => queue.enqueue.args.flatMap(([list]) => list);
    return { deliveries, run, tasks, platform };
  }
  const attempts = [{ at: new Date(0), status: 500, duration_ms: 1, error: null }];

  it('makes a task for the attempt that each of those waits for that are long overdue', async () => {
    const { deliveries, run, tasks, platform } = bench(aDelivery(), aDelivery({ id: 'dlv_2', attempts }));
    await run();
    assert.deepEqual(deliveries.overdue.firstCall.args[0], new Date(NOON - 30 * 60_000));
    assert.deepEqual(
      tasks().map(({ to, payload }) => [to, payload]),
      [
        ['deliver-webhook', { delivery_id: 'dlv_1', webhook_id: 'whk_1', attempt: 0 }],
        ['deliver-webhook', { delivery_id: 'dlv_2', webhook_id: 'whk_1', attempt: 1 }],
      ],
    );
    assert.ok(platform.lines.some(({ severity, message }) => severity === 'WARNING' && /2/.test(message)));
  });

  it('makes one task an hour, and another one later', async () => {
    const { run, tasks, platform } = bench(aDelivery());
    await run();
    platform.clock.time += 600_000;
    await run();
    platform.clock.time += 3_600_000;
    await run();
    const [first, again, later] = tasks().map(({ name }) => name);
    assert.equal(first, again);
    assert.notEqual(first, later);
  });

  it('is silent where all is well', async () => {
    const { run, tasks, platform } = bench();
    await run();
    assert.deepEqual([tasks(), platform.lines], [[], []]);
  });
});
