import { deepEqual, equal, match, rejects } from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import type { Step } from '../../schemas/step.ts';
import { stepResult } from '../../schemas/step.ts';
import { bench, clock, outsideOf, statuses } from '../commands/testing/bench.ts';
import { openSession } from './session.ts';
import { rewriteZip } from './zip.ts';

const page = `<!doctype html><title>Home</title><h1>Home</h1><input id="field"><button onclick="document.title = 'Clicked'">Go</button>
<div style="height:3000px"></div>`;
const config = { timeout: 2000, screenshots: 'none', trace: 'none' } as const;
const go: Step = { command: 'navigate.to', url: '/' };
const checkpoint = (...steps: Step[]) => ({ name: 'x', index: 0, steps });

describe('a session', () => {
  let flaky = 0;
  const { base, open, browser, stored } = bench({
    '/': page,
    '/next': '<title>Next</title>',
    '/noisy': `<title>Noisy</title><script>console.error('bad thing'); console.warn('odd'); setTimeout(() => { throw new Error('uncaught one') }, 0)</script><img src="/missing"><img src="http://127.0.0.1:1999/x">`,
    '/flaky': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<title>${++flaky}</title>`);
    },
    '/closes': '<title>Closes</title><script>setTimeout(() => window.close(), 100)</script>',
    '/spins': '<title>Spins</title><button>Spin</button><script>setTimeout(() => { for (;;) {} }, 300)</script>',
    '/secret': (request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        `<title>Secret</title><p>${decodeURIComponent(request.url ?? '')}</p><script>console.error('token hunter2')</script>`,
      );
    },
  });

  it('gives results in the form of their schema, with everything that happened', async () => {
    const session = await open();
    const steps = [
      { ...go, label: 'home' },
      { command: 'assert.equals', target: 'h1', value: 'Away', timeoutMs: 50 },
    ];
    const { results, status, stop } = await session.runCheckpoint(checkpoint(...steps));
    for (const result of results) deepEqual(stepResult.problems(result), []);
    deepEqual([status, stop, results[0]?.label, results[0]?.network.requests], ['failed', false, 'home', 1]);
    deepEqual(results[1]?.target, { given: 'h1', resolved: 'heading "Home"', strategy: 'css' });
  });

  it('stops after what cannot be executed, and records the rest as skipped', async () => {
    const session = await open();
    const bad: Step = { command: 'interact.click', target: '#nowhere', timeoutMs: 50 };
    const first = await session.runCheckpoint(checkpoint(go, bad, go));
    deepEqual([first.status, first.stop, statuses(first.results)], ['error', true, ['passed', 'error', 'skipped']]);
    match(first.results[2]?.notes?.[0] ?? '', /the session ended at step 1/);
    const onward = await session.runCheckpoint(checkpoint({ ...bad, onFailure: 'continue' }, go));
    deepEqual([onward.status, onward.stop, statuses(onward.results)], ['error', false, ['error', 'passed']]);
    const firm = await session.runCheckpoint(
      checkpoint({ command: 'control.fail', message: 'x', onFailure: 'stop' }, go),
    );
    deepEqual([firm.status, firm.stop, statuses(firm.results)], ['failed', true, ['failed', 'skipped']]);
  });

  it('goes on everywhere when the test says so', async () => {
    const session = await open({ config: { ...config, onFailure: 'continue' } });
    const { stop, results } = await session.runCheckpoint(
      checkpoint(go, { command: 'interact.click', target: '#no', timeoutMs: 50 }, go),
    );
    deepEqual([stop, statuses(results)], [false, ['passed', 'error', 'passed']]);
  });

  it('records an optional step that fails as skipped, with the reason', async () => {
    const session = await open();
    const optional: Step = { command: 'interact.click', target: 'Accept cookies', timeoutMs: 50, optional: true };
    const { status, results } = await session.runCheckpoint(checkpoint(go, optional, go));
    deepEqual([status, statuses(results)], ['passed', ['passed', 'skipped', 'passed']]);
    match(results[1]?.notes?.[0] ?? '', /optional: there is no element/);
  });

  it('tries again as often as it is told, with a pause', async () => {
    const session = await open();
    const script =
      'const t = Number(localStorage.tries ?? 0) + 1; localStorage.tries = t; if (t < 3) throw new Error("not yet"); return t';
    const step: Step = { command: 'misc.execute', script, retry: { count: 3, delayMs: 60 } };
    const { results } = await session.runCheckpoint(checkpoint(go, step));
    deepEqual([results[1]?.status, results[1]?.value, results[1]?.notes], ['passed', 3, ['passed at attempt 3 of 4']]);
    equal((results[1]?.duration_ms ?? 0) >= 120, true);
  });

  it('refuses a command that there is not', async () => {
    const session = await open();
    const { results } = await session.runCheckpoint(checkpoint({ command: 'file.shred' }));
    equal(results[0]?.error?.type, 'unknown-command');
  });

  it('counts console messages and requests, and lists the problems', async () => {
    const session = await open();
    const { results } = await session.runCheckpoint(
      checkpoint({ command: 'navigate.to', url: '/noisy' }, { command: 'wait.network-idle' }),
    );
    const all = results.flatMap(({ problems = [] }) => problems).join('\n');
    match(all, /console error: bad thing/);
    match(all, /console warning: odd/);
    match(all, /uncaught Error: uncaught one/);
    match(all, /GET .*\/missing answered 404/);
    match(all, /request failed: GET http:\/\/127\.0\.0\.1:1999\/x/);
    equal(
      results.reduce((sum, { network }) => sum + network.failed, 0),
      2,
    );
  });

  it('takes a picture after each step, which quick readings share, and one of failures only when it is told so', async () => {
    const steps = [
      go,
      { command: 'misc.comment', text: 'x' },
      { command: 'interact.click', target: 'Go' },
      { command: 'control.fail', message: 'x' },
      { command: 'wait.time', durationMs: 400 },
      { command: 'control.fail', message: 'y' },
    ];
    const every = await open({ config: { ...config, screenshots: 'every-step' } });
    const { results } = await every.runCheckpoint({ name: 'x', index: 3, steps });
    deepEqual(
      results.map(({ screenshot }) => screenshot),
      [0, 0, 2, 2, 4, 4].map((index) => `runs/r/s/3/${index}.jpg`),
    );
    const first = stored.get('runs/r/s/3/0.jpg');
    deepEqual([first?.contentType, first?.body.subarray(0, 2)], ['image/jpeg', Buffer.from([0xff, 0xd8])]);
    const failures = await open({ config: { ...config, screenshots: 'failures' } });
    const shown = (
      await failures.runCheckpoint({ name: 'x', index: 4, steps: [...steps, { ...go, screenshot: true }] })
    ).results;
    deepEqual(
      shown.map(({ screenshot }) => screenshot),
      [undefined, undefined, undefined, 'runs/r/s/4/3.jpg', undefined, 'runs/r/s/4/5.jpg', 'runs/r/s/4/6.jpg'],
    );
  });

  it('pictures what passed in a modest size and what did not pass as large as it was, unseen by the page', async () => {
    const watched = 'window.resized = 0; addEventListener("resize", () => window.resized++)';
    const steps: Step[] = [
      go,
      { command: 'misc.execute', script: watched },
      { command: 'navigate.scroll-bottom' },
      { command: 'assert.equals', target: 'h1', value: 'Away', timeoutMs: 50 },
      { command: 'misc.execute', script: 'return [window.resized, innerWidth, scrollY > 0]' },
    ];
    const session = await open({ config: { ...config, screenshots: 'every-step' } });
    const { results } = await session.runCheckpoint({ name: 'x', index: 6, steps });
    deepEqual(
      ['0', '2', '3'].map((step) => sizeOf(stored.get(`runs/r/s/6/${step}.jpg`)?.body)),
      ['800x450', '800x450', '1280x720'],
    );
    deepEqual(results[4]?.value, [0, 1280, true]);
  });

  it('says which picture could not be stored, and goes on', async () => {
    const artifacts = { save: () => Promise.reject(new Error('bucket is gone')) };
    const session = await open({ artifacts, config: { ...config, screenshots: 'every-step' } });
    const { results, status } = await session.runCheckpoint(checkpoint(go));
    deepEqual([status, results[0]?.notes], ['passed', ['runs/r/s/0/0.jpg could not be stored: bucket is gone']]);
  });

  it('survives a crash of the page: the step is an error, and the session ends', async () => {
    const session = await open();
    await session.runCheckpoint(checkpoint(go));
    const crash = { command: 'misc.execute', script: 'await new Promise(() => {})', onFailure: 'continue' as const };
    const running = session.runCheckpoint(checkpoint(crash, go));
    const tab = browser().contexts().at(-1)?.pages()[0];
    setTimeout(() => void tab?.goto('chrome://crash').catch(() => undefined), 100);
    const { results, stop } = await running;
    deepEqual([results[0]?.error?.type, stop, statuses(results)], ['page-crashed', true, ['error', 'skipped']]);
    equal((await session.runCheckpoint(checkpoint(go))).results[0]?.error?.type, 'page-crashed');
    deepEqual((await session.state()).tabs.length, 1);
  });

  it('survives a page that closes the only tab', async () => {
    const session = await open();
    const { results } = await session.runCheckpoint(
      checkpoint(
        go,
        { command: 'misc.execute', script: 'window.open("/closes", "_self"); ' },
        { command: 'wait.element', target: '#never', timeoutMs: 1500, onFailure: 'continue' },
        { command: 'misc.execute', script: 'window.close()', onFailure: 'continue' },
        { command: 'wait.time', durationMs: 200 },
        { command: 'assert.title', value: 'x', timeoutMs: 100, onFailure: 'continue' },
        go,
        { command: 'assert.title', value: 'Home' },
      ),
    );
    equal(results.at(-1)?.status, 'passed', JSON.stringify(results, null, 1));
  });

  it('ends a step on a page that is busy for ever within its time', async () => {
    const session = await open();
    const started = clock.now();
    const { results } = await session.runCheckpoint(
      checkpoint(
        { command: 'navigate.to', url: '/spins' },
        { command: 'wait.time', durationMs: 400 },
        { command: 'interact.click', target: 'Spin', timeoutMs: 300, onFailure: 'continue' },
        { command: 'assert.title', value: 'Spins', timeoutMs: 300, onFailure: 'continue' },
      ),
    );
    deepEqual(statuses(results), ['passed', 'passed', 'error', 'error']);
    deepEqual([results[2]?.error?.type, results[3]?.error?.type], ['timeout', 'timeout']);
    equal(clock.now() - started < 5000, true);
  });

  it('ends promptly when it is aborted', async () => {
    const session = await open();
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const started = clock.now();
    const { results, stop } = await session.runCheckpoint(
      checkpoint(go, { command: 'wait.time', durationMs: 20_000 }, go),
      { signal: abort.signal },
    );
    deepEqual([statuses(results), results[1]?.error?.type, stop], [['passed', 'error', 'skipped'], 'aborted', true]);
    equal(clock.now() - started < 2000, true);
  });

  it('tells of each step as it starts and ends', async () => {
    const session = await open();
    const told: string[] = [];
    await session.runCheckpoint(
      { name: 'x', index: 0, steps: [go, { command: 'misc.comment', text: 'x' }], firstStep: 4 },
      {
        onStepStart: ({ command }, index) => told.push(`${index} ${command}`),
        onStep: ({ index, status }) => told.push(`${index} ${status}`),
      },
    );
    deepEqual(told, ['4 navigate.to', '4 passed', '5 misc.comment', '5 passed']);
  });

  it('goes on in another browser context from its state', async () => {
    const first = await open({ variables: { a: 1 } });
    await first.runCheckpoint(
      checkpoint(
        go,
        { command: 'data.cookie-create', name: 'who', value: 'ada' },
        { command: 'data.local-storage-set', key: 'k', value: 'v' },
        { command: 'misc.execute', script: 'sessionStorage.s = "t"' },
        { command: 'data.store-literal', value: [1, 2], variable: 'b' },
        { command: 'navigate.to', url: '/next', newTab: true },
        { command: 'window.switch-tab', index: 0 },
        { command: 'navigate.scroll-position', x: 0, y: 700 },
      ),
    );
    const state = JSON.parse(JSON.stringify(await first.state()));
    const second = await open({ state, variables: { a: 1 } });
    const { results } = await second.runCheckpoint(
      checkpoint(
        {
          command: 'misc.execute',
          script: 'return [location.href, document.cookie, localStorage.k, sessionStorage.s, scrollY]',
        },
        { command: 'misc.log', text: '{{a}} {{b}}' },
        { command: 'window.switch-tab', url: '/next' },
        { command: 'navigate.refresh' },
      ),
    );
    deepEqual(results[0]?.value, [`${base()}/`, 'who=ada', 'v', 't', 700]);
    deepEqual([results[1]?.value, results[2]?.status], ['1 [1,2]', 'passed']);
    deepEqual(
      (await second.state()).tabs.map(({ url }) => url),
      [`${base()}/`, `${base()}/next`],
    );
  });

  it('goes on in windows of the size that they had, also where that is from before the page was opened', async () => {
    const first = await open();
    await first.runCheckpoint(checkpoint({ command: 'window.resize', width: 500, height: 400 }, go));
    const state = JSON.parse(JSON.stringify(await first.state()));
    const second = await open({ state });
    const size = { command: 'misc.execute', script: 'return [innerWidth, innerHeight]' };
    deepEqual((await second.runCheckpoint(checkpoint(size))).results[0]?.value, [500, 400]);
  });

  it('masks secrets in results, notes, problems and the trace', async () => {
    const session = await open({
      secrets: ['hunter2'],
      environment: { PASS: 'hunter2' },
      config: { ...config, trace: 'always' },
    });
    const pass = '$'.concat('{ENV:PASS}');
    const { results } = await session.runCheckpoint(
      checkpoint(
        { command: 'navigate.to', url: `/secret?p=${pass}` },
        go,
        { command: 'interact.write', target: '#field', text: pass, label: 'write hunter2' },
        { command: 'assert.equals', target: '#field', value: 'other', timeoutMs: 50 },
        { command: 'interact.click', target: 'hunter2', timeoutMs: 50, onFailure: 'continue' },
        { command: 'interact.write', target: '#field', text: 'learnt later', secret: true },
      ),
    );
    equal(/hunter2|learnt later/.test(JSON.stringify(results)), false);
    const { trace = '', dispose } = await session.close({ trace: true });
    let seen = 0;
    rewriteZip(await readFile(trace), (content) => {
      seen++;
      equal(/hunter2|learnt later/.test(content.toString('latin1')), false);
      return undefined;
    });
    equal(seen > 2, true);
    await dispose();
    await rejects(access(trace));
  });

  it('knows devices by name, and refuses others', async () => {
    const phone = await open({ config: { ...config, device: 'Pixel 7', locale: 'nb-NO', timezone: 'Asia/Tokyo' } });
    const script =
      'return [screen.width < 500, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, /Pixel/.test(navigator.userAgent)]';
    const { results } = await phone.runCheckpoint(checkpoint(go, { command: 'misc.execute', script }));
    deepEqual(results[1]?.value, [true, 'nb-NO', 'Asia/Tokyo', true]);
    await rejects(open({ config: { ...config, device: 'Pixel 777' } }), /there is no device 'Pixel 777'/);
  });

  it('leaves no context behind when it is closed', async () => {
    const before = browser().contexts().length;
    const options = {
      config,
      variables: {},
      secrets: [],
      artifacts: { save: async () => {} },
      outside: outsideOf({ files: new Map(), baselines: new Map() }),
      artifactPrefix: 'x',
      clock,
      random: Math.random,
    };
    const session = await openSession(browser(), { ...options, config: { trace: 'always' } });
    const closed = await session.close({ trace: false });
    deepEqual([closed.trace, browser().contexts().length], [undefined, before]);
  });
});

/** Width and height of a JPEG: in its start-of-frame segment (ITU T.81, B.2.2). */
function sizeOf(bytes: Uint8Array = new Uint8Array()): string {
  const jpeg = Buffer.from(bytes);
  for (let at = 2; at + 9 < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg[at + 1] ?? 0;
    if (marker === 0xc0 || marker === 0xc2) return `${jpeg.readUInt16BE(at + 7)}x${jpeg.readUInt16BE(at + 5)}`;
  }
  return 'no JPEG';
}
