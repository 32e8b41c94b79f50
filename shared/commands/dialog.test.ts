import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step, StepResult } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';

const page = `<title>Ask</title>
<button onclick="alert('Hi'); out('alerted')">Alert</button>
<button onclick="out(confirm('Sure?'))">Confirm</button>
<button onclick="out(prompt('Name?', 'nobody'))">Prompt</button>
<button onclick="out([confirm('Sure?'), prompt('Name?'), window.times = (window.times ?? 0) + 1].join(' ')); alert('Done')">Twice</button>
<p id="out"></p><script>const out = (value) => { document.getElementById('out').textContent = String(value) }</script>`;

describe('dialogs', () => {
  const { run, step, open, base } = bench({
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

  it('in a row are answered by the steps in a row after the step that raises them', async () => {
    const both = [
      click('Twice'),
      { command: 'dialog.confirm', accept: true },
      { command: 'dialog.prompt', accept: true, text: 'Ada' },
      { command: 'dialog.alert' },
    ];
    const results = await run(...both, out('true Ada 1'), ...both, out('true Ada 2'));
    deepEqual(
      results.map(({ status, value, notes }) => [status, value, notes].filter(Boolean)),
      Array(2)
        .fill([['passed'], ['passed', 'Sure?'], ['passed', 'Name?'], ['passed', 'Done']].concat([['passed']]))
        .flat(),
    );
  });

  it('in a row are answered by the steps in a row that stand ready when they come', async () => {
    const results = await run(
      { command: 'dialog.confirm', accept: true },
      { command: 'dialog.prompt', accept: true, text: 'Ada' },
      { command: 'dialog.alert' },
      click('Twice'),
      out('true Ada 1'),
      { command: 'dialog.confirm', accept: true },
      { command: 'misc.comment', text: 'another answer takes its place' },
      { command: 'dialog.confirm' },
      click('Confirm'),
      out('false'),
    );
    deepEqual(
      results.map(({ status, notes }) => [status, ...(notes ?? [])]),
      Array(10).fill(['passed']),
    );
  });

  it('are answered again when the step that raises them is tried again', async () => {
    const results = await run(
      {
        command: 'misc.execute',
        script: "if (confirm('Sure?')) window.tries = (window.tries ?? 0) + 1; if (tries < 2) throw 1; out(tries)",
        retry: { count: 1, delayMs: 0 },
      },
      { command: 'dialog.confirm', accept: true },
      out('2'),
    );
    deepEqual(
      results.map(({ status }) => status),
      ['passed', 'passed', 'passed'],
    );
  });

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

  describe('of a session whose steps come one by one', () => {
    const live = async () => {
      const session = await open({ holdsDialogs: true });
      const one = async (given: Step) =>
        (await session.runCheckpoint({ name: 'x', index: 0, steps: [given] })).results[0] as StepResult;
      await one({ command: 'navigate.to', url: '/' });
      return { session, one };
    };

    for (const [button, answer, message, value] of cases) {
      it(`wait for ${JSON.stringify(answer)}, and are seen meanwhile`, async () => {
        const { session, one } = await live();
        const raised = await one(click(button));
        deepEqual([raised.status, raised.notes?.length], ['passed', 1]);
        match(
          raised.notes?.[0] ?? '',
          new RegExp(`^an? ${button.toLowerCase()} "${message.replace('?', '.')}" is open`),
        );
        const { dialog, tree, url } = await session.look();
        const proposed = button === 'Prompt' ? { proposed: 'nobody' } : {};
        deepEqual([dialog, tree, url], [{ kind: button.toLowerCase(), message, ...proposed }, '', `${base()}/`]);
        equal((await one(answer)).value, message);
        equal(session.dialog(), undefined);
        equal((await one(out(value))).status, 'passed');
      });
    }

    it('are dismissed for any other step, as where the steps come together', async () => {
      const { session, one } = await live();
      await one({ command: 'interact.key', target: 'Confirm', key: 'Enter' });
      equal(session.dialog()?.kind, 'confirm');
      const next = await one(out('false'));
      deepEqual(
        [next.status, next.notes],
        ['passed', ['a confirm "Sure?" was dismissed: no step had armed an answer for it']],
      );
    });

    it('do not wait within a step that looks for something, or that has steps inside', async () => {
      const { session, one } = await live();
      await one({ command: 'misc.execute', script: "setTimeout(() => out(confirm('Sure?')), 50)" });
      equal((await one({ ...out('false'), timeoutMs: 3000 })).status, 'passed');
      const group = await one({ command: 'control.try', steps: [click('Confirm'), out('false')] });
      deepEqual([group.status, session.dialog()], ['passed', undefined]);
    });

    it('go with their tab', async () => {
      const { session, one } = await live();
      await one({ command: 'navigate.to', url: '/', newTab: true });
      await one(click('Alert'));
      await one({ command: 'window.close-tab' });
      equal(session.dialog(), undefined);
      equal((await one(click('Confirm'))).status, 'passed');
      equal((await one({ command: 'dialog.confirm', accept: true })).value, 'Sure?');
    });
  });

  it('are told of as far as a record has room', async () => {
    const [raised] = await run({
      command: 'misc.execute',
      script: "for (let n = 0; n < 30; n++) alert(n + 'x'.repeat(5000))",
    });
    deepEqual(
      [raised?.status, raised?.notes?.length, raised?.notes?.[0]?.length, raised?.notes?.at(-1)],
      ['passed', 21, 1000, 'more of what the page did is not listed'],
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
