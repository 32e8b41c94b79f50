import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { startFixtures } from './fixtures/cloud.ts';

describe('the instances of a function', () => {
  let receiver: Receiver;
  let cloud: Awaited<ReturnType<typeof startFixtures>>;
  /** Requests that the functions' code is at: their answers are the test's to give. */
  let held: ServerResponse[];
  let failFirst = 0;
  const start = async (options: Parameters<typeof startFixtures>[1] = {}) => {
    held = [];
    receiver = await startReceiver(({ body }, _, response) => {
      if (body.includes('/hold')) {
        held.push(response);
        return undefined;
      }
      failFirst -= 1;
      return failFirst >= 0 ? 500 : 200;
    });
    cloud = await startFixtures(receiver.url, options);
  };
  const get = async (path: string, name = 'web') => {
    const answer = await fetch(`${cloud.origin}/functions/${name}${path}`);
    return { status: answer.status, body: (await answer.json()) as { pid: number } };
  };
  const letGo = () => {
    for (const response of held.splice(0)) response.end();
  };

  afterEach(async () => {
    letGo();
    await cloud.close();
    await receiver.close();
  });

  it('are started by requests, one for as many as it takes at a time', async () => {
    await start();
    assert.deepEqual(cloud.instances(), []);
    const answers = await Promise.all([get('/'), get('/')]);
    assert.equal(answers[0]?.body.pid, answers[1]?.body.pid);
    assert.equal(cloud.coldStarts('web'), 1);
  });

  it('are as many as the requests need and no more than allowed; further requests wait, and are refused in time', async () => {
    await start({ queueMs: 300 });
    const waiting = Array.from({ length: 5 }, () => get('/hold'));
    await until(() => held.length === 4);
    assert.deepEqual(
      cloud.instances().map(({ active }) => active),
      [2, 2],
    );
    const refused = await Promise.race(waiting);
    assert.equal(refused.status, 429);
    letGo();
    assert.deepEqual((await Promise.all(waiting)).map(({ status }) => status).sort(), [200, 200, 200, 200, 429]);
    assert.equal(cloud.coldStarts('web'), 2);
  });

  it('are limited further on a small machine; requests wait for their turn', async () => {
    await start({ limits: { web: { maxInstances: 1 } } });
    const waiting = Array.from({ length: 3 }, () => get('/hold'));
    await until(() => held.length === 2);
    letGo();
    await until(() => held.length === 1);
    letGo();
    assert.deepEqual(
      (await Promise.all(waiting)).map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(cloud.coldStarts('web'), 1);
  });

  it('stop when they have been idle', async () => {
    await start({ idleMs: 50 });
    const { body } = await get('/');
    await until(() => cloud.instances().length === 0);
    assert.throws(() => process.kill(body.pid, 0), /ESRCH/);
    assert.notEqual((await get('/')).body.pid, body.pid);
    assert.equal(cloud.coldStarts('web'), 2);
  });

  it('go on, and take the next request, when one is not answered within the timeout', async () => {
    await start();
    // The time of a request holds the start of its instance: the first may be too late.
    await until(async () => (await get('/', 'hasty')).status === 200);
    const late = await get('/hold', 'hasty');
    assert.equal(late.status, 504);
    assert.match((late.body as { detail?: string }).detail ?? '', /^upstream request timeout: hasty .* 1 s/);
    assert.deepEqual(
      cloud.instances().map(({ state, active }) => [state, active]),
      [['ready', 0]],
    );
    assert.equal((await get('/', 'hasty')).body.pid, cloud.instances()[0]?.pid);
  });

  it('have their place back when the caller has gone', async () => {
    await start();
    const gone = new AbortController();
    const asked = fetch(`${cloud.origin}/functions/web/hold`, { signal: gone.signal });
    await until(() => held.length === 1);
    gone.abort();
    await assert.rejects(asked);
    await until(() => cloud.instances()[0]?.active === 0);
    assert.equal(cloud.instances()[0]?.state, 'ready');
  });

  it('are kept warm, as many as are declared at least: those that died are replaced, and none was cold', async () => {
    await start({ limits: { web: { minInstances: 1 } }, idleMs: 50 });
    const ready = () => cloud.instances().filter(({ state }) => state === 'ready');
    await until(() => ready().length === 1);
    const { body } = await get('/');
    assert.equal(body.pid, ready()[0]?.pid);
    cloud.killInstance('web');
    await until(() => ready().length === 1 && ready()[0]?.pid !== body.pid);
    assert.deepEqual([cloud.coldStarts('web'), cloud.warmStarts('web')], [0, 2]);
    const waiting = Array.from({ length: 3 }, () => get('/hold'));
    await until(() => held.length === 3);
    assert.deepEqual([cloud.coldStarts('web'), cloud.warmStarts('web')], [1, 2]);
    letGo();
    await Promise.all(waiting);
    await until(() => cloud.instances().length === 1);
    assert.equal((await get('/')).status, 200);
    assert.equal(cloud.coldStarts('web'), 1);
  });

  it('that are to be kept warm and cannot start are not started for ever', async () => {
    await start({ limits: { web: { minInstances: 1 } }, bundles: async () => new Map([['web', '/nowhere']]) });
    await until(() => cloud.warmStarts('web') === 1 && cloud.instances().length === 0);
    assert.equal((await get('/')).status, 503);
    assert.equal(cloud.warmStarts('web'), 1);
  });

  it('get no request of more than 32 MiB, whole or in chunks', async () => {
    await start();
    const post = async (body: BodyInit) => {
      const answer = await fetch(`${cloud.origin}/functions/web`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body,
        duplex: 'half',
      } as RequestInit);
      await answer.text();
      return answer.status;
    };
    const mebibyte = Buffer.alloc(1024 * 1024);
    const chunks = (count: number) =>
      Readable.from(Array.from({ length: count }, () => mebibyte)) as unknown as BodyInit;
    assert.equal(await post(Buffer.alloc(33 * 1024 * 1024)), 413);
    assert.equal(await post(chunks(33)), 413);
    assert.equal(receiver.received.length, 0);
    assert.equal(await post(chunks(1)), 200);
  });

  it('do not keep the connection of a caller whose request they have not taken to its end', async () => {
    await start();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = async (path: string, mebibytes: number) => {
      const url = `${cloud.origin}/functions/web${path}`;
      const sent = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/octet-stream' } });
      const answer = once(sent, 'response') as Promise<[IncomingMessage]>;
      for (let i = 0; i < mebibytes; i += 1) sent.write(Buffer.alloc(1024 * 1024));
      sent.end();
      const [response] = await answer;
      response.resume();
      await once(response, 'end');
      return response.statusCode;
    };
    assert.equal(await post('/size', 40), 413);
    assert.equal(await post('/size', 1), 200);
    agent.destroy();
  });

  it('answer with no more than 32 MiB, unless they stream', async () => {
    await start();
    const size = async (path: string) => {
      const answer = await fetch(`${cloud.origin}/functions/web${path}`);
      return [answer.status, (await answer.arrayBuffer()).byteLength > 32 * 1024 * 1024];
    };
    assert.deepEqual(await size('/large'), [500, false]);
    assert.deepEqual(await size('/large?chunked'), [200, true]);
  });

  it('that crash leave their requests with 503, and the next request gets another instance', async () => {
    await start();
    assert.equal((await get('/crash')).status, 503);
    assert.equal((await get('/')).status, 200);
  });

  it('that are told to stop, and are still at it, get no further request', async () => {
    await start();
    const { body } = await get('/');
    await (await fetch(`${cloud.origin}/functions/web/stubborn`)).text();
    assert.ok(cloud.killInstance('web', 'SIGTERM'));
    assert.notEqual((await get('/')).body.pid, body.pid);
    process.kill(body.pid, 'SIGKILL');
  });

  it('that cannot start leave their requests with 503', async () => {
    await start({ bundles: async () => new Map([['web', '/nowhere']]) });
    assert.equal((await get('/')).status, 503);
  });

  it('that are killed with an event get it again elsewhere, under the same id', async () => {
    await start();
    const { emit, clock } = cloud;
    failFirst = 1;
    emit({
      ...{ kind: 'object', type: 'finalized', bucket: 'files', name: 'a', resource: {} },
      time: new Date().toISOString(),
    });
    await until(() => receiver.received.length === 1 && cloud.instances()[0]?.active === 0);
    assert.equal(cloud.killInstance('taker', 'SIGKILL'), true);
    await until(() => cloud.instances().length === 0);
    clock.advance(10_000);
    await cloud.settle();
    const [first, second] = receiver.received.map(
      ({ body }) => JSON.parse(body) as { pid: number; event: { id: string } },
    );
    assert.notEqual(first?.pid, second?.pid);
    assert.equal(first?.event.id, second?.event.id);
  });
});
