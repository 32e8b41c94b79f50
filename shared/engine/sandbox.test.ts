import { deepEqual, equal, match } from 'node:assert/strict';
import { bench } from '../commands/testing/bench.ts';

const execute = (script: string) => ({ command: 'misc.execute', script });

describe("what a user's page and scripts can do", function () {
  this.timeout(60_000);
  const { open, run, step } = bench({
    '/': '<!doctype html><title>Page</title><h1>Here</h1>',
    '/slow': `<!doctype html><title>Slow</title><p>${'a'.repeat(60)}!</p><h1>Here</h1>`,
  });

  it('is in the page alone: a script sees nothing of the process that runs the steps', async () => {
    const names = ['process', 'require', 'module', 'exports', 'global', 'Buffer', '__dirname', 'context', 'browser'];
    const { value } = await step(execute(`return ${JSON.stringify(names)}.filter((name) => name in globalThis)`));
    deepEqual(value, []);
    const { value: reached } = await step(
      execute(`
        try { return typeof execute.constructor('return process')() } catch (error) { return error.name }`),
    );
    equal(reached, 'ReferenceError');
  });

  it('is bound to the origin of the page', async () => {
    const { value } = await step(execute("return await fetch('http://127.0.0.1:9/').catch((error) => error.name)"));
    equal(value, 'TypeError');
  });

  it('does not hold up the steps: a pattern that backtracks without end is ended with its step', async () => {
    const session = await open();
    const { results } = await session.runCheckpoint({
      name: 'patterns',
      index: 0,
      steps: [
        { command: 'navigate.to', url: '/slow' },
        { command: 'assert.visible', target: '/^(a+)+$/', timeoutMs: 20_000, onFailure: 'continue' },
        { command: 'assert.visible', target: 'Here', timeoutMs: 10_000 },
      ],
    });
    deepEqual([results[0]?.status, results[2]?.status], ['passed', 'passed'], JSON.stringify(results));
    deepEqual(
      [results[1]?.error?.type, /pattern takes longer/.test(results[1]?.error?.message ?? '')],
      ['invalid-value', true],
    );
  });

  it('is bounded in memory: what a page may take is less than what its instance has', async () => {
    const { value } = await step(execute('return performance.memory.jsHeapSizeLimit'));
    equal(Number(value) > 1e9 && Number(value) < 1.4e9, true, `${value} bytes`);
  });

  it('is bounded in what a script gives back', async () => {
    const [result] = await run(execute("return 'x'.repeat(6_000_000)"));
    deepEqual([result?.status, result?.error?.type], ['error', 'script-error']);
    match(result?.error?.message ?? '', /more than 5 MB/);
  });
});
