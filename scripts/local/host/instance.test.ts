import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { until } from '../plumbing/receiver.ts';
import { Instance } from './instance.ts';

const bundle = fileURLToPath(new URL('./fixtures/bundle', import.meta.url));

describe('an instance', () => {
  let instance: Instance;
  let lines: string[];
  const start = async (graceMs?: number) => {
    lines = [];
    instance = new Instance({
      ...{ name: 'web', signature: 'http', bundle, log: (line) => lines.push(line) },
      environment: { PATH: process.env.PATH ?? '', FUNCTION_TARGET: 'web', NODE_ENV: 'production' },
      ...(graceMs === undefined ? {} : { graceMs }),
    });
    await instance.ready;
  };
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${instance.port}${path}`)).text();
  afterEach(() => instance.stop());

  it('listens on the port that its environment names', async () => {
    await start();
    assert.equal((JSON.parse(await get('/environment')) as { PORT: string }).PORT, String(instance.port));
  });

  it('that is told to stop may end by itself', async () => {
    await start();
    await instance.stop();
    assert.equal(instance.state, 'ended');
  });

  it('that goes on when it is told to stop is killed when its time is over', async () => {
    await start(200);
    await get('/stubborn');
    const stopped = instance.stop();
    await until(() => lines.some((line) => line.includes('it goes on')));
    assert.equal(instance.state, 'stopping');
    await stopped;
    assert.throws(() => process.kill(instance.pid ?? 0, 0), /ESRCH/);
  });

  it('is told to stop again and again where there is a hurry', async () => {
    await start();
    await get('/hesitant');
    await instance.stop(20);
    assert.ok(lines.some((line) => line.includes('told twice')));
  });

  it('that ends before it listens says so', async () => {
    instance = new Instance({
      ...{ name: 'web', signature: 'http', bundle: '/nowhere', environment: {}, log: () => {} },
    });
    await assert.rejects(instance.ready, /an instance of web ended before it listened: its log says why/);
  });
});
