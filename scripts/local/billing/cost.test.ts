import assert from 'node:assert/strict';
import { type Metered, type Price, priceList, prices } from '../../../shared/cost/prices.ts';
import { costOf } from './cost.ts';
import { costLine, costTables, dollars } from './cost-words.ts';
import { meterSince } from './meter.ts';

const meter = (counts: Partial<Record<Metered, number>>) => new Map(Object.entries(counts) as [Metered, number][]);
const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < expected * 1e-9, `${actual} is not ${expected}`);

describe('the price of billable operations', () => {
  it("is that of Google's list, in its units", () => {
    const expected: [Metered, number, number][] = [
      ['firestore.read', 100_000, 0.03],
      ['firestore.write', 100_000, 0.09],
      ['firestore.delete', 100_000, 0.01],
      ['storage.class_a', 1000, 0.005],
      ['storage.class_b', 1000, 0.0004],
      ['pubsub.publish_kb', 2 ** 40 / 1000, 40],
      ['pubsub.deliver_kb', 2 ** 40 / 1000, 40],
      ['tasks.operation', 1_000_000, 0.4],
      ['bigquery.query_bytes', 2 ** 40, 6.25],
      ['bigquery.insert_bytes', 200 * 2 ** 20, 0.01],
      ['secretmanager.access', 10_000, 0.03],
      ['run.request/any', 1_000_000, 0.4],
      ['run.vcpu_ms/any', 1000, 0.000024],
      ['run.mib_ms/any', 1024 * 1000, 0.0000025],
    ];
    for (const [name, count, usd] of expected) close(costOf(meter({ [name]: count })).usd, usd);
    assert.deepEqual(expected.map(([name]) => name.split('/')[0]).sort(), Object.keys(prices).sort());
  });

  it('has a day, and a page for each price', () => {
    assert.ok(new Date(priceList.date) < new Date());
    for (const { source, free } of Object.values(prices) as Price[]) {
      assert.match(source, /^https:\/\/cloud\.google\.com\/[a-z-]+\/pricing$/);
      assert.notEqual(free, '');
    }
  });

  it('is summed over functions, and told for each, the dearest first', () => {
    const cost = costOf(
      meter({
        'run.request/small': 3,
        'run.vcpu_ms/small': 300,
        'run.mib_ms/small': 300 * 256,
        'run.request/large': 2,
        'run.vcpu_ms/large': 4000,
        'run.mib_ms/large': 2000 * 2048,
        'firestore.write': 10,
      }),
    );
    assert.deepEqual(
      cost.lines.map(({ operation, amount }) => [operation, amount]),
      [
        ['firestore.write', 10],
        ['run.request', 5],
        ['run.vcpu_ms', 4.3],
        ['run.mib_ms', 4.075],
      ],
    );
    const [large, small] = cost.functions;
    assert.deepEqual([large?.name, large?.requests, large?.vcpuSeconds, large?.gibSeconds], ['large', 2, 4, 4]);
    close(large?.usd ?? 0, 2 * 4e-7 + 4 * 0.000024 + 4 * 0.0000025);
    assert.equal(small?.name, 'small');
    close(cost.usd, (large?.usd ?? 0) + (small?.usd ?? 0) + 10 * 9e-7);
  });

  it('of a run is that of what has come since its start', () => {
    const before = meter({ 'firestore.read': 5, 'tasks.operation': 2 });
    const after = meter({ 'firestore.read': 7, 'tasks.operation': 2, 'run.request/a': 1 });
    assert.deepEqual(
      [...meterSince(before, after)],
      [
        ['firestore.read', 2],
        ['run.request/a', 1],
      ],
    );
  });
});

describe('the words for what a run costs', () => {
  it('give cents and, of less, two digits', () => {
    const expected = { 12.345: '$12.35', 0.5: '$0.50', 0.0423: '$0.042', 0.00012345: '$0.00012', 0: '$0.00' };
    for (const [usd, text] of Object.entries(expected)) assert.equal(dollars(Number(usd)), text);
  });

  it('say the whole and a thousand steps in one line', () => {
    assert.equal(
      costLine(meter({ 'firestore.write': 1000 }), 50),
      'On Google Cloud: about $0.00090, $0.018 a thousand steps ' +
        `(list prices of us-central1 on ${priceList.date}, as if nothing were free).\n`,
    );
    assert.doesNotMatch(costLine(meter({ 'firestore.write': 1000 }), 0), /step/);
  });

  it('are tables of operations and of functions', () => {
    const used = meter({
      'firestore.write': 1234,
      'run.request/run-session': 20,
      'run.vcpu_ms/run-session': 90_000,
      'run.mib_ms/run-session': 2048 * 60_000,
      'run.request/plan-run': 1,
      'run.vcpu_ms/plan-run': 100,
      'run.mib_ms/plan-run': 512 * 100,
    });
    assert.deepEqual(costTables(used, 50).split('\n'), [
      'Billable operations, and what Google Cloud asks for them ' +
        `(list prices of us-central1 on ${priceList.date}, as if nothing were free)`,
      '  Firestore document writes   1234  writes        24.68 a step     $0.0011',
      '  Functions, requests           21  requests       0.42 a step  $0.0000084',
      '  Functions, processor        90.1  vCPU-seconds   1.80 a step     $0.0022',
      '  Functions, memory          120.1  GiB-seconds    2.40 a step    $0.00030',
      '  In all $0.0036, $0.072 a thousand steps',
      '',
      'Functions',
      '  run-session  20 requests   90 vCPU-seconds  120 GiB-seconds     $0.0025',
      '  plan-run       1 request  0.1 vCPU-seconds  0.1 GiB-seconds  $0.0000029',
      '',
    ]);
    assert.doesNotMatch(costTables(used), /step/);
  });
});
