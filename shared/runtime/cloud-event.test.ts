import assert from 'node:assert/strict';
import sinon from 'sinon';
import { WARM_UP } from '../../schemas/warm-up.ts';
import { type AnyFunction, defineFunction } from '../define/function.ts';
import { http, onDocument, onMessages, onObject, onTopic, type Trigger } from '../define/trigger.ts';
import { testPlatform } from '../platform/testing.ts';
import { currentTrace } from '../platform/trace.ts';
import { testsBucket } from '../resources/buckets.ts';
import { runsCollection } from '../resources/collections.ts';
import { testEvents } from '../resources/topics.ts';
import { cloudEventListener } from './cloud-event.ts';
import { encodeDocumentEvent } from './document-event.testing.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function bench(trigger: Trigger) {
  const publishMessage = sinon.stub().resolves('1');
  const topic = sinon.stub().returns({ publishMessage });
  const platform = testPlatform({ clients: { pubsub: async () => ({ topic }) } });
  const seen: { input: unknown; trace: string | undefined }[] = [];
  const declaration = defineFunction({
    name: 'reacts',
    summary: '',
    trigger,
    services: {},
    handle: (async (input: unknown) => void seen.push({ input, trace: currentTrace()?.slice(3, 35) })) as never,
  }) as AnyFunction;
  return { platform, seen, topic, publishMessage, listen: cloudEventListener(declaration, platform, {}) };
}

describe('a warm-up', () => {
  it('reaches no handler: that the instance is there is all that it is for', async () => {
    for (const trigger of [onDocument(runsCollection, 'created'), onTopic(testEvents, ['run.started'])]) {
      const { listen, seen, platform } = bench(trigger);
      await listen({ id: 'warm-1', type: WARM_UP, data: { until: '2026-03-04T12:00:00Z' } });
      assert.deepEqual([seen, platform.lines], [[], []]);
    }
  });
});

describe('an event of a topic', () => {
  const event = {
    specversion: '1.0',
    id: 'evt_1',
    source: 'virtuoso',
    type: 'run.started',
    subject: 'runs/run_1',
    time: '2026-03-04T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: { user_id: 'usr_1', run_id: 'run_1', sessions: 2 },
  };
  const pushed = (body: string, attributes?: Record<string, string>) => ({
    id: 'message-1',
    type: 'google.cloud.pubsub.topic.v1.messagePublished',
    data: {
      subscription: 's',
      message: { data: Buffer.from(body).toString('base64'), ...(attributes && { attributes }) },
    },
  });
  const trigger = onTopic(testEvents, ['run.started']);

  it("reaches its function as the suite's own event, within its trace", async () => {
    const { listen, seen } = bench(trigger);
    await listen(pushed(JSON.stringify(event), { traceparent }));
    const { specversion: _version, datacontenttype: _type, ...input } = event;
    assert.deepEqual(seen, [{ input, trace: traceparent.slice(3, 35) }]);
  });

  it('of a type that the function does not take is left alone', async () => {
    const { listen, seen, publishMessage } = bench(onTopic(testEvents, ['run.completed']));
    await listen(pushed(JSON.stringify(event)));
    assert.deepEqual(seen, []);
    assert.equal(publishMessage.callCount, 0);
  });

  for (const [what, body, reason] of [
    ['is no JSON', '{', /not JSON/],
    ['is empty', '', /not JSON/],
    ['is no CloudEvent', '{"a":1}', /not a CloudEvent/],
    ['breaks the schema of its type', JSON.stringify({ ...event, data: {} }), /run.started breaks its schema/],
  ] as const) {
    it(`that ${what} is dead-lettered with the reason and acknowledged`, async () => {
      const { listen, seen, topic, publishMessage, platform } = bench(trigger);
      await listen(pushed(body, { type: 'run.started' }));
      assert.deepEqual(seen, []);
      assert.deepEqual(topic.firstCall.args, ['dead-letters']);
      const { data, attributes } = publishMessage.firstCall.args[0];
      assert.equal(data.toString(), body);
      assert.equal(attributes.type, 'run.started');
      assert.match(attributes.dead_letter_reason, reason);
      assert.deepEqual(
        platform.lines.map(({ severity }) => severity),
        ['WARNING'],
      );
    });
  }

  it('that cannot be dead-lettered comes again', async () => {
    const { listen, publishMessage } = bench(trigger);
    publishMessage.rejects(new Error('down'));
    await assert.rejects(listen(pushed('{')), /down/);
  });

  it('without a message is a bug: logged and thrown', async () => {
    const { listen, platform } = bench(trigger);
    await assert.rejects(listen({ id: '1', type: 't', data: {} }), TypeError);
    assert.deepEqual(
      platform.lines.map(({ severity }) => severity),
      ['ERROR'],
    );
  });
});

describe('an event of a document', () => {
  const inner = { mapValue: { fields: { _array: { arrayValue: {} } } } };
  const fields = { trace: { stringValue: traceparent }, list: { arrayValue: { values: [inner] } } };
  const document = Buffer.from(encodeDocumentEvent({ value: { name: 'runs/run_1', fields } }));

  it('reaches its function as plain values, within the trace that the document names', async () => {
    const { listen, seen } = bench(onDocument(runsCollection, 'created'));
    await listen({ id: 'e1', type: 't', document: 'runs/run_1', data: document });
    const input = { eventId: 'e1', id: 'run_1', before: undefined, after: { trace: traceparent, list: [[]] } };
    assert.deepEqual(seen, [{ input, trace: traceparent.slice(3, 35) }]);
  });

  it('has its id from its subject where the attribute is absent', async () => {
    const { listen, seen } = bench(onDocument(runsCollection, 'created'));
    await listen({ id: 'e1', type: 't', subject: 'documents/runs/run_2', data: document });
    assert.deepEqual(
      seen.map(({ input }) => (input as { id: string }).id),
      ['run_2'],
    );
  });

  it('that cannot be read is logged with its stack and comes again', async () => {
    const { listen, platform } = bench(onDocument(runsCollection, 'created'));
    await assert.rejects(listen({ id: 'e1', type: 't', data: document.subarray(0, 9) }), /cut off/);
    assert.match(String(platform.lines[0]?.stack_trace), /cut off/);
  });
});

describe('an event of an object', () => {
  it('reaches its function with what is known of the object, within its trace', async () => {
    const { listen, seen } = bench(onObject(testsBucket, 'finalized'));
    const resource = {
      bucket: 'virtuoso-tests',
      name: 'tests/u/a.yaml',
      generation: '7',
      size: '12',
      contentType: 'application/yaml',
    };
    await listen({ id: 'e1', type: 't', data: { ...resource, metadata: { traceparent, owner: 'u' } } });
    const input = { ...resource, eventId: 'e1', size: 12, metadata: { traceparent, owner: 'u' } };
    assert.deepEqual(seen, [{ input, trace: traceparent.slice(3, 35) }]);
  });

  it('names its bucket as it is declared, whatever it is called in the project', async () => {
    const { listen, seen } = bench(onObject(testsBucket, 'finalized'));
    await listen({
      id: 'e1',
      type: 't',
      data: { bucket: 'staging-virtuoso-tests', name: 'n', generation: '1', size: '0' },
    });
    assert.deepEqual(
      seen.map(({ input }) => (input as { bucket: string }).bucket),
      ['virtuoso-tests'],
    );
  });

  it('may have neither metadata nor a content type', async () => {
    const { listen, seen } = bench(onObject(testsBucket, 'finalized'));
    await listen({ id: 'e1', type: 't', data: { bucket: 'b', name: 'n', generation: '1', size: '0' } });
    assert.deepEqual(
      seen
        .map(({ input }) => input as Record<string, unknown>)
        .map(({ metadata, contentType }) => [metadata, contentType]),
      [[{}, undefined]],
    );
  });
});

describe('a message of a topic that others publish to', () => {
  const pushed = (message: object) => ({ id: 'e', type: '', data: { message } });

  it('reaches its function as it was sent, whatever it is', async () => {
    const { listen, seen, publishMessage } = bench(onMessages(testEvents));
    const attributes = { type: 'run.started', traceparent };
    await listen(pushed({ messageId: '7', data: Buffer.from('not JSON').toString('base64'), attributes }));
    await listen(pushed({ messageId: '8' }));
    assert.deepEqual(
      seen.map(({ input, trace }, n) => [input, n === 0 ? trace : undefined]),
      [
        [{ id: '7', attributes, data: Buffer.from('not JSON') }, traceparent.slice(3, 35)],
        [{ id: '8', attributes: {}, data: Buffer.alloc(0) }, undefined],
      ],
    );
    assert.equal(publishMessage.callCount, 0);
  });
});

describe('a function without an event trigger', () => {
  it('has no event listener', () => {
    assert.throws(() => bench(http([])), /http is not an event trigger/);
  });
});
