import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';
import { outline } from './testing/outline.ts';

const log = (text: string): Step => ({ command: 'misc.log', text });

describe('control.use', () => {
  const { open } = bench({ '/': '<title>Shop</title>' });
  const runAll = async (steps: Step[], variables: Record<string, unknown> = {}) => {
    const session = await open({ variables });
    return await session.runCheckpoint({ name: 'c', index: 0, steps });
  };

  it('runs the steps that were looked up, which see what it gives them', async () => {
    const use = { command: 'control.use', checkpoint: 'log in', with: { user: '{{name}}', list: [1, '{{name}}'] } };
    const steps = [
      {
        ...use,
        steps: [log('{{user}} {{list}}'), { command: 'data.store-literal', variable: 'token', value: '{{user}}!' }],
      },
      log('{{user}} {{token}}'),
    ];
    const { results } = await runAll(steps, { name: 'ada', user: 'bob' });
    deepEqual(outline(results), ['use passed', '  steps.0 log passed', '  steps.1 store-literal passed', 'log passed']);
    deepEqual([results[1]?.value, results[3]?.value], ['ada [1,"ada"]', 'bob ada!']);
  });

  it('is as bad as the worst of them', async () => {
    const { status, results } = await runAll([
      { command: 'control.use', checkpoint: 'x', steps: [{ command: 'control.fail', message: 'no' }, log('on')] },
    ]);
    equal(status, 'failed');
    deepEqual(outline(results), ['use failed, inherited', '  steps.0 fail failed', '  steps.1 log passed']);
  });

  it('cannot be executed when its steps were not looked up, or a variable is not there', async () => {
    const { results } = await runAll([
      { command: 'control.use', checkpoint: 'log in', onFailure: 'continue' },
      { command: 'control.use', checkpoint: 'log in', with: { user: '{{nobody}}' }, steps: [log('x')] },
    ]);
    match(results[0]?.error?.message ?? '', /the steps of 'log in' were not looked up/);
    equal(results[1]?.error?.type, 'unknown-variable');
    equal(results.length, 2);
  });
});
