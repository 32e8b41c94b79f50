import { deepEqual, equal } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';

describe('a test whose time is over', () => {
  const { open } = bench({ '/': '<!doctype html><title>Here</title><button>Tidy up</button>' });
  const go: Step = { command: 'navigate.to', url: '/' };
  const wait: Step = { command: 'wait.time', durationMs: 20_000 };

  for (const [kind, step] of [
    ['a step', wait],
    ['a step with steps inside', { command: 'control.loop', times: 2, steps: [wait] }],
  ] as const)
    it(`says so of ${kind}, and can still be tidied up after`, async () => {
      const session = await open();
      const time = new AbortController();
      const first = await session.runCheckpoint(
        { name: 'a', index: 0, steps: [go, step] },
        {
          signal: time.signal,
          onStepStart: ({ command }) => {
            if (command === 'wait.time') time.abort(new DOMException('', 'TimeoutError'));
          },
        },
      );
      const errors = first.results.flatMap(({ error }) => error ?? []);
      deepEqual(
        errors.map(({ type, message }) => [type, message]),
        errors.map(() => ['aborted', "the test's time was over while the step ran"]),
      );
      equal(errors[0]?.hint, 'Raise config.testTimeout, or split the test.');
      const tidy: Step = { command: 'interact.click', target: 'Tidy up' };
      const { status } = await session.runCheckpoint({ name: 'b', index: 1, steps: [tidy] });
      equal(status, 'passed');
    });
});
