import { deepEqual, equal, match } from 'node:assert/strict';
import { bench, statuses } from './testing/bench.ts';

const page = `<title>Opener</title>
<a href="/two" target="_blank">Open</a><button onclick="setTimeout(() => window.open('/two?late'), 200)">Later</button>
<iframe name="outer" id="outer-id" srcdoc="<p>Outside</p><iframe id='inner' srcdoc='<button onclick=&quot;this.textContent=1&quot;>Deep</button>'></iframe>"></iframe>
<iframe title="Second" srcdoc="<p>Other</p>"></iframe>`;

describe('windows', () => {
  const { run, step } = bench({ '/': page, '/two': '<title>Two</title><button onclick="window.close()">Bye</button>' });

  it('take a size', async () => {
    const size = { command: 'misc.execute', script: 'return [innerWidth, innerHeight]' };
    const results = await run(
      { command: 'window.resize', width: 640, height: 480 },
      size,
      { command: 'window.maximize' },
      size,
    );
    deepEqual(
      [results[1]?.value, results[3]?.value],
      [
        [640, 480],
        [1920, 1080],
      ],
    );
  });

  it('are switched by direction, position, title and address', async () => {
    const title = (value: string) => ({ command: 'assert.title', value });
    const results = await run(
      { command: 'interact.click', target: 'Open' },
      { command: 'window.switch-tab', direction: 'next' },
      title('Two'),
      { command: 'window.switch-tab', direction: 'next' },
      title('Opener'),
      { command: 'window.switch-tab', direction: 'prev' },
      title('Two'),
      { command: 'window.switch-tab', title: 'Open' },
      title('Opener'),
      { command: 'window.switch-tab', url: '/\\/two$/' },
      title('Two'),
      { command: 'window.switch-tab', index: 0 },
      title('Opener'),
    );
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results));
    match(results[0]?.notes?.[0] ?? results[1]?.notes?.[0] ?? '', /a new tab opened/);
  });

  it('wait for a tab that is about to open', async () => {
    const results = await run(
      { command: 'interact.click', target: 'Later' },
      { command: 'window.switch-tab', url: 'late' },
    );
    deepEqual(statuses(results), ['passed', 'passed']);
  });

  it('name the open tabs when none fits', async () => {
    const result = await step({ command: 'window.switch-tab', title: 'Nowhere', timeoutMs: 100 });
    equal(result.error?.type, 'tab-not-found');
    match(result.error?.hint ?? '', /"Opener" http/);
  });

  it('are closed, all but the last', async () => {
    const results = await run(
      { command: 'navigate.to', url: '/two', newTab: true },
      { command: 'window.close-tab' },
      { command: 'assert.title', value: 'Opener' },
      { command: 'window.close-tab' },
    );
    deepEqual(statuses(results), ['passed', 'passed', 'passed', 'error']);
    equal(results[3]?.error?.type, 'refused');
  });

  it('may close themselves: the tab before goes on, and a note says so', async () => {
    const results = await run(
      { command: 'interact.click', target: 'Later' },
      { command: 'window.switch-tab', url: 'late' },
      { command: 'interact.click', target: 'Bye' },
      { command: 'assert.title', value: 'Opener' },
    );
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results));
    match(JSON.stringify(results), /the tab http\S+late closed; steps go on in http/);
  });

  it('let steps work in frames, by name, id, position and element, and out again', async () => {
    const sees = (target: string) => ({ command: 'assert.visible', target });
    const results = await run(
      { command: 'window.switch-frame', name: 'outer' },
      sees('Outside'),
      { command: 'window.switch-frame', name: 'inner' },
      { command: 'interact.click', target: 'Deep' },
      { command: 'assert.equals', target: 'button', value: '1' },
      { command: 'window.switch-parent-frame' },
      sees('Outside'),
      { command: 'window.switch-main-frame' },
      sees('Open'),
      { command: 'window.switch-frame', index: 1 },
      sees('Other'),
      { command: 'window.switch-main-frame' },
      { command: 'window.switch-frame', target: '#outer-id' },
      sees('Outside'),
      { command: 'navigate.refresh' },
      sees('Open'),
    );
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results));
  });

  it('say which frames there are, and which holds an element that was not found', async () => {
    const results = await run(
      { command: 'window.switch-frame', name: 'nowhere', timeoutMs: 1000, onFailure: 'continue' },
      { command: 'window.switch-frame', target: 'Open', onFailure: 'continue' },
      { command: 'interact.click', target: 'Outside', timeoutMs: 1000 },
    );
    match(results[0]?.error?.hint ?? '', /0 'outer'/);
    equal(results[1]?.error?.type, 'frame-not-found');
    match(results[2]?.error?.hint ?? '', /frame 'outer': use window\.switch-frame/);
  });
});
