import { deepEqual, equal } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';

const page = '<!doctype html><title>Page</title><h1>Page</h1>';

describe('a command that cannot be executed', () => {
  const { open, browser } = bench({ '/': page });

  /** How each step ends that is run alone, after the page was opened and something happened. */
  async function ends(
    steps: readonly Step[],
    before = async (): Promise<void> => {},
  ): Promise<(readonly (string | undefined)[])[]> {
    const session = await open({ config: { timeout: 60, screenshots: 'none', trace: 'none', onFailure: 'continue' } });
    const ended: (readonly (string | undefined)[])[] = [];
    const opened = await session.runCheckpoint({
      name: 'before',
      index: 0,
      steps: [{ command: 'navigate.to', url: '/', timeoutMs: 5000 }],
    });
    equal(opened.status, 'passed');
    await before();
    for (const step of steps) {
      const { results } = await session.runCheckpoint({ name: 'x', index: 1, steps: [step] });
      ended.push([step.command, results[0]?.status ?? '', results[0]?.error?.type]);
    }
    return ended;
  }
  const closeTabs = async (): Promise<void> => {
    for (const tab of browser()
      .contexts()
      .flatMap((context) => context.pages()))
      await tab.close();
  };
  const all = (steps: readonly Step[], type: string) => steps.map(({ command }) => [command, 'error', type]);

  it('says that there is no such element', async () => {
    const target = '#nowhere';
    const value = 1;
    const steps: Step[] = [
      { command: 'navigate.scroll-to', target },
      ...['checked', 'not-checked', 'selected', 'not-selected', 'enabled', 'disabled'].map((verb) => ({
        command: `assert.${verb}`,
        target,
      })),
      ...['equals', 'not-equals', 'contains', 'not-contains', 'gt', 'gte', 'lt', 'lte'].map((verb) => ({
        command: `assert.${verb}`,
        target,
        value,
      })),
      { command: 'assert.attribute', target, attribute: 'id', value },
      ...['double-click', 'right-click', 'hover', 'check', 'uncheck', 'focus', 'blur'].map((verb) => ({
        command: `interact.${verb}`,
        target,
      })),
      { command: 'interact.drag', target, to: 'Page' },
      ...['move-to', 'enter', 'down', 'up'].map((verb) => ({ command: `mouse.${verb}`, target })),
      { command: 'data.store-text', target, variable: 'x' },
      { command: 'misc.screenshot', name: 'x', target },
    ];
    deepEqual(await ends(steps), all(steps, 'element-not-found'));
  });

  it('says that the selector cannot be read', async () => {
    const target = 'css=[[';
    const steps: Step[] = [
      ...['exists', 'not-exists', 'visible', 'hidden'].map((verb) => ({ command: `assert.${verb}`, target })),
      { command: 'assert.count', target, value: 1 },
      { command: 'data.store-count', target, variable: 'x' },
    ];
    deepEqual(await ends(steps), all(steps, 'invalid-value'));
  });

  it('says that there is no such variable, or that a pattern is none', async () => {
    const steps: Step[] = [
      { command: 'control.fail', message: '{{nowhere}}' },
      { command: 'data.cookie-delete', name: '{{nowhere}}' },
    ];
    deepEqual(await ends(steps), all(steps, 'unknown-variable'));
    const patterns: Step[] = [
      { command: 'assert.url', pattern: '(' },
      { command: 'assert.title', pattern: '(' },
    ];
    deepEqual(await ends(patterns), all(patterns, 'invalid-value'));
  });

  it('says that no tab is open', async () => {
    const steps: Step[] = [
      ...['back', 'refresh', 'scroll-top', 'scroll-bottom', 'scroll-up', 'scroll-down'].map((verb) => ({
        command: `navigate.${verb}`,
      })),
      ...['navigate.scroll-position', 'navigate.scroll-by', 'mouse.move', 'mouse.move-by', 'mouse.wheel'].map(
        (command) => ({ command, x: 0, y: 10 }),
      ),
      { command: 'data.store-url', variable: 'x' },
      { command: 'data.store-title', variable: 'x' },
      { command: 'data.local-storage-clear' },
      { command: 'window.resize', width: 500, height: 500 },
      { command: 'window.maximize' },
      { command: 'window.switch-parent-frame' },
      { command: 'window.switch-main-frame' },
    ];
    deepEqual(await ends(steps, closeTabs), all(steps, 'page-closed'));
  });

  it('says that the browser is gone', async () => {
    const session = await open();
    await Promise.all(
      browser()
        .contexts()
        .map((context) => context.close()),
    );
    const { results, stop } = await session.runCheckpoint({
      name: 'x',
      index: 0,
      steps: [{ command: 'data.cookies-clear' }],
    });
    deepEqual([results[0]?.status, results[0]?.error?.type, stop], ['error', 'page-closed', true]);
  });
});
