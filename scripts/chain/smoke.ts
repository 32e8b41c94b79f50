import assert from 'node:assert/strict';
import { startReceiver } from '../demo/receiver.ts';
import { smoke } from '../deploy/smoke-tests.ts';
import type { SuiteCloud } from './suite-cloud.ts';

/** A deployment is tested from outside, as the pipeline does. */
export function smokes(suite: () => SuiteCloud): void {
  const passed: string[] = [];
  const options = () => ({
    url: suite().cloud.origin,
    apiKey: suite().cloud.apiKey,
    timeoutMs: 90_000,
    passed: (what: string) => void passed.push(what),
  });

  it('pass, and leave no test and no webhook behind', async function () {
    this.timeout(120_000);
    const receiver = await startReceiver();
    try {
      await smoke({ ...options(), receiver });
      assert.equal(passed.length, 3);
      assert.deepEqual(
        receiver.received.map(({ type, verified }) => [type, verified]),
        [['webhook.ping', true]],
      );
    } finally {
      await receiver.close();
    }
    for (const path of ['/v1/tests', '/v1/webhooks']) {
      const { items } = (await suite().call('GET', path)).body as { items: { name?: string; url?: string }[] };
      assert.ok(!items.some(({ name, url }) => name === 'Smoke' || url === receiver.url), path);
    }
  });

  it('say what is wrong', async () => {
    await assert.rejects(
      smoke({ ...options(), apiKey: 'vrt_wrong' }),
      /POST \/v1\/tests\?name=smoke\.yaml was answered with 401, not 201/,
    );
  });
}
