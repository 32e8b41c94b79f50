import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from './testing/bench.ts';

const page = `<title>Wait</title><p id="old">Old</p><p id="shut" hidden>Shut</p>
<script>
  setTimeout(() => {
    old.remove(); shut.hidden = false;
    document.body.insertAdjacentHTML('beforeend', '<p id="new">Brand new</p><p id="ghost" hidden>ghost</p>');
    history.pushState({}, '', '/moved');
  }, 250);
</script>`;

describe('waiting', () => {
  const { run, step, stored } = bench({
    '/': page,
    '/busy': '<script>setInterval(() => fetch("/ping").catch(() => {}), 100)</script>',
    '/late': '<script>setTimeout(() => fetch("/ping").then(() => { document.title = "done" }), 100)</script>',
    '/ping': (_request, response) => void setTimeout(() => response.end('pong'), 150),
  });

  const waits: readonly Step[] = [
    { command: 'wait.element', target: '#new' },
    { command: 'wait.element', target: '#ghost', state: 'attached' },
    { command: 'wait.element', target: '#old', state: 'detached' },
    { command: 'wait.element', target: '#old', state: 'hidden' },
    { command: 'wait.element', target: '#shut', state: 'visible' },
    { command: 'wait.text', value: 'Brand new' },
    { command: 'wait.text', pattern: '^Brand\\b|\\nBrand' },
    { command: 'wait.url', value: '/moved' },
    { command: 'wait.url', pattern: 'moved$' },
  ];
  for (const wait of waits) {
    it(`waits: ${JSON.stringify(wait)}`, async () => {
      const [early, late] = await run({ ...wait, timeoutMs: 30, onFailure: 'continue' }, wait);
      deepEqual([early?.status, early?.error?.type], ['error', 'timeout'], JSON.stringify(early));
      equal(late?.status, 'passed', JSON.stringify(late));
    });
  }

  it('waits for a time', async () => {
    const result = await step({ command: 'wait.time', durationMs: 300, timeoutMs: 10 });
    deepEqual([result.status, result.duration_ms >= 299], ['passed', true]);
  });

  it('waits until the network is idle, and says when it never is', async () => {
    const [, idle, title, , busy] = await run(
      { command: 'navigate.to', url: '/late' },
      { command: 'wait.network-idle' },
      { command: 'assert.title', value: 'done', timeoutMs: 0 },
      { command: 'navigate.to', url: '/busy' },
      { command: 'wait.network-idle', timeoutMs: 1000 },
    );
    deepEqual([idle?.status, title?.status], ['passed', 'passed']);
    deepEqual([busy?.status, busy?.error?.type], ['error', 'timeout']);
  });

  it('takes pictures of the page, the whole page and an element under a name', async () => {
    const [view, whole, element] = await run(
      { command: 'misc.screenshot', name: 'the view' },
      { command: 'misc.screenshot', name: 'whole', fullPage: true },
      { command: 'misc.screenshot', name: 'one', target: '#shut' },
    );
    deepEqual(
      [view?.value, whole?.value, element?.value],
      ['runs/r/s/0/the-view.png', 'runs/r/s/0/whole.png', 'runs/r/s/0/one.png'],
    );
    deepEqual([...stored.keys()].sort(), ['runs/r/s/0/one.png', 'runs/r/s/0/the-view.png', 'runs/r/s/0/whole.png']);
    const sizes = [...stored.values()].map(({ body }) => Buffer.from(body).readUInt32BE(20));
    equal(new Set(sizes).size >= 2, true);
  });
});

describe('scripts', () => {
  const { run, step } = bench({
    '/': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "script-src 'none'" });
      response.end('<title>Strict</title>');
    },
  });
  const execute = (
    script: string,
    more: object = {},
  ): Promise<{ value?: unknown; error?: { type: string; message: string } }> =>
    step({ command: 'misc.execute', script, ...more });

  it('run in the page with their arguments, even under a strict policy', async () => {
    equal((await execute('return [document.title, args.n + 1].join(" ")', { args: { n: 1 } })).value, 'Strict 2');
    equal((await execute('await new Promise((done) => setTimeout(done, 20)); return 5')).value, 5);
    deepEqual((await execute('return { a: [1, null, "x"] }')).value, { a: [1, null, 'x'] });
    equal((await execute('// nothing')).value, undefined);
  });

  it('store what they return', async () => {
    const [, log] = await run(
      { command: 'misc.execute', script: 'return [1, 2].length', variable: 'n' },
      { command: 'misc.log', text: 'n={{n}}' },
    );
    equal(log?.value, 'n=2');
  });

  it('fail by name when they throw, are no script, or return what is not JSON', async () => {
    match((await execute('throw new Error("boom")')).error?.message ?? '', /threw Error: boom/);
    match((await execute('return (')).error?.message ?? '', /SyntaxError/);
    for (const value of ['document.body', 'window', '() => 1', '(() => { const a = {}; a.a = a; return a })()']) {
      deepEqual((await execute(`return ${value}`)).error?.type, 'script-error', value);
    }
  });

  it('that never end are ended with their step, and the page goes on', async () => {
    const [hung, after] = await run(
      { command: 'misc.execute', script: 'while (true) {}', timeoutMs: 300, onFailure: 'continue' },
      { command: 'assert.title', value: 'Strict' },
    );
    deepEqual([hung?.error?.type, (hung?.duration_ms ?? 9999) < 1500, after?.status], ['timeout', true, 'passed']);
    const waits = await execute('await new Promise(() => {})', { timeoutMs: 200 });
    equal(waits.error?.type, 'timeout');
  });
});

describe('control', () => {
  const { run } = bench({ '/': '<title>x</title>' });

  it('fails with its message and goes on; stops without failing', async () => {
    const [fail, stop, rest] = await run(
      { command: 'control.fail', message: 'not this way' },
      { command: 'control.stop', message: 'enough' },
      { command: 'misc.comment', text: 'never' },
    );
    deepEqual([fail?.status, fail?.actual], ['failed', 'not this way']);
    deepEqual([stop?.status, stop?.value, rest?.status], ['passed', 'enough', 'skipped']);
  });
});
