import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';
import { type Receiver, startReceiver } from './receiver.ts';

const secret = `whsec_${Buffer.from('a secret of 24 bytes ok!').toString('base64')}`;

describe('the receiver of the demo', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
    receiver.secret = secret;
  });
  afterEach(() => receiver.close());
  const deliver = async (body: string, key = secret, at = new Date()) => {
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(key).sign('msg_1', at, body),
    };
    const response = await fetch(receiver.url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };

  it('takes a delivery whose signature holds', async () => {
    assert.equal(await deliver('{"type":"run.completed"}'), 204);
    assert.deepEqual(receiver.received, [{ id: 'msg_1', type: 'run.completed', verified: true }]);
  });

  it('tells by an id whether what came again is the same', async () => {
    for (const body of ['{"type":"a"}', '{"type":"a"}']) await deliver(body);
    assert.equal(receiver.bodies.get('msg_1')?.size, 1);
    await deliver('{"type":"b"}');
    assert.equal(receiver.bodies.get('msg_1')?.size, 2);
  });

  it('refuses, and remembers, one of another secret, of another time, and while it has no secret', async () => {
    const other = `whsec_${Buffer.from('another secret, 24 bytes').toString('base64')}`;
    assert.equal(await deliver('{"type":"a"}', other), 401);
    assert.equal(await deliver('{"type":"b"}', secret, new Date(Date.now() - 3_600_000)), 401);
    receiver.secret = '';
    assert.equal(await deliver('{"type":"c"}'), 401);
    assert.deepEqual(
      receiver.received.map(({ type, verified }) => [type, verified]),
      [
        ['a', false],
        ['b', false],
        ['c', false],
      ],
    );
  });

  it('refuses what is no event, and stays', async () => {
    for (const body of ['', 'hello', 'null', '[]', '{"type":1}']) assert.equal(await deliver(body), 400, body);
    assert.deepEqual(receiver.received, []);
  });
});
