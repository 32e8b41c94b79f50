import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIngress } from './eventarc-ingress.ts';
import { fixtures } from './fixtures/functions.ts';
import { Instances } from './instances.ts';

describe('the ingress of pushed messages', () => {
  let server: Server;
  let attempts: number[];
  let statuses: number[];

  beforeEach(async () => {
    [attempts, statuses] = [[], []];
    const instances = new Instances({
      ...{ functions: [], minInstances: () => 0, maxInstances: () => 1, idleMs: 1000, meter() {}, log() {} },
      start: () => assert.fail('nothing is started'),
    });
    const ingress = createIngress([fixtures.listener], 'p', {
      instances,
      async deliver(_, __, { attempt }) {
        attempts.push(attempt);
        return statuses.shift() ?? 200;
      },
    });
    server = createServer((request, response) => void ingress('listener', request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });
  const send = async (body: string) => {
    const { port } = server.address() as AddressInfo;
    return await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body });
  };
  const push = async (more: object = {}) => {
    const message = { messageId: '1', publishTime: '2030-01-01T00:00:00Z', attributes: { type: 'thing.made' } };
    return (await send(JSON.stringify({ message, subscription: 's', ...more }))).status;
  };

  it('tells the attempt that Pub/Sub counts, which a restart does not forget', async () => {
    assert.equal(await push({ deliveryAttempt: 4 }), 200);
    assert.deepEqual(attempts, [3]);
  });

  it('refuses what is no message', async () => {
    for (const body of ['', 'no JSON', 'null', '{}', '{"message":null}', '{"message":{}}']) {
      const answer = await send(body);
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /"detail":"the body is no message as Pub\/Sub pushes it/);
    }
    assert.deepEqual(attempts, []);
  });

  it('counts by itself where Pub/Sub does not, until the message is taken', async () => {
    statuses = [500, 503, 200];
    const answers: number[] = [];
    for (let i = 0; i < 4; i += 1) answers.push(await push());
    assert.deepEqual(
      [answers, attempts],
      [
        [500, 503, 200, 200],
        [0, 1, 2, 0],
      ],
    );
  });
});
