import assert from 'node:assert/strict';
import sinon from 'sinon';
import { cloudEvent, eventData } from '../../schemas/events.ts';
import { AppError } from '../platform/errors.ts';
import { testPlatform } from '../platform/testing.ts';
import { withLogContext } from '../platform/trace.ts';
import { subscribableTypes, topicsOf } from './catalogue.ts';
import { createEvents, type NewEvent, publisher } from './publish.ts';

describe('publishing', () => {
  const started: NewEvent = {
    type: 'run.started',
    key: ['run_1'],
    subject: 'runs/run_1',
    time: new Date('2026-03-04T12:00:00Z'),
    data: { user_id: 'usr_1', run_id: 'run_1', sessions: 2 },
  };
  function bench() {
    const publishMessage = sinon.stub().resolves('1');
    const resumePublishing = sinon.stub();
    const topic = sinon.stub().returns({ publishMessage, resumePublishing });
    const events = createEvents(testPlatform({ clients: { pubsub: async () => ({ topic }) } }));
    const messages = () => publishMessage.args.map(([message]) => message);
    return { events, topic, publishMessage, resumePublishing, messages };
  }

  it('sends a CloudEvent to every topic of its type', async () => {
    const { events, topic, messages } = bench();
    await events.publish([started]);
    assert.deepEqual(
      topic.args.map(([name]) => name),
      ['test-events', 'webhook-events'],
    );
    const envelope: unknown = JSON.parse(messages()[0].data.toString());
    assert.deepEqual(cloudEvent.problems(envelope), []);
    const { id, ...rest } = envelope as { id: string };
    assert.match(id, /^evt_/);
    assert.deepEqual(rest, {
      specversion: '1.0',
      source: 'virtuoso',
      type: 'run.started',
      subject: 'runs/run_1',
      time: '2026-03-04T12:00:00.000Z',
      datacontenttype: 'application/json',
      data: started.data,
    });
  });

  it('repeats in the attributes what filters need, and the trace', async () => {
    const { events, messages } = bench();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await withLogContext({ traceparent, function: 'f', fields: {} }, () => events.publish([started]));
    assert.deepEqual(messages()[0].attributes, {
      type: 'run.started',
      source: 'virtuoso',
      subject: 'runs/run_1',
      user_id: 'usr_1',
      traceparent,
    });
  });

  it('orders what happens to a run or session by its id, and nothing else', async () => {
    const { events, messages } = bench();
    await events.publish([started]);
    const data = { user_id: 'usr_1', test_id: 'tst_1', name: 'A', problems: 1 };
    await events.publish([{ ...started, type: 'test.rejected', subject: 'tests/tst_1', data }]);
    assert.deepEqual(
      messages().map(({ orderingKey }) => orderingKey),
      ['run_1', 'run_1', undefined, undefined],
    );
  });

  it('goes on with an ordering key after a failure', async () => {
    const { events, publishMessage, resumePublishing } = bench();
    publishMessage.onFirstCall().rejects(new Error('down'));
    await assert.rejects(events.publish([started]), /down/);
    assert.deepEqual(resumePublishing.args, [['run_1']]);
  });

  it('gives the same cause the same id, and others another', async () => {
    const { events, messages } = bench();
    await events.publish([started, { ...started, key: ['run_2'] }, { ...started, time: new Date(0) }]);
    const [one, , two, , again] = messages().map(({ data }) => (JSON.parse(data.toString()) as { id: string }).id);
    assert.equal(one, again);
    assert.notEqual(one, two);
  });

  it('sends nothing when one of the events breaks its schema', async () => {
    const { events, publishMessage } = bench();
    const wrong = { ...started, data: { ...started.data, sessions: -1 } } as NewEvent;
    await assert.rejects(
      events.publish([started, wrong]),
      (error) => error instanceof AppError && error.code === 'internal',
    );
    assert.equal(publishMessage.callCount, 0);
  });

  it('opens no client for nothing, and one a topic', async () => {
    const { events, topic } = bench();
    await events.publish([]);
    assert.equal(topic.callCount, 0);
    await events.publish([started]);
    await events.publish([started]);
    assert.equal(topic.callCount, 2);
  });

  it('is declared with the topics that the types go to', () => {
    assert.deepEqual(
      publisher('run.started', 'run.completed', 'command.executed').uses.map(({ resource, access }) => [
        resource.name,
        access,
      ]),
      [
        ['test-events', 'write'],
        ['webhook-events', 'write'],
        ['command-events', 'write'],
      ],
    );
  });
});

describe('the catalogue of events', () => {
  it('knows the topics of every type that has a schema', () => {
    assert.deepEqual(Object.keys(topicsOf).sort(), Object.keys(eventData).sort());
  });

  it('lets users subscribe to runs, tests, sessions, reports and webhooks', () => {
    assert.ok(subscribableTypes.every((type) => /^(run|test|session|report|webhook)\./.test(type)));
    assert.ok(subscribableTypes.includes('run.completed') && subscribableTypes.includes('report.ready'));
  });
});
