import assert from 'node:assert/strict';
import { type PageServer, startPages } from './page-server.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** Runs that wait for a browser. */
export function waitingRuns(suite: () => SuiteCloud): void {
  let pages: PageServer;
  before(async () => {
    pages = await startPages({ '/held': () => undefined });
  });
  after(async () => {
    await pages?.close();
  });

  it('tell their place in the queue, and no more once they are begun', async () => {
    const { upload, start, call, ended, until, cloud } = suite();
    const held = (name: string) => upload(`queue-${name}.yaml`, `test: ${name}\ndo:\n  - nav: /held\n`);
    const tests = await Promise.all(['one', 'two', 'three', 'four'].map(held));
    const [both, third, fourth] = [tests.slice(0, 2), tests.slice(2, 3), tests.slice(3)];
    const running = await start(both, { baseUrl: pages.origin });
    await pages.visited('/held', 2);
    const waiting: string[] = [];
    for (const one of [third, fourth]) {
      const { id } = await start(one, { baseUrl: pages.origin });
      await until(`runs/${id}`, ({ status }: { status: string }) => status === 'running');
      waiting.push(id);
    }
    const placeOf = async (id: string) =>
      ((await call('GET', `/v1/runs/${id}`)).body as { queued?: { position: number } }).queued?.position;
    const all = [running.id, ...waiting];
    assert.deepEqual(await Promise.all(all.map(placeOf)), [undefined, 1, 2]);
    for (const id of all) await call('POST', `/v1/runs/${id}/cancel`);
    for (const id of all) assert.equal((await ended(id)).status, 'cancelled');
    await cloud.settle();
    assert.deepEqual(await Promise.all(all.map(placeOf)), [undefined, undefined, undefined]);
  });
}
