import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench, statuses } from './testing/bench.ts';

const tall = `<!doctype html><title>Tall</title><style>body { margin: 0; width: 3000px } #mid { position: absolute; top: 2000px; left: 1500px; height: 100px }</style>
<div style="height:5000px">top</div><div id="mid">middle</div>
<script>window.moves = 0; addEventListener('scroll', () => moves++);</script>`;

describe('navigation', () => {
  const { base, run, step, open } = bench({
    '/': tall,
    '/two': '<title>Two</title>',
    '/shell': `<!doctype html><body style="margin: 0; overflow: hidden"><main style="height: 100vh; overflow: auto">
      <div style="height: 5000px">Tall</div></main></body>`,
    '/late': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<title>Late</title><img src="/never">');
      response.end();
    },
    '/never': () => {},
    '/mute': () => {},
    '/cut': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': 1000 });
      response.write('<title>Half</title>', () => setTimeout(() => response.destroy(), 50));
    },
    '/broken': (_request, response) => {
      response.writeHead(500, { 'content-type': 'text/html' });
      response.end('<title>Broken</title>');
    },
    '/count': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        '<script>sessionStorage.n = 1 + Number(sessionStorage.n ?? 0); document.title = sessionStorage.n</script>',
      );
    },
  });
  const at = (expression = '[scrollX, scrollY]'): Step => ({ command: 'misc.execute', script: `return ${expression}` });

  it('opens addresses, whole or relative to the base, in this tab or a new one', async () => {
    const results = await run(
      { command: 'navigate.to', url: `${base()}/two` },
      { command: 'assert.title', value: 'Two' },
      { command: 'navigate.to', url: '/', newTab: true },
      { command: 'assert.title', value: 'Tall' },
      { command: 'window.switch-tab', index: 0 },
      { command: 'assert.title', value: 'Two' },
    );
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results));
  });

  it('waits for as much as it is told', async () => {
    const to = (wait: string): Step => ({
      command: 'navigate.to',
      url: '/late',
      wait,
      timeoutMs: 500,
      onFailure: 'continue',
    });
    const results = await run(to('load'), to('networkidle'), to('domcontentloaded'), to('none'));
    deepEqual(statuses(results), ['error', 'error', 'passed', 'passed']);
    deepEqual([results[0]?.error?.type, results[1]?.error?.type], ['timeout', 'timeout']);
    match(results[0]?.error?.hint ?? '', /wait: domcontentloaded/);
  });

  it('goes back and forth, and says when there is no such page', async () => {
    const results = await run(
      { command: 'navigate.to', url: '/two' },
      { command: 'navigate.back' },
      { command: 'assert.title', value: 'Tall' },
      { command: 'navigate.forward' },
      { command: 'assert.title', value: 'Two' },
      { command: 'navigate.forward' },
    );
    deepEqual(statuses(results), ['passed', 'passed', 'passed', 'passed', 'passed', 'error']);
    match(results.at(-1)?.error?.message ?? '', /no later page/);
  });

  it('loads the page again', async () => {
    const results = await run(
      { command: 'navigate.to', url: '/count' },
      { command: 'navigate.refresh' },
      { command: 'assert.title', value: '2' },
    );
    equal(results.at(-1)?.status, 'passed');
  });

  it('notes that a site answered with an error', async () => {
    const result = await step({ command: 'navigate.to', url: '/broken' });
    deepEqual([result.status, result.notes, result.network.failed], ['passed', [`${base()}/broken answered 500`], 1]);
  });

  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'chrome://version']) {
    it(`refuses ${url}`, async () => {
      const result = await step({ command: 'navigate.to', url });
      deepEqual([result.status, result.error?.type], ['error', 'refused']);
    });
  }

  it('asks the guard, and gives its reason', async () => {
    const session = await open({
      navigationGuard: async (url) => (url.endsWith('/two') ? 'it is private' : undefined),
    });
    const steps = [
      { command: 'navigate.to', url: '/' },
      { command: 'navigate.to', url: '/two' },
    ];
    const { results } = await session.runCheckpoint({ name: 'x', index: 0, steps });
    equal(results[0]?.status, 'passed');
    deepEqual(results[1]?.error?.message, `${base()}/two may not be opened: it is private`);
  });

  it('says that nothing answers at a closed port, and that a mute site did not answer', async () => {
    const closed = await step({ command: 'navigate.to', url: 'http://127.0.0.1:9/' });
    deepEqual([closed.error?.type, closed.status], ['navigation-failed', 'error']);
    match(
      `${closed.error?.message} ${closed.error?.hint}`,
      /ERR_UNSAFE_PORT|nothing answers at http:\/\/127\.0\.0\.1:9\/.*running/,
    );
    const refused = await step({ command: 'navigate.to', url: 'http://127.0.0.1:1999/' });
    match(
      `${refused.error?.message} ${refused.error?.hint}`,
      /nothing answers at http:\/\/127\.0\.0\.1:1999\/ .*running/,
    );
    const mute = await step({ command: 'navigate.to', url: '/mute', timeoutMs: 300 });
    deepEqual([mute.error?.type, mute.duration_ms < 1500], ['timeout', true]);
    match(`${mute.error?.message} ${mute.error?.hint}`, /did not answer in 300 ms at .*mute.*running/);
  });

  it('says at once that an answer was cut off', async () => {
    const result = await step({ command: 'navigate.to', url: '/cut' });
    deepEqual([result.error?.type, result.duration_ms < 1500], ['navigation-failed', true], JSON.stringify(result));
    match(result.error?.message ?? '', /the answer was cut off at http.*\/cut/);
  });

  it('notes that not the page scrolls, but a part of it', async () => {
    const results = await run(
      { command: 'navigate.scroll-down' },
      { command: 'navigate.to', url: '/shell' },
      { command: 'navigate.scroll-bottom' },
      { command: 'navigate.to', url: '/two' },
      { command: 'navigate.scroll-bottom' },
    );
    deepEqual(
      results.map(({ status, notes }) => [status, notes?.length ?? 0]),
      [0, 0, 1, 0, 0].map((notes) => ['passed', notes]),
    );
  });

  it('scrolls to ends, by viewports, to places and by distances', async () => {
    const results = await run(
      { command: 'navigate.scroll-bottom' },
      at('scrollY > 4000'),
      { command: 'navigate.scroll-up' },
      at('Math.round(document.documentElement.scrollHeight - innerHeight * 2 - scrollY) < 20'),
      { command: 'navigate.scroll-top' },
      at('scrollY'),
      { command: 'navigate.scroll-down' },
      at('scrollY === innerHeight'),
      { command: 'navigate.scroll-position', x: 100, y: 300 },
      at(),
      { command: 'navigate.scroll-by', x: -50, y: 20 },
      at(),
    );
    const seen = results.filter(({ command }) => command === 'misc.execute').map(({ value }) => value);
    deepEqual(seen, [true, true, 0, true, [100, 300], [50, 320]]);
  });

  it('scrolls an element to where block and inline say', async () => {
    const box = at('[mid.getBoundingClientRect().top, Math.round(mid.getBoundingClientRect().left)]');
    const results = await run(
      { command: 'navigate.scroll-to', target: '#mid' },
      box,
      { command: 'navigate.scroll-to', target: '#mid', block: 'end', inline: 'start' },
      box,
    );
    const [start, end] = results
      .filter(({ command }) => command === 'misc.execute')
      .map(({ value }) => value as number[]);
    equal(start?.[0], 0);
    equal((end?.[0] ?? 0) > 500, true);
    equal(end?.[1], 0);
  });

  it('scrolls gently when it is told to, and ends at the place', async () => {
    const results = await run(
      { command: 'navigate.scroll-position', x: 0, y: 1000 },
      at('moves'),
      { command: 'navigate.scroll-position', x: 0, y: 0, smooth: true },
      at('[scrollY, moves > 4]'),
      { command: 'navigate.scroll-to', target: '#mid', smooth: true },
      at('mid.getBoundingClientRect().top'),
    );
    const seen = results.filter(({ command }) => command === 'misc.execute').map(({ value }) => value);
    equal(Number(seen[0]) <= 2, true);
    deepEqual(seen.slice(1), [[0, true], 0]);
  });

  it('scrolls gently up, down, by and to the ends, too', async () => {
    const cases: readonly Step[] = [
      { command: 'navigate.scroll-bottom' },
      { command: 'navigate.scroll-up' },
      { command: 'navigate.scroll-down' },
      { command: 'navigate.scroll-by', x: 0, y: -500 },
      { command: 'navigate.scroll-top' },
    ];
    for (const smooth of [false, true]) {
      const watched = cases.flatMap((step): Step[] => [
        { command: 'misc.execute', script: 'window.moves = 0' },
        { ...step, smooth },
        at('[moves > 2, scrollY]'),
      ]);
      const seen = (await run(...watched)).filter((_, index) => index % 3 === 2).map(({ value }) => value as unknown[]);
      deepEqual(
        seen.map(([gently]) => gently),
        cases.map(() => smooth),
        JSON.stringify(seen),
      );
      equal(seen.at(-1)?.[1], 0);
    }
  });
});
