import assert from 'node:assert/strict';
import { until } from '../../local/plumbing/receiver.ts';
import { type Behaviour, collector } from '../behaviour.ts';
import type { Stage } from './stage.ts';

/** When instances are started and stopped, and how requests are spread over them. */
export function instances({ cloud, ask, mark, hold, heard, told }: Stage): readonly Behaviour[] {
  const { method, all } = collector();
  const of = (name: string) => cloud.instances().filter((instance) => instance.function === name);
  const idle = (name: string) => until(() => of(name).length === 0);
  const pid = async (name: string) => {
    const answer = await ask(name, `/${mark()}`);
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { pid: number }).pid;
  };
  /** As many requests as given are with the function, until they are let go; then their statuses. */
  const crowd = async (name: string, count: number, arrive = count) => {
    const word = mark();
    const letGo = hold(word);
    const statuses = Array.from({ length: count }, async () => {
      const answer = await ask(name, `/${word}`);
      await answer.text();
      return answer.status;
    });
    await heard(word, name, arrive);
    return { word, letGo, statuses: () => Promise.all(statuses) };
  };
  method('instances', {
    'are none without requests, and one is started by the first': async () => {
      await idle('narrow');
      const cold = cloud.coldStarts('narrow');
      await pid('narrow');
      assert.deepEqual([of('narrow').length, cloud.coldStarts('narrow') - cold], [1, 1]);
    },
    'take as many requests at a time as declared': async () => {
      await idle('narrow');
      const { word, letGo, statuses } = await crowd('narrow', 2);
      assert.equal(new Set(told(word).map((got) => got.pid)).size, 1);
      letGo();
      assert.deepEqual(await statuses(), [200, 200]);
    },
    'are more when one is full': async () => {
      const { word, letGo, statuses } = await crowd('narrow', 4);
      assert.equal(new Set(told(word).map((got) => got.pid)).size, 2);
      letGo();
      assert.deepEqual(await statuses(), [200, 200, 200, 200]);
    },
    'are no more than declared: a request that finds no place in time gets 429, and may come again soon': async () => {
      const { letGo, statuses } = await crowd('narrow', 4);
      const refused = await ask('narrow', `/${mark()}`);
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '1']);
      const { detail } = (await refused.json()) as { detail: string };
      assert.match(detail, /^The request was aborted because there was no available instance/);
      letGo();
      assert.deepEqual(await statuses(), [200, 200, 200, 200]);
    },
    'serve a request that waits as soon as there is a place': async () => {
      const { letGo, statuses } = await crowd('single', 1);
      const waiting = ask('single', `/${mark()}`);
      letGo();
      assert.equal((await waiting).status, 200);
      assert.deepEqual(await statuses(), [200]);
    },
    'are used again while they live': async () => {
      assert.equal(await pid('single'), await pid('single'));
    },
    'stop when they have had no requests for a while': async () => {
      const process = await pid('single');
      await idle('single');
      assert.throws(() => globalThis.process.kill(process, 0), /ESRCH/);
    },
    'that crash leave their requests with 503, and the next gets another instance': async () => {
      const before = await pid('web');
      assert.equal((await ask('web', '/crash')).status, 503);
      assert.notEqual(await pid('web'), before);
    },
    'that are told to stop end by themselves': async () => {
      const before = await pid('single');
      cloud.killInstance('single', 'SIGTERM');
      await idle('single');
      assert.notEqual(await pid('single'), before);
    },
    'have their place back when the caller has gone': async () => {
      const word = mark();
      const letGo = hold(word);
      const gone = new AbortController();
      const asked = ask('single', `/${word}`, { signal: gone.signal });
      await heard(word, 'single');
      gone.abort();
      await assert.rejects(asked);
      await until(() => of('single').every(({ active }) => active === 0));
      assert.equal((await ask('single', `/${mark()}`)).status, 200);
      letGo();
    },
  });
  method('minimum of instances', {
    'is there before a request, which finds one that is warm': async () => {
      await until(() => of('warm').some(({ state }) => state === 'ready'));
      const kept = of('warm').map((instance) => instance.pid);
      assert.ok(kept.includes(await pid('warm')));
      assert.equal(cloud.coldStarts('warm'), 0);
    },
    'is kept when one dies': async () => {
      const dead = await pid('warm');
      cloud.killInstance('warm');
      await until(() => of('warm').some((instance) => instance.state === 'ready' && instance.pid !== dead));
      assert.notEqual(await pid('warm'), dead);
      assert.equal(cloud.coldStarts('warm'), 0);
    },
  });
  return all;
}
