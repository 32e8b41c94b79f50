import assert from 'node:assert/strict';
import { CHAOS_EXAMPLE, readChaos } from '../local/chaos/settings.ts';
import { runShopUnder } from './chaos.ts';
import { violationsOf } from './chaos-check.ts';

describe('the suite on a local cloud that makes faults', () => {
  it('comes to the same verdicts, one row an event, and every webhook', async function () {
    this.timeout(240_000);
    const names = ['tests/search.yaml', 'failing/checkout-total.yaml'];
    const calm = await runShopUnder(undefined, names);
    assert.deepEqual(violationsOf(calm, calm), []);
    assert.deepEqual(
      calm.verdicts.map((verdict) => verdict.split(': ').at(-1)),
      ['error', 'error', 'passed', 'passed', 'passed'],
    );
    const outcome = await runShopUnder(readChaos(CHAOS_EXAMPLE), names);
    assert.deepEqual(violationsOf(outcome, calm), []);
    for (const fault of ['duplicate', 'reorder', 'unavailable']) assert.ok(outcome.faults.has(fault), fault);
  });
});
