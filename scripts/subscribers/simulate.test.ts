import assert from 'node:assert/strict';
import { simulateSubscribers } from './simulate.ts';

describe('subscribers to the events of a run', () => {
  it('have exactly its log, however often they and the instances that serve them are cut off', async function () {
    this.timeout(120_000);
    const seed = Math.floor(Math.random() * 2 ** 31);
    const { violations, counts } = await simulateSubscribers({ seed, subscribers: 40, events: 80 });
    assert.deepEqual(violations, [], `npm run subscribers -- --seed ${seed}`);
    assert.ok(
      (counts.connections ?? 0) > 40 && (counts['instances killed'] ?? 0) + (counts['instances stopped'] ?? 0) > 0,
    );
  });
});
