// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';
import { outline } from '../commands/testing/outline.ts';

const page = `<!doctype html><title>0</title>
<button onclick="document.title = confirm('Sure?') ? 'yes' : 'no'">Delete</button>
<button onclick="document.title = Number(document.title) + 1">Add</button>`;

const log = (text: string): Step => ({ command: 'misc.log', text });
const errs: Step = { command: 'interact.click', target: '#none', timeoutMs: 30 };
const fails: Step = { command: 'assert.exists', target: '#none', timeoutMs: 30 };
const add: Step = { command: 'interact.click', target: 'Add' };
const loop = (times: number, ...steps: Step[]): Step => ({ command: 'control.loop', times, steps });
const branch = (...steps: Step[]): Step => ({ command: 'control.if', condition: { exists: 'html' }, then: steps });

describe('steps inside steps', () => {
  const { open, stored } = bench({ '/': page });
  const runAll = async (steps: Step[], options: Parameters<typeof open>[0] = {}) => {
    const session = await open(options);
    const all = [{ command: 'navigate.to', url: '/' }, ...steps];
    const { results, ...end } = await session.runCheckpoint({ name: 'c', index: 4, steps: all });
    return { ...end, results: results.slice(1), lines: outline(results.slice(1)) };
  };

  describe('options of the step around', () => {
    it('retry runs the whole step again; what failed before does not count', async () => {
      const twice: Step = { command: 'assert.title', value: '2', timeoutMs: 30 };
      const { status, results, lines } = await runAll([{ ...branch(add, twice), retry: { count: 3 } }]);
      equal(status, 'passed');
      deepEqual(lines, [
        'if passed',
        '  then.0 click passed',
        '  then.1 title failed, spared by retry',
        '  then.0 click passed',
        '  then.1 title passed',
      ]);
      deepEqual(results[0]?.notes, ['passed at attempt 2 of 4']);
    });

    it('retry gives up after its count, with what the last attempt came to', async () => {
      const { status, lines } = await runAll([{ ...branch(errs), retry: { count: 1, delayMs: 10 } }]);
      equal(status, 'error');
      deepEqual(lines, ['if error, inherited', '  then.0 click error, spared by retry', '  then.0 click error']);
    });

    it('retry does not run again what ended the session', async () => {
      const stop: Step = { command: 'control.stop', message: 'enough' };
      const { lines } = await runAll([{ ...branch(fails, stop), retry: { count: 3 } }]);
      deepEqual(lines, ['if failed, inherited', '  then.0 exists failed', '  then.1 stop passed']);
    });

    it('optional: what fails inside is recorded and does not count', async () => {
      const { status, stop, results, lines } = await runAll([{ ...loop(2, errs), optional: true }, log('on')]);
      deepEqual([status, stop], ['passed', false]);
      deepEqual(lines, ['loop skipped', '  steps.0#1 click error, spared by optional', 'log passed']);
      deepEqual(results[0]?.notes, ['optional: a step inside did not pass']);
    });

    it('onFailure: continue goes on after the step, which ends where it failed', async () => {
      const { status, stop, lines } = await runAll([{ ...loop(2, errs, log('x')), onFailure: 'continue' }, log('on')]);
      deepEqual([status, stop], ['error', false]);
      deepEqual(lines, ['loop error, inherited', '  steps.0#1 click error', '  steps.1#1 log skipped', 'log passed']);
    });

    it('onFailure: stop ends the session after an assertion inside did not hold', async () => {
      const { status, stop, lines } = await runAll([{ ...branch(fails, log('x')), onFailure: 'stop' }, log('on')]);
      deepEqual([status, stop], ['failed', true]);
      deepEqual(lines, ['if failed, inherited', '  then.0 exists failed', '  then.1 log passed', 'log skipped']);
    });

    it('screenshot takes a picture after the whole step', async () => {
      const { results } = await runAll([{ ...branch(log('x')), screenshot: true }]);
      equal(results[0]?.screenshot, 'runs/r/s/4/1.jpg');
      equal(stored.has('runs/r/s/4/1.jpg'), true);
    });
  });

  describe('options of the step inside', () => {
    it('are its own: retry, optional, onFailure', async () => {
      const { status, stop, lines } = await runAll([
        branch({ ...fails, optional: true }, { ...errs, onFailure: 'continue', retry: { count: 1 } }, log('x')),
        log('on'),
      ]);
      deepEqual([status, stop], ['error', false]);
      deepEqual(lines, [
        'if error, inherited',
        '  then.0 exists skipped',
        '  then.1 click error',
        '  then.2 log passed',
        'log passed',
      ]);
    });

    it('onFailure: stop ends the session, whatever the steps around say', async () => {
      const strict = loop(2, { ...fails, onFailure: 'stop' });
      const { stop, lines } = await runAll([{ ...strict, onFailure: 'continue', optional: true }, log('on')]);
      equal(stop, true);
      deepEqual(lines, ['loop failed, inherited', '  steps.0#1 exists failed', 'log skipped']);
    });

    it('the configuration says whether the session goes on after an error inside', async () => {
      const config = { timeout: 2000, screenshots: 'none', trace: 'none', onFailure: 'continue' } as const;
      const { stop, lines } = await runAll([branch(errs, log('x')), log('on')], { config });
      equal(stop, false);
      deepEqual(lines, ['if error, inherited', '  then.0 click error', '  then.1 log passed', 'log passed']);
    });
  });

  describe('dialogs', () => {
    const remove: Step = { command: 'interact.click', target: 'Delete' };
    const accept: Step = { command: 'dialog.confirm', accept: true };
    const is = (value: string): Step => ({ command: 'assert.title', value });
    const cases: readonly [string, Step[]][] = [
      ['right after, in the same branch', [branch(remove, accept), is('yes')]],
      ['after the step around', [branch(branch(remove)), accept, is('yes')]],
      [
        'as the first step of what comes next',
        [remove, { command: 'control.try', steps: [accept], catch: [] }, is('yes')],
      ],
      ['after a loop', [loop(1, remove), accept, is('yes')]],
      ['in the next iteration', [remove, loop(2, accept, remove), accept, is('yes')]],
      [
        'in steps that are looked up',
        [remove, { command: 'control.use', checkpoint: 'x', steps: [accept] }, is('yes')],
      ],
      [
        'among the steps at the end of a try',
        [{ command: 'control.try', steps: [remove], finally: [accept] }, is('yes')],
      ],
      ['before', [branch(accept), loop(1, remove), is('yes')]],
    ];
    for (const [title, steps] of cases) {
      it(`are answered by a step ${title}`, async () => {
        const { status, results } = await runAll(steps);
        equal(status, 'passed', JSON.stringify(results));
      });
    }

    it('are not answered by a step that may not be run', async () => {
      const maybe: Step = { command: 'control.if', condition: { url: 'nowhere' }, then: [accept] };
      const { results } = await runAll([remove, maybe, is('no')]);
      match(results[0]?.notes?.[0] ?? '', /was dismissed/);
      equal(results.at(-1)?.status, 'passed');
    });
  });

  it('have pictures of their own, of the first iterations and of what fails', async () => {
    const config = { timeout: 2000, screenshots: 'every-step', trace: 'none' } as const;
    const odd: Step = { command: 'assert.variable', name: 'index', value: 23, operator: 'not-equals' };
    const { results } = await runAll([loop(25, add, odd)], { config });
    const inside = results.slice(1);
    const pictured = inside.filter(({ screenshot }) => screenshot !== undefined);
    const numbers = pictured.map(({ iterations }) => iterations?.[0] ?? 0);
    deepEqual([...new Set(numbers)], [...Array.from({ length: 20 }, (_, at) => at + 1), 24]);
    const clicks = pictured.filter(({ command }) => command === 'interact.click').map(({ screenshot }) => screenshot);
    equal(new Set(clicks).size, clicks.length);
    for (const { screenshot = '' } of pictured) equal(stored.has(screenshot), true, screenshot);
  });

  it('tell where they begin by the position of the outermost step', async () => {
    const session = await open();
    const told: string[] = [];
    await session.runCheckpoint(
      { name: 'c', index: 0, steps: [log('a'), branch(loop(2, log('b')))], firstStep: 3 },
      { onStepStart: ({ command }, position) => told.push(`${position} ${command}`) },
    );
    deepEqual(told, ['3 misc.log', '4 control.if', '4 control.loop', '4 misc.log', '4 misc.log']);
  });

  it('end with the run, wherever it is', async () => {
    const session = await open();
    const controller = new AbortController();
    const { status, stop, results } = await session.runCheckpoint(
      {
        name: 'c',
        index: 0,
        steps: [{ ...loop(1000, branch(log('x'))), optional: true, retry: { count: 5 } }, log('on')],
      },
      { signal: controller.signal, onStep: ({ index }) => index > 60 && controller.abort() },
    );
    deepEqual([status, stop], ['error', true]);
    const aborted = results.filter(({ error }) => error?.type === 'aborted');
    equal(aborted.length > 0, true);
    equal(results.at(-1)?.status, 'skipped');
    equal(results.length < 80, true);
  });
});
