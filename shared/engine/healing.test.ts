import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Fingerprints } from '../../schemas/fingerprint.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import type { TestConfig } from '../../schemas/test-definition.ts';
import { bench, statuses } from '../commands/testing/bench.ts';

const page = (form: string) => `<!doctype html><title>Shop</title><header><a id="home" href="/">Home</a></header>
<main><h1>Order</h1><form id="order" onsubmit="return false">${form}</form><p id="total">Total: 12</p></main>`;
const before = page('<label>Name <input id="name" name="name"></label><button id="buy" name="buy">Buy now</button>');
const renamed = page(
  '<div><label>Name <input id="f1" name="name"></label></div><button id="b7" name="buy">Buy it now</button>',
);
const without = page(
  '<label>Name <input id="name" name="name"></label><button id="later" name="later">Wish list</button>',
);

describe('healing', () => {
  const { open } = bench({ '/': before, '/renamed': renamed, '/without': without });

  const buy: Step = { command: 'interact.click', target: '#buy', timeoutMs: 900 };

  async function visit(
    url: string,
    steps: Step[],
    given: { healing?: TestConfig['healing']; known?: Fingerprints; checkpoint?: string } = {},
  ): Promise<{ results: StepResult[]; learned: Fingerprints }> {
    const session = await open({
      config: {
        timeout: 900,
        screenshots: 'none',
        trace: 'none',
        ...(given.healing ? { healing: given.healing } : {}),
      },
      fingerprints: given.known ?? {},
    });
    const checkpoint = {
      name: given.checkpoint ?? 'order',
      index: 0,
      steps: [{ command: 'navigate.to', url }, ...steps],
    };
    const { results } = await session.runCheckpoint(checkpoint);
    return { results: results.slice(1), learned: session.learned() };
  }

  it('remembers what a checkpoint found that passed, once, and nothing of one that did not', async () => {
    const first = await visit('/', [buy, buy, { command: 'assert.equals', target: '#total', value: 'Total: 12' }]);
    equal(Object.keys(first.learned).length, 2);
    const print = Object.values(first.learned).find(({ name }) => name === 'Buy now');
    deepEqual([print?.role, print?.attributes, print?.place], ['button', { id: 'buy', name: 'buy' }, 'form']);
    deepEqual((await visit('/', [buy], { known: first.learned })).learned, {});
    const failed = await visit('/', [buy, { command: 'assert.equals', target: '#total', value: 'x', timeoutMs: 50 }]);
    deepEqual(failed.learned, {});
  });

  it('uses what is surely the same element, and says so', async () => {
    const { learned: known } = await visit('/', [buy]);
    const { results, learned } = await visit('/renamed', [{ ...buy, timeoutMs: 6000 }], { known, healing: 'apply' });
    deepEqual(statuses(results), ['passed'], JSON.stringify(results));
    const { healed, target } = results[0] ?? {};
    deepEqual([healed?.from, healed?.to], ['#buy', 'button "Buy it now" #b7']);
    ok((healed?.confidence ?? 0) >= 0.72, String(healed?.confidence));
    ok(healed?.evidence.includes('same name'), healed?.evidence.join());
    deepEqual([target?.strategy, target?.resolved], ['fingerprint', 'button "Buy it now" #b7']);
    deepEqual(learned, {}, 'the fingerprint stays the one of the element that was meant');
  });

  it('heals what a value is read of, too, and fails when the value is another', async () => {
    const step: Step = { command: 'assert.equals', target: '#name', value: '', timeoutMs: 4000 };
    const { learned: known } = await visit('/', [step]);
    const { results } = await visit('/renamed', [step, { ...step, value: 'Ada' }], { known, healing: 'apply' });
    deepEqual(statuses(results), ['passed', 'failed']);
    deepEqual(
      results.map(({ healed }) => healed?.to.replace(/ css.*/, '')),
      ['textbox "Name" #f1', 'textbox "Name" #f1'],
    );
  });

  it('only proposes it when that is all that is wanted, in the hint and in the result', async () => {
    const { learned: known } = await visit('/', [buy]);
    const { results } = await visit('/renamed', [buy], { known });
    equal(results[0]?.error?.type, 'element-not-found');
    match(results[0]?.error?.hint ?? '', /may have become button "Buy it now" #b7: \d+ % sure/);
    deepEqual([results[0]?.proposed?.to, results[0]?.healed], ['button "Buy it now" #b7', undefined]);
  });

  it('uses nothing in place of what is gone', async () => {
    const { learned: known } = await visit('/', [buy]);
    const { results } = await visit('/without', [buy], { known, healing: 'apply' });
    deepEqual([results[0]?.status, results[0]?.healed], ['error', undefined]);
  });

  it('never heals the question whether something is there', async () => {
    const steps: Step[] = [
      { command: 'assert.exists', target: '#buy', timeoutMs: 900, onFailure: 'continue' },
      { command: 'assert.not-exists', target: '#buy', timeoutMs: 900 },
    ];
    const { learned: known } = await visit('/', [buy]);
    const { results } = await visit('/renamed', steps, { known, healing: 'apply' });
    deepEqual(statuses(results), ['failed', 'passed']);
    equal(results[0]?.healed, undefined);
  });

  it('does nothing when it is off, or in a checkpoint of another name', async () => {
    const { learned: known } = await visit('/', [buy]);
    const off = await visit('/renamed', [buy], { known, healing: 'off' });
    const other = await visit('/renamed', [buy], { known, healing: 'apply', checkpoint: 'another' });
    for (const { results, learned } of [off, other]) {
      deepEqual([results[0]?.status, results[0]?.healed, results[0]?.proposed], ['error', undefined, undefined]);
      deepEqual(learned, {});
    }
    deepEqual((await visit('/', [buy], { healing: 'off' })).learned, {});
  });
});
