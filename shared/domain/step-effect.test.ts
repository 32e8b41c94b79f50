import assert from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { commands } from '../commands/index.ts';
import { effectOf, type StepEffect } from './step-effect.ts';

describe('the effect of a step', () => {
  const of = (effect: StepEffect): string[] =>
    commands.filter(({ name }) => effectOf({ command: name }) === effect).map(({ name }) => name);

  it('is that of an act for every command that may do what must not be done twice, and that is not known', () => {
    assert.deepEqual(of('acts').sort(), [
      'file.download',
      'interact.click',
      'interact.double-click',
      'interact.drag',
      'interact.key',
      'interact.right-click',
      'misc.execute',
      'mouse.down',
      'mouse.up',
      'mouse.wheel',
    ]);
    assert.equal(effectOf({ command: 'future.command' }), 'acts');
  });

  it('is to set the page for what a new browser has lost', () => {
    assert.deepEqual(of('sets').sort(), [
      'file.upload',
      'interact.blur',
      'interact.check',
      'interact.focus',
      'interact.hover',
      'interact.select',
      'interact.uncheck',
      'interact.write',
      'mouse.enter',
      'mouse.move',
      'mouse.move-by',
      'mouse.move-to',
      'window.maximize',
      'window.resize',
      'window.switch-frame',
      'window.switch-main-frame',
      'window.switch-parent-frame',
    ]);
  });

  it('is that of the worst step inside', () => {
    const nested = (...commands: string[]): Step => ({
      command: 'control.loop',
      steps: [{ command: 'control.try', steps: commands.map((command) => ({ command })) }],
    });
    assert.equal(effectOf(nested('assert.visible')), 'reads');
    assert.equal(effectOf(nested('assert.visible', 'interact.write')), 'sets');
    assert.equal(effectOf(nested('interact.write', 'interact.click', 'interact.write')), 'acts');
  });

  it('is that of a request by its method', () => {
    const request = (method?: string) => effectOf({ command: 'api.request', ...(method ? { method } : {}) });
    assert.deepEqual([request(), request('HEAD'), request('POST')], ['reads', 'reads', 'acts']);
  });
});
