import { deepEqual, equal } from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';

const page = `<title>Ask</title>
<button onclick="alert('Hi'); out('alerted')">Alert</button>
<button onclick="out(confirm('Sure?'))">Confirm</button>
<button onclick="out(prompt('Name?', 'nobody'))">Prompt</button>
<p id="out"></p><script>const out = (value) => { document.getElementById('out').textContent = String(value) }</script>`;

describe('dialogs', () => {
  const { run, step } = bench({
    '/': page,
    '/leave': `<button id=b>x</button><script>onbeforeunload = (e) => { e.preventDefault(); return 'x' }</script>`,
  });
  const out = (value: string): Step => ({ command: 'assert.equals', target: '#out', value, timeoutMs: 500 });
  const click = (target: string): Step => ({ command: 'interact.click', target });

  const cases: readonly (readonly [string, Step, string, string])[] = [
    ['Alert', { command: 'dialog.alert' }, 'Hi', 'alerted'],
    ['Confirm', { command: 'dialog.confirm' }, 'Sure?', 'false'],
    ['Confirm', { command: 'dialog.confirm', accept: true }, 'Sure?', 'true'],
    ['Prompt', { command: 'dialog.prompt' }, 'Name?', 'null'],
    ['Prompt', { command: 'dialog.prompt', accept: true }, 'Name?', 'nobody'],
    ['Prompt', { command: 'dialog.prompt', accept: true, text: 'Ada' }, 'Name?', 'Ada'],
  ];
  for (const [button, answer, message, value] of cases) {
    it(`are answered by ${JSON.stringify(answer)} before or after the step that raises them`, async () => {
      const [, after, first] = await run(click(button), answer, out(value));
      deepEqual([after?.value, first?.status], [message, 'passed'], JSON.stringify(first));
      const [, raised, second] = await run(answer, click(button), out(value));
      deepEqual([raised?.notes, second?.status], [undefined, 'passed']);
    });
  }

  it('are dismissed and noted when nobody armed an answer', async () => {
    const [raised, result] = await run(click('Confirm'), out('false'));
    deepEqual(raised?.notes, ['a confirm "Sure?" was dismissed: no step had armed an answer for it']);
    equal(result?.status, 'passed');
  });

  it('are not answered by an answer of another kind, which keeps waiting', async () => {
    const results = await run(
      { command: 'dialog.prompt', accept: true, text: 'Ada' },
      click('Confirm'),
      click('Prompt'),
      out('Ada'),
    );
    equal(results[1]?.notes?.length, 1);
    equal(results[3]?.status, 'passed');
  });

  it('are answered once by an armed answer', async () => {
    const results = await run(
      { command: 'dialog.confirm', accept: true },
      click('Confirm'),
      out('true'),
      click('Confirm'),
      out('false'),
    );
    deepEqual(
      results.map(({ status }) => status),
      Array(5).fill('passed'),
    );
  });

  it('take no text when they are dismissed', async () => {
    const result = await step({ command: 'dialog.prompt', text: 'Ada' });
    equal(result.error?.type, 'invalid-value');
  });

  it('that ask whether to leave the page are left', async () => {
    const results = await run(
      { command: 'navigate.to', url: '/leave' },
      { command: 'interact.click', target: '#b' },
      { command: 'navigate.to', url: '/' },
    );
    deepEqual([results[2]?.status, results[2]?.notes], ['passed', ['the page asked whether to leave it: it was left']]);
  });
});
