import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionCall } from './call-instance.ts';
import type { Instances } from './instances.ts';
import { createNear } from './near.ts';
import { Unanswered } from './unanswered.ts';

const ORIGIN = 'http://127.0.0.1:8080';
const task = (more: object = {}) => ({
  ...{ url: `${ORIGIN}/functions/deliver/x?y=1`, method: 'POST', headers: { 'X-CloudTasks-TaskName': 't' } },
  ...more,
});

describe('requests to functions without the network', () => {
  function bench(call: (name: string, call: FunctionCall) => Promise<IncomingMessage>, closing = false) {
    const instances = {
      closing,
      has: (name: string) => name === 'deliver',
      call: async (name: string, asked: FunctionCall, receive: (answer: IncomingMessage) => unknown) =>
        receive(await call(name, asked)),
    };
    return createNear(instances as unknown as Instances, () => ORIGIN);
  }

  it('are those to a function that is here', () => {
    const near = bench(() => assert.fail());
    for (const url of [`${ORIGIN}/functions/other/`, `${ORIGIN}/v1/runs`, 'http://127.0.0.1:80/functions/deliver'])
      assert.equal(near(task({ url })), undefined, url);
  });

  it('arrive as over the network, and their answers too', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'retry-after': '7' }).end('slower'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const asked: unknown[] = [];
      const near = bench((name, { method, path, headers, body }) => {
        const { host, 'x-cloudtasks-taskname': id, 'content-length': length, 'x-forwarded-for': from } = headers;
        asked.push([name, method, path, body, host, id, length, from]);
        const { port } = server.address() as AddressInfo;
        return new Promise((resolve) => request({ port, host: '127.0.0.1', agent: false }, resolve).end());
      });
      const answer = await near(task({ body: '{"é":1}' }));
      assert.deepEqual(asked, [['deliver', 'POST', '/x?y=1', '{"é":1}', '127.0.0.1:8080', 't', '8', '127.0.0.1']]);
      assert.deepEqual([answer?.status, answer?.headers['retry-after'], answer?.body], [429, '7', 'slower']);
    } finally {
      server.close();
    }
  });

  it('are answered in the stead of instances that do not', async () => {
    const answer = await bench(() => Promise.reject(new Unanswered(429, 'all are busy')))(task());
    assert.deepEqual([answer?.status, answer?.headers['retry-after']], [429, '1']);
    assert.match(answer?.body ?? '', /all are busy/);
  });

  it('end with the reason why they are cut off', async () => {
    const cut = new AbortController();
    const near = bench(() => {
      cut.abort(new Error('the dispatch deadline has passed'));
      return Promise.reject(new Unanswered(499, 'gone'));
    });
    await assert.rejects(near(task({ signal: cut.signal })) ?? assert.fail(), /dispatch deadline/);
  });

  it('have no answer while the local cloud stops', async () => {
    const cut = new AbortController();
    const asked = bench(() => Promise.reject(new Unanswered(503, 'stopping')), true)(task({ signal: cut.signal }));
    const first = await Promise.race([asked, new Promise((resolve) => setImmediate(resolve, 'none'))]);
    assert.equal(first, 'none');
    cut.abort(new Error('the local cloud is closing'));
    await assert.rejects(asked ?? assert.fail(), /is closing/);
  });
});
