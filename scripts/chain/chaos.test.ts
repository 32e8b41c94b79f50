import assert from 'node:assert/strict';
import { CHAOS_EXAMPLE, readChaos } from '../local/chaos/settings.ts';
import { runShopUnder, type ShopOutcome } from './chaos.ts';
import { violationsOf } from './chaos-check.ts';

describe("the demo's tests", () => {
  it('all pass, with a row an event and every webhook', async function () {
    this.timeout(240_000);
    const calm = await runShopUnder(undefined, ['tests']);
    assert.deepEqual(violationsOf(calm, calm), []);
    assert.deepEqual(
      calm.verdicts.filter((verdict) => !verdict.endsWith(': passed')),
      [],
    );
  });
});

describe('the suite on a local cloud that makes faults', () => {
  it('comes to the same verdicts, one row an event, and every webhook', async function () {
    this.timeout(240_000);
    const names = ['tests/search.yaml'];
    const sessions = [0, 1, 2].map((row) => `Search finds what is sold (row ${row}), attempt 1: passed`);
    const calm = { verdicts: ['the run: passed', ...sessions] };
    const outcome = await runShopUnder(readChaos(CHAOS_EXAMPLE), names);
    assert.deepEqual(violationsOf(outcome, calm), []);
    for (const fault of ['duplicate', 'reorder', 'unavailable']) assert.ok(outcome.faults.has(fault), fault);
  });
});

describe('what a run under faults is checked for', () => {
  const right: ShopOutcome = {
    ...{
      verdicts: ['the run: passed', 'One: passed'],
      resumed: 0,
      troubles: [],
      faults: new Map(),
      left: 0,
      seconds: 1,
    },
    tables: [{ table: 'test_runs', rows: 1, events: 1, facts: 1 }],
    webhooks: [{ type: 'run.created', facts: 1, events: 1, received: 3 }],
  };
  const [table, webhook] = [right.tables[0], right.webhooks[0]];
  const wrong: Readonly<Record<string, [Partial<ShopOutcome>, string]>> = {
    'another verdict': [{ verdicts: ['the run: passed', 'One: failed'] }, 'without faults that was not: One: failed'],
    'a verdict too few': [{ verdicts: ['the run: passed'] }, '1 verdicts, 2 without faults'],
    'an event of two rows': [
      { tables: [{ ...table, rows: 2 } as never] },
      'test_runs has 2 rows of 1 events for 1 facts',
    ],
    'a fact of two events': [
      { tables: [{ ...table, rows: 2, events: 2 } as never] },
      'test_runs has 2 rows of 2 events for 1 facts',
    ],
    'a fact without a row': [
      { tables: [{ ...table, rows: 0, events: 0 } as never] },
      'test_runs has 0 rows of 0 events for 1 facts',
    ],
    'an event that came under two ids': [
      { webhooks: [{ ...webhook, events: 2 } as never] },
      'run.created told 2 events of 1',
    ],
    'a webhook that did not come': [
      { webhooks: [{ ...webhook, events: 0 } as never] },
      'run.created told 0 events of 1',
    ],
    'a session that runs still': [{ troubles: ['ses_1 is running'] }, 'ses_1 is running'],
    'a process that is left': [{ left: 2 }, '2 processes were left'],
  };

  it('is right when a webhook came more than once', () => assert.deepEqual(violationsOf(right, right), []));
  for (const [name, [change, sentence]] of Object.entries(wrong))
    it(name, () => assert.deepEqual(violationsOf({ ...right, ...change }, right), [sentence]));
});
