// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Condition } from '../../schemas/condition.ts';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';
import { outline } from './testing/outline.ts';

const page = `<!doctype html><title>Shop</title>
<button onclick="document.title = 'Accepted'">Accept</button>
<p id="secret" hidden>hidden</p>
<p id="late"></p><script>setTimeout(() => { document.querySelector('#late').innerHTML = '<i id=here>here</i>' }, 400)</script>`;

const log = (text: string): Step => ({ command: 'misc.log', text });
const fails: Step = { command: 'control.fail', message: 'no' };

describe('control.if', () => {
  const { run, open } = bench({ '/': page });

  it('runs the steps of the branch that its condition chooses, and records the others with the reason', async () => {
    const branch = { command: 'control.if', then: [log('a'), log('b')], else: [log('c')] };
    const results = await run(
      { ...branch, condition: { visible: 'Accept' } },
      { ...branch, condition: { exists: '#none' } },
    );
    deepEqual(outline(results), [
      'if passed',
      '  then.0 log passed',
      '  then.1 log passed',
      '  else.0 log skipped',
      'if passed',
      '  then.0 log skipped',
      '  then.1 log skipped',
      '  else.0 log passed',
    ]);
    deepEqual(
      [results[3]?.notes, results[5]?.notes],
      [['not taken: the condition holds: Accept is visible'], ['not taken: the condition does not hold: #none exists']],
    );
    deepEqual([results[0]?.value, results[4]?.value], [true, false]);
    deepEqual(
      results.map(({ index }) => index),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    deepEqual(results[7]?.path, [2, 'else', 0]);
  });

  it('does nothing when there is no other branch', async () => {
    const results = await run({ command: 'control.if', condition: { exists: '#none' }, then: [fails] }, log('on'));
    deepEqual(outline(results), ['if passed', '  then.0 fail skipped', 'log passed']);
  });

  const conditions: readonly [string, Condition, boolean][] = [
    ['an element that is there, seen or not', { exists: '#secret' }, true],
    ['an element that cannot be seen', { visible: '#secret' }, false],
    ['an element by its strategy', { visible: { role: 'button', name: 'Accept' } }, true],
    ['an element that a variable names', { visible: '{{label}}' }, true],
    ['a variable', { variable: 'count', operator: 'gt', value: 2 }, true],
    ['a variable that differs', { variable: 'count', value: 4 }, false],
    ['a part of a variable', { variable: 'user.name', value: 'ada' }, true],
    ['a value from another variable', { variable: 'label', operator: 'contains', value: '{{part}}' }, true],
    ['the address', { url: '^http://127\\.0\\.0\\.1:\\d+/$' }, true],
    ['another address', { url: '/basket' }, false],
    ['all of several', { all: [{ exists: '#secret' }, { not: { visible: '#secret' } }] }, true],
    ['all of several, of which one does not hold', { all: [{ exists: '#secret' }, { visible: '#secret' }] }, false],
    ['any of several', { any: [{ visible: '#secret' }, { visible: 'Accept' }] }, true],
    ['none of several', { any: [{ visible: '#secret' }, { exists: '#none' }] }, false],
    ['the opposite', { not: { exists: '#none' } }, true],
  ];
  for (const [title, condition, holds] of conditions) {
    it(`looks at ${title}`, async () => {
      const session = await open({ variables: { count: 3, label: 'Accept', part: 'cc', user: { name: 'ada' } } });
      const steps: Step[] = [
        { command: 'navigate.to', url: '/' },
        { command: 'control.if', condition, then: [log('x')] },
      ];
      const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
      deepEqual([results[1]?.status, results[1]?.value], ['passed', holds], JSON.stringify(results));
    });
  }

  it('does not look at more conditions than decide', async () => {
    const condition: Condition = { any: [{ visible: 'Accept' }, { variable: 'unknown', value: 1 }] };
    deepEqual(outline(await run({ command: 'control.if', condition, then: [log('x')] }))[0], 'if passed');
  });

  it('cannot be executed with a variable that is not there, and says which are', async () => {
    const condition: Condition = { variable: 'cuont', value: 1 };
    const session = await open({ variables: { count: 1 } });
    const steps: Step[] = [{ command: 'control.if', condition, then: [log('x')] }, log('y')];
    const { status, stop, results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
    deepEqual([status, stop, outline(results)], ['error', true, ['if error', 'log skipped']]);
    deepEqual(results[0]?.error, {
      type: 'unknown-variable',
      message: "there is no variable 'cuont'",
      hint: "Did you mean 'count'?",
    });
  });

  it('cannot be executed with a pattern or a comparison that makes no sense', async () => {
    const [address, number] = await run(
      { command: 'control.if', condition: { url: '(' }, then: [log('x')], onFailure: 'continue' },
      { command: 'data.store-literal', variable: 'word', value: 'many' },
    );
    equal(address?.error?.type, 'invalid-value');
    equal(number?.status, 'passed');
    const [, compared] = await run(
      { command: 'data.store-literal', variable: 'word', value: 'many' },
      { command: 'control.if', condition: { variable: 'word', operator: 'gt', value: 1 }, then: [log('x')] },
    );
    match(compared?.error?.message ?? '', /'many' is not a number/);
  });

  it('looks once, or until its timeoutMs is over', async () => {
    const late: Step = { command: 'control.if', condition: { visible: '#here' }, then: [log('x')] };
    const [once] = await run(late);
    const [patient] = await run({ ...late, timeoutMs: 5000 });
    const [inVain] = await run({ ...late, condition: { visible: '#never' }, timeoutMs: 50 });
    deepEqual([once?.value, patient?.value, inVain?.value], [false, true, false]);
    equal(inVain?.status, 'passed');
  });

  it('gives up a page that is busy for ever', async () => {
    const session = await open({ config: { timeout: 300, screenshots: 'none', trace: 'none' } });
    const { results } = await session.runCheckpoint({
      name: 'c',
      index: 0,
      steps: [
        { command: 'navigate.to', url: '/', timeoutMs: 5000 },
        { command: 'misc.execute', script: 'setTimeout(() => { for (;;); }, 0)', timeoutMs: 5000 },
        { command: 'control.if', condition: { visible: 'Accept' }, then: [log('x')], onFailure: 'continue' },
        { ...log('y'), if: { exists: 'Accept' } },
      ],
    });
    deepEqual(
      results.slice(2).map(({ error }) => [error?.type, error?.message]),
      [
        ['timeout', 'the page did not let itself be looked at in 300 ms'],
        ['timeout', 'the page did not let itself be looked at in 300 ms'],
      ],
    );
  });

  it('leaves to the steps that are run what happens in the page', async () => {
    const steps = [log('x'), { command: 'misc.execute', script: 'await fetch("/?late")' }];
    const results = await run({ command: 'control.if', condition: { exists: '#none' }, then: [log('y')], else: steps });
    deepEqual(
      results.map(({ network }) => network.requests),
      [0, 0, 0, 1],
    );
    deepEqual(results[1]?.target, undefined);
  });

  it('looks at a page that is just being opened when it is there', async () => {
    const click: Step = { command: 'misc.execute', script: 'location.href = "/?next"' };
    const [, branch] = await run(click, {
      command: 'control.if',
      condition: { all: [{ url: 'next' }, { visible: 'Accept' }] },
      then: [log('x')],
      timeoutMs: 5000,
    });
    equal(branch?.value, true);
  });
});

describe('the condition of a step', () => {
  const { run, open } = bench({ '/': page });

  it('decides whether the step is run; what is not run has the reason', async () => {
    const accept: Step = { command: 'interact.click', target: 'Accept', if: { visible: 'Accept' } };
    const results = await run(
      accept,
      { command: 'assert.title', value: 'Accepted' },
      { command: 'interact.click', target: 'Cookies', if: { not: { visible: 'Accept' } } },
      log('on'),
    );
    deepEqual(outline(results), ['click passed', 'title passed', 'click skipped', 'log passed']);
    deepEqual(results[2]?.notes, ['not run: the condition does not hold: not Accept is visible']);
  });

  it('decides for a whole step with steps inside', async () => {
    const results = await run(
      { command: 'control.loop', times: 2, steps: [fails], if: { exists: '#none' } },
      log('on'),
    );
    deepEqual(outline(results), ['loop skipped', 'log passed']);
  });

  it('is an error of the step when it cannot be looked at, which its options judge', async () => {
    const odd: Step = { ...log('x'), if: { variable: 'nobody', value: 1 } };
    const session = await open();
    const { status, results } = await session.runCheckpoint({
      name: 'c',
      index: 0,
      steps: [{ ...odd, optional: true }, { ...odd, onFailure: 'continue' }, odd, log('y')],
    });
    deepEqual([status, outline(results)], ['error', ['log skipped', 'log error', 'log error', 'log skipped']]);
    match(results[0]?.notes?.[0] ?? '', /^optional: there is no variable 'nobody'/);
  });
});
