import assert from 'node:assert/strict';
import { loadService } from './grpc.ts';

const PROTOS = '@google-cloud/pubsub/build/protos/protos.json';

describe('the definition of a service', () => {
  it('has every method with its path and how it streams', () => {
    const service = loadService(PROTOS, 'google.pubsub.v1.Subscriber');
    const { path, requestStream, responseStream, originalName } = service.StreamingPull ?? assert.fail();
    assert.deepEqual(
      [path, requestStream, responseStream, originalName],
      ['/google.pubsub.v1.Subscriber/StreamingPull', true, true, 'streamingPull'],
    );
    const { requestStream: sent, responseStream: got } = service.Pull ?? assert.fail();
    assert.deepEqual([sent, got], [false, false]);
  });

  it('encodes and decodes its messages', () => {
    const method = loadService(PROTOS, 'google.pubsub.v1.Publisher').Publish ?? assert.fail();
    const request = { topic: 'projects/p/topics/t', messages: [{ data: Buffer.from('a'), attributes: { b: 'c' } }] };
    const { topic, messages } = method.requestDeserialize(method.requestSerialize(request)) as typeof request;
    assert.deepEqual(
      [topic, messages[0]?.data, messages[0]?.attributes],
      [request.topic, Buffer.from('a'), { b: 'c' }],
    );
    const answer = method.responseDeserialize(method.responseSerialize({ messageIds: ['1'] }));
    assert.deepEqual(answer, { messageIds: ['1'] });
  });

  it('is none of what is no service', () => {
    for (const name of ['google.pubsub.v1.Topic', 'google.pubsub.v1.Nothing'])
      assert.throws(() => loadService(PROTOS, name), /is not a service of/);
  });
});
