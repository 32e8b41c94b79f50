import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudError, type LocalCloud, startCloud } from '../cloud.ts';
import { type Receiver, startReceiver, until } from '../plumbing/receiver.ts';
import { tasksClient } from '../tasks/client.ts';
import { startFixtures } from './fixtures/cloud.ts';

describe('a data folder', () => {
  let folder: string;
  let receiver: Receiver;
  let hold: boolean;
  let child: ChildProcess | undefined;
  const clouds: LocalCloud[] = [];
  const start = async (data = folder) => {
    const cloud = await startFixtures(receiver.url, { data });
    clouds.push(cloud);
    return cloud;
  };
  const pids = () => receiver.received.map(({ body }) => (JSON.parse(body) as { pid: number }).pid);

  beforeEach(async () => {
    hold = false;
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    receiver = await startReceiver(() => (hold ? undefined : 200));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    child = undefined;
    for (const cloud of clouds.splice(0)) await cloud.close();
    await receiver.close();
    await rm(folder, { recursive: true, force: true });
  });
  const startChild = async () => {
    child = fork(new URL('./fixtures/child.ts', import.meta.url), [folder, receiver.url], { execArgv: [] });
    const [{ origin }] = (await once(child, 'message')) as [{ origin: string }];
    return origin;
  };

  it('is held by one process at a time; the next one is told by which', async () => {
    const cloud = await start();
    await assert.rejects(start(), (error) => {
      assert.ok(error instanceof CloudError);
      assert.match(error.message, new RegExp(`in use by process ${process.pid}: stop that one`));
      return true;
    });
    await cloud.close();
    await start();
  });

  it('that is a file is refused in a sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const data of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await assert.rejects(start(data), CloudError);
    }
  });

  it('whose disk fills up while services start is refused in a sentence', async () => {
    const refused = (message: RegExp) => (error: Error) => error instanceof CloudError && message.test(error.message);
    const full = () => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    };
    await assert.rejects(
      startCloud({ data: folder, functions: [], services: { full } }),
      refused(/is full: free some space/),
    );
  });

  it('keeps its port, its key and its queues', async () => {
    const first = await start();
    await first.close();
    const second = await start();
    assert.equal(second.origin, first.origin);
    assert.equal(second.apiKey, first.apiKey);
  });

  it('gets another port when its own is taken, and pushes go there', async () => {
    const first = await start();
    await first.close();
    const taken = createServer().listen(first.port, '127.0.0.1');
    await once(taken, 'listening');
    const second = await start();
    assert.notEqual(second.port, first.port);
    taken.close();
  });

  it('goes on after kill -9 with the events that were under way, and no instance is left behind', async () => {
    hold = true;
    await startChild();
    for (const emit of ['thing_1', 'thing_2']) child?.send({ emit });
    await receiver.wait(2);
    const before = pids();
    child?.kill('SIGKILL');
    await until(() => before.every((pid) => !isAlive(pid)));
    hold = false;
    receiver.received.splice(0);
    const cloud = await start();
    await cloud.settle();
    assert.equal(receiver.received.length, 2);
  });

  it('takes a stop for no failure of the tasks that were under way', async () => {
    hold = true;
    const first = await start();
    const client = tasksClient(first.port);
    await client.createTask({
      parent: 'projects/virtuoso-local/locations/us-central1/queues/work',
      task: { httpRequest: { url: `${first.origin}/functions/worker` } },
    });
    await client.close();
    await receiver.wait(1);
    await first.close();
    hold = false;
    const second = await start();
    await second.settle({ timeoutMs: 5000 });
    assert.equal(receiver.received.length, 2);
    const { headers } = JSON.parse(receiver.received[1]?.body ?? '') as { headers: Record<string, string> };
    assert.equal(headers['x-cloudtasks-taskexecutioncount'], '0');
  });
});

describe('a taken port', () => {
  it('is told in a sentence', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await assert.rejects(
      startFixtures('', { port }),
      new CloudError(`Port ${port} is taken: stop what listens there, or choose another with --port.`),
    );
    taken.close();
  });
});

/** One that has ended and waits for its new parent to notice is dead. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc/self/stat') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
