import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Pulled } from '../../shared/analytics/pull.ts';
import { NOON, testPlatform, withBase } from '../../shared/platform/testing.ts';
import { ingestAnalytics } from './handler.ts';

describe('ingest-analytics', () => {
  const time = '2026-03-04T12:00:00.000Z';
  const envelope = { specversion: '1.0', source: 'virtuoso', subject: 'x', time, datacontenttype: 'application/json' };
  const request = {
    user_id: 'usr_1',
    function: 'runs',
    route: '/v1/runs',
    method: 'POST',
    path: '/v1/runs',
    status: 202,
    latency_ms: 3,
    cold_start: false,
    memory_mb: 90,
    instance_id: 'i',
    region: 'r',
    revision: 'v',
    ip_hash: 'h',
    user_agent: 'u',
    observed_at: time,
  };
  const message = (value: unknown, ackId = 'a'): Pulled => ({
    ackId,
    data: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    attributes: { type: 't' },
    publishedAt: NOON - 2500,
  });
  const requested = (id: string, more: object = {}) =>
    message({ ...envelope, id, type: 'request.completed', data: { ...request, ...more } }, id);

  function bench(batches: Record<string, Pulled[][]>) {
    const order: string[] = [];
    const puller = {
      pull: sinon.stub().callsFake(async ({ name }: { name: string }) => batches[name]?.shift() ?? []),
      acknowledge: sinon.stub().callsFake(async () => void order.push('acknowledged')),
      deadLetter: sinon.stub().callsFake(async () => void order.push('dead-lettered')),
    };
    const warehouse = {
      insert: sinon.stub().callsFake(async ({ name }: { name: string }) => {
        order.push(name);
        return [];
      }),
    };
    const erased = { among: sinon.stub().resolves(new Set(['usr_gone'])) };
    const platform = testPlatform();
    const services = withBase({ puller, warehouse, erased } as never, platform) as never;
    return { puller, warehouse, erased, platform, order, run: () => ingestAnalytics(undefined, services) };
  }

  it('stores no row of somebody who was erased meanwhile, and acknowledges what is about them', async () => {
    const gone = { user_id: 'usr_gone' };
    const { puller, warehouse, erased, run } = bench({
      'analytics-system-events': [[requested('1', gone), requested('2'), requested('3', gone)]],
    });
    await run();
    assert.deepEqual([...new Set(erased.among.firstCall.args[0])], ['usr_gone', 'usr_1']);
    const stored = warehouse.insert.args.flatMap(([, rows]) => rows as { user_id?: string; event_id: string }[]);
    assert.ok(stored.some(({ event_id, user_id }) => event_id === '2' && user_id === 'usr_1'));
    assert.ok(!JSON.stringify(stored).includes('usr_gone'));
    assert.equal(puller.acknowledge.firstCall.args[1].length, 3);
  });

  it('drains every subscription in batches', async () => {
    const { puller, warehouse, run, platform } = bench({
      'analytics-system-events': [[requested('1'), requested('2')], [requested('3')]],
    });
    await run();
    assert.deepEqual(
      puller.acknowledge.args.map(([{ name }, messages]) => [name, messages.length]),
      [
        ['analytics-system-events', 2],
        ['analytics-system-events', 1],
      ],
    );
    assert.deepEqual([...new Set(puller.pull.args.map(([{ name }]) => name))].sort(), [
      'analytics-command-events',
      'analytics-system-events',
      'analytics-test-events',
    ]);
    const [table, rows] = warehouse.insert.firstCall.args;
    assert.equal(table.name, 'performance_metrics');
    assert.deepEqual(
      rows.map(({ event_id }: { event_id: string }) => event_id),
      ['1', '2'],
    );
    const line = platform.lines.find(({ subscription }) => subscription === 'analytics-system-events');
    assert.deepEqual(
      [line?.message, line?.events, line?.rows, line?.dead_letters, line?.longest_lag_ms, line?.emptied],
      ['subscription drained', 3, 6, 0, 2500, true],
    );
  });

  it('makes a request that may have changed something an activity of its user too', async () => {
    const { warehouse, run } = bench({
      'analytics-system-events': [[requested('1'), requested('2', { method: 'GET' })]],
    });
    await run();
    assert.deepEqual(
      warehouse.insert.args.map(([{ name }, rows]) => [name, rows.length]),
      [
        ['performance_metrics', 2],
        ['user_activity', 1],
      ],
    );
    const [activity] = warehouse.insert.secondCall.args[1];
    assert.deepEqual([activity.action, activity.resource, activity.occurred_at], ['POST /v1/runs', '/v1/runs', time]);
  });

  it('acknowledges only what is stored', async () => {
    const { order, run } = bench({ 'analytics-system-events': [[requested('1')]] });
    await run();
    assert.deepEqual(order, ['performance_metrics', 'user_activity', 'acknowledged']);
  });

  it('acknowledges nothing of a batch that could not be stored, and goes on with the other subscriptions', async () => {
    const { puller, warehouse, run } = bench({
      'analytics-system-events': [[requested('1')]],
      'analytics-test-events': [
        [message({ ...envelope, id: '9', type: 'run.started', data: { user_id: 'u', run_id: 'r', sessions: 1 } })],
      ],
    });
    warehouse.insert.rejects(new Error('quota'));
    await assert.rejects(run(), /quota/);
    assert.deepEqual(
      puller.acknowledge.args.map(([{ name }]) => name),
      ['analytics-test-events'],
    );
  });

  it('dead-letters what is no event, or breaks its schema, with the reason', async () => {
    const wrong = [message('{'), message({ a: 1 }), requested('1', { latency_ms: -1 })];
    const { puller, warehouse, run } = bench({ 'analytics-system-events': [[...wrong, requested('2')]] });
    await run();
    assert.deepEqual(
      puller.deadLetter.args.map(([dead]) => dead),
      wrong,
    );
    assert.match(puller.deadLetter.args[2]?.[1], /latency_ms/);
    assert.equal(warehouse.insert.firstCall.args[1].length, 1);
    assert.equal(puller.acknowledge.firstCall.args[1].length, 4);
  });

  it('dead-letters the message of a row that the table refuses', async () => {
    const { puller, warehouse, run, order } = bench({
      'analytics-system-events': [[requested('1'), requested('2', { method: 'GET' })]],
    });
    warehouse.insert.onFirstCall().resolves([{ index: 1, reason: 'no such field' }]);
    await run();
    assert.equal(puller.deadLetter.firstCall.args[0].ackId, '2');
    assert.match(puller.deadLetter.firstCall.args[1], /^performance_metrics: no such field in \{.*"event_id":"2"/);
    assert.equal(order.at(-1), 'acknowledged');
  });

  it('acknowledges events that make no row', async () => {
    const { puller, warehouse, run } = bench({
      'analytics-test-events': [[message({ ...envelope, id: '1', type: 'run.exploded', data: {} })]],
    });
    await run();
    assert.equal(warehouse.insert.callCount, 0);
    assert.equal(puller.acknowledge.callCount, 1);
  });

  it('stops when its time is over, or the instance is told to', async () => {
    const endless = { 'analytics-system-events': Array.from({ length: 100 }, (_, i) => [requested(String(i))]) };
    const slow = bench(endless);
    slow.warehouse.insert.callsFake(async () => {
      slow.platform.clock.time += 20_000;
      return [];
    });
    await slow.run();
    assert.equal(slow.puller.acknowledge.callCount, 2);
    assert.ok(slow.platform.lines.some(({ events, emptied }) => events === 2 && emptied === false));
    const stopped = bench({ 'analytics-system-events': [[requested('1')]] });
    stopped.platform.stopper.abort();
    await stopped.run();
    assert.equal(stopped.puller.pull.callCount, 0);
  });
});
