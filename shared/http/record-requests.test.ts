import assert from 'node:assert/strict';
import sinon from 'sinon';
import { type CloudEvent, eventData } from '../../schemas/events.ts';
import { testPlatform } from '../platform/testing.ts';
import { type AnsweredRequest, createRequestRecorder } from './record-requests.ts';

describe('the record of requests', () => {
  const request: AnsweredRequest = {
    id: 'same-for-all',
    userId: 'usr_1',
    function: 'runs',
    route: '/v1/runs/:id',
    method: 'GET',
    path: '/v1/runs/run_1',
    status: 200,
    startedAt: Date.parse('2026-03-04T11:59:59.900Z'),
    address: '203.0.113.9',
    userAgent: 'x'.repeat(400),
  };
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => timers.restore());

  function bench(options: Parameters<typeof testPlatform>[0] = {}) {
    const publishMessage = sinon.stub().resolves('1');
    const topic = sinon.stub().returns({ publishMessage });
    const platform = testPlatform({ ...options, clients: { pubsub: async () => ({ topic }) } });
    const events = () =>
      publishMessage.args.map(([message]) => JSON.parse((message.data as Buffer).toString()) as CloudEvent);
    return {
      platform,
      publishMessage,
      topic,
      events,
      recorder: createRequestRecorder(platform, async (address) => `hash of ${address.length}`),
    };
  }

  it('says what came, how long it took and on which instance, without the address', async () => {
    const { recorder, events, topic } = bench();
    recorder.record(request);
    await recorder.flush();
    assert.deepEqual(
      topic.args.map(([name]) => name),
      ['system-events'],
    );
    const [event] = events();
    assert.deepEqual(eventData['request.completed'].problems(event?.data), []);
    assert.equal(event?.data.latency_ms, 100);
    assert.equal(event?.data.cold_start, true);
    assert.equal(String(event?.data.user_agent).length, 300);
    assert.ok(!JSON.stringify(event).includes(request.address));
    assert.equal(event?.data.ip_hash, 'hash of 11');
  });

  it('is published once a second at most, or when fifty are there', async () => {
    const { recorder, publishMessage } = bench();
    for (let i = 0; i < 49; i++) recorder.record(request);
    await timers.tickAsync(999);
    assert.equal(publishMessage.callCount, 0);
    await timers.tickAsync(1);
    assert.equal(publishMessage.callCount, 49);
    for (let i = 0; i < 50; i++) recorder.record(request);
    await timers.tickAsync(0);
    assert.equal(publishMessage.callCount, 99);
  });

  it('has an event of its own for every request, although clients repeat their ids', async () => {
    const { recorder, events } = bench();
    for (let i = 0; i < 3; i++) recorder.record(request);
    await recorder.flush();
    assert.equal(new Set(events().map(({ id }) => id)).size, 3);
    assert.deepEqual(
      events().map(({ data }) => data.cold_start),
      [true, false, false],
    );
  });

  it('waits at the end for what is on its way', async () => {
    const { recorder, publishMessage } = bench();
    let stored = 0;
    publishMessage.callsFake(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      stored++;
    });
    for (let i = 0; i < 50; i++) recorder.record(request);
    await recorder.flush();
    assert.equal(stored, 50);
  });

  it('is of a share of the requests where that is wanted', async () => {
    const numbers = [0.1, 0.6, 0.49];
    const { recorder, events } = bench({
      environment: { REQUEST_SAMPLING: '0.5' },
      random: () => numbers.shift() ?? 1,
    });
    for (let i = 0; i < 3; i++) recorder.record(request);
    await recorder.flush();
    assert.equal(events().length, 2);
  });

  it('brings those together that were not let in, once a minute, and tells only the first of them one by one', async () => {
    const { recorder, events } = bench();
    for (let i = 0; i < 5000; i++) {
      recorder.record({
        ...{ ...request, address: `2001:db8::${i}`, status: 401, userId: 'anonymous' },
        refusal: { type: 'auth.denied', reason: 'unauthenticated' },
      });
    }
    await timers.tickAsync(59_000);
    assert.deepEqual([...new Set(events().map(({ type }) => type))], ['request.completed']);
    assert.equal(events().length, 100);
    await timers.tickAsync(1000);
    const denials = events().filter(({ type }) => type === 'auth.denied');
    assert.equal(denials.length, 21);
    assert.equal(
      denials.reduce((sum, { data }) => sum + Number(data.count), 0),
      5000,
    );
    assert.equal(denials[0]?.data.ip_hash, 'hash of 11');
  });

  it('tells at the end of those that were not let in', async () => {
    const { recorder, events } = bench();
    recorder.record({ ...request, status: 429, refusal: { type: 'rate_limit.exceeded', limit: 'read' } });
    await recorder.flush();
    assert.deepEqual(
      events().map(({ type }) => type),
      ['request.completed', 'rate_limit.exceeded'],
    );
  });

  it('never fails a request', async () => {
    const { recorder, publishMessage, platform } = bench();
    publishMessage.rejects(new Error('down'));
    recorder.record(request);
    await recorder.flush();
    assert.equal(platform.lines[0]?.severity, 'ERROR');
  });

  it('of those that may have changed something is whole, though not all are measured', async () => {
    const { recorder, events } = bench({ environment: { REQUEST_SAMPLING: '0.4' }, random: () => 0.5 });
    recorder.record(request);
    recorder.record({ ...request, method: 'POST' });
    await recorder.flush();
    assert.deepEqual(
      events().map(({ data }) => [data.method, data.measured]),
      [['POST', false]],
    );
    assert.equal(events()[0]?.data.sampling, 0.4);
    assert.deepEqual(eventData['request.completed'].problems(events()[0]?.data), []);
  });
});
