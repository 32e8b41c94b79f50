// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';
import { outline } from './testing/outline.ts';

const log = (text: string): Step => ({ command: 'misc.log', text });
const fails: Step = { command: 'assert.exists', target: '#none', timeoutMs: 30 };
const errs: Step = { command: 'interact.click', target: '#none', timeoutMs: 30 };
const stops: Step = { command: 'control.stop', message: 'enough' };

describe('control.try', () => {
  const { open } = bench({ '/': '<title>Shop</title>' });
  const runAll = async (...steps: Step[]) => {
    const session = await open();
    const all = [{ command: 'navigate.to', url: '/' }, ...steps];
    const { results, ...end } = await session.runCheckpoint({ name: 'c', index: 0, steps: all });
    return { ...end, results: results.slice(1), lines: outline(results.slice(1)) };
  };
  const attempt = (steps: Step[], more: { catch?: Step[]; finally?: Step[] } & Record<string, unknown>): Step => ({
    command: 'control.try',
    steps,
    ...more,
  });

  it('runs all steps when all pass; those that mend are not needed, those at the end always run', async () => {
    const { status, results, lines } = await runAll(attempt([log('a')], { catch: [log('b')], finally: [log('c')] }));
    equal(status, 'passed');
    deepEqual(lines, ['try passed', '  steps.0 log passed', '  catch.0 log skipped', '  finally.0 log passed']);
    deepEqual(results[2]?.notes, ['not needed: all steps passed']);
  });

  it('catches an assertion that does not hold: its record stays, the verdict does not suffer', async () => {
    const { status, stop, results, lines } = await runAll(
      attempt([log('a'), fails, log('b')], { catch: [log('{{error.type}} {{error.command}}: {{error.message}}')] }),
      log('on'),
    );
    deepEqual([status, stop], ['passed', false]);
    deepEqual(lines, [
      'try passed',
      '  steps.0 log passed',
      '  steps.1 exists failed, spared by try',
      '  steps.2 log skipped',
      '  catch.0 log passed',
      'log passed',
    ]);
    equal(results[4]?.value, 'assertion-failed assert.exists: expected exists, found not found');
    deepEqual(results[3]?.notes, ['not run: step 3 (assert.exists) did not pass']);
  });

  it('catches a step that cannot be executed, with its error', async () => {
    const { status, results, lines } = await runAll(
      attempt([{ ...errs, label: 'buy' }], { catch: [log('{{error.type}} {{error.label}}')] }),
      log('{{error.type}}'),
    );
    deepEqual(lines, ['try passed', '  steps.0 click error, spared by try', '  catch.0 log passed', 'log error']);
    equal(results[2]?.value, 'element-not-found buy');
    match(results[3]?.error?.message ?? '', /there is no variable 'error'/);
    equal(status, 'error');
  });

  it('goes on whatever happens when nothing is to be mended', async () => {
    const { status, lines } = await runAll(attempt([errs], { catch: [] }), log('on'));
    deepEqual([status, lines], ['passed', ['try passed', '  steps.0 click error, spared by try', 'log passed']]);
  });

  it('without catch only makes sure that the steps at the end run', async () => {
    const { status, stop, lines } = await runAll(attempt([errs], { finally: [log('tidy')] }), log('on'));
    deepEqual([status, stop], ['error', true]);
    deepEqual(lines, ['try error, inherited', '  steps.0 click error', '  finally.0 log passed', 'log skipped']);
  });

  it('fails when the steps that mend do, and still runs those at the end', async () => {
    const { status, lines } = await runAll(attempt([fails], { catch: [errs, log('x')], finally: [log('tidy')] }));
    equal(status, 'error');
    deepEqual(lines, [
      'try error, inherited',
      '  steps.0 exists failed, spared by try',
      '  catch.0 click error',
      '  catch.1 log skipped',
      '  finally.0 log passed',
    ]);
  });

  it('is as bad as the steps at its end', async () => {
    const { status, lines } = await runAll(attempt([fails], { catch: [], finally: [fails] }));
    equal(status, 'failed');
    deepEqual(lines, ['try failed, inherited', '  steps.0 exists failed, spared by try', '  finally.0 exists failed']);
  });

  it('catches what fails deep inside, and ends everything between', async () => {
    const branch: Step = { command: 'control.if', condition: { exists: 'html' }, then: [fails, log('x')] };
    const loop: Step = { command: 'control.loop', times: 3, steps: [branch, log('y')] };
    const { status, lines } = await runAll(attempt([loop, log('z')], { catch: [log('mended')] }));
    equal(status, 'passed');
    deepEqual(lines, [
      'try passed',
      '  steps.0 loop failed, inherited, spared by try',
      '    steps.0#1 if failed, inherited, spared by try',
      '      then.0#1 exists failed, spared by try',
      '      then.1#1 log skipped',
      '    steps.1#1 log skipped',
      '  steps.1 log skipped',
      '  catch.0 log passed',
    ]);
  });

  it('lets the try around it have what its own steps that mend do not pass', async () => {
    const inner = attempt([fails], { catch: [errs], finally: [log('inner')] });
    const { status, lines } = await runAll(attempt([inner, log('x')], { catch: [log('outer')] }));
    equal(status, 'passed');
    deepEqual(lines, [
      'try passed',
      '  steps.0 try error, inherited, spared by try',
      '    steps.0 exists failed, spared by try',
      '    catch.0 click error, spared by try',
      '    finally.0 log passed',
      '  steps.1 log skipped',
      '  catch.0 log passed',
    ]);
  });

  it('waits with catching while a step says to go on, and leaves alone one that says to stop', async () => {
    const patient = await runAll(attempt([{ ...errs, onFailure: 'continue' }, log('x')], { catch: [log('mended')] }));
    deepEqual(patient.lines, [
      'try passed',
      '  steps.0 click error, spared by try',
      '  steps.1 log passed',
      '  catch.0 log passed',
    ]);
    const strict = await runAll(
      attempt([{ ...fails, onFailure: 'stop' }, log('x')], { catch: [log('mended')], finally: [log('tidy')] }),
      log('on'),
    );
    deepEqual([strict.status, strict.stop], ['failed', true]);
    deepEqual(strict.lines, [
      'try failed, inherited',
      '  steps.0 exists failed',
      '  steps.1 log skipped',
      '  catch.0 log skipped',
      '  finally.0 log passed',
      'log skipped',
    ]);
  });

  it('does not catch the end of the session, and runs its last steps before it', async () => {
    const { status, stop, lines } = await runAll(
      attempt([stops, log('x')], { catch: [log('y')], finally: [log('z')] }),
      log('on'),
    );
    deepEqual([status, stop], ['passed', true]);
    deepEqual(lines, [
      'try passed',
      '  steps.0 stop passed',
      '  steps.1 log skipped',
      '  catch.0 log skipped',
      '  finally.0 log passed',
      'log skipped',
    ]);
  });

  it('runs nothing more when the run is ended', async () => {
    const session = await open();
    const controller = new AbortController();
    const steps = [
      attempt([{ command: 'wait.time', durationMs: 60_000 }], { catch: [log('y')], finally: [log('z')] }),
      log('on'),
    ];
    const { status, stop, results } = await session.runCheckpoint(
      { name: 'c', index: 0, steps },
      {
        signal: controller.signal,
        onStepStart: ({ command }) => {
          if (command === 'wait.time') setTimeout(() => controller.abort(), 50);
        },
      },
    );
    deepEqual([status, stop], ['error', true]);
    deepEqual(outline(results), [
      'try error, inherited',
      '  steps.0 time error',
      '  catch.0 log skipped',
      '  finally.0 log skipped',
      'log skipped',
    ]);
    equal(results[1]?.error?.type, 'aborted');
  });

  it('shows no secret in what is known of an error', async () => {
    const session = await open({ secrets: ['s3cret'] });
    const steps = [
      attempt([{ command: 'assert.exists', target: 's3cret', timeoutMs: 30 }, log('x')], {
        catch: [{ command: 'data.store-literal', variable: 'kept', value: '{{error.message}}' }],
      }),
    ];
    const { results } = await session.runCheckpoint({ name: 'c', index: 0, steps });
    equal(JSON.stringify(results).includes('s3cret'), false);
  });
});
