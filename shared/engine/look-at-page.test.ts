import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';

const page = `<!doctype html><title>Home</title><h1>Home</h1><button onclick="alert('Boo')">Go</button>
<label>Password <input type="password" value="hunter2"></label><label>Key <input id="key"></label><div id="host"></div>
<script>host.attachShadow({ mode: 'open' }).innerHTML = '<label>Pin <input type="password" value="4711"></label>'</script>`;

describe('a look at the page', () => {
  const { base, open } = bench({ '/': page, '/noisy': '<title>Noisy</title><img src="/missing">' });
  const run = (session: Awaited<ReturnType<typeof open>>, ...steps: Step[]) =>
    session.runCheckpoint({ name: 'x', index: 0, steps });

  it('has its address, its title, its tree and its tabs', async () => {
    const session = await open();
    await run(session, { command: 'navigate.to', url: '/' }, { command: 'navigate.to', url: '/noisy', newTab: true });
    const look = await session.look();
    deepEqual([look.url, look.title], [`${base()}/noisy`, 'Noisy']);
    deepEqual(look.tabs, [
      { url: `${base()}/`, active: false },
      { url: `${base()}/noisy`, active: true },
    ]);
    await run(session, { command: 'window.switch-tab', index: 0 });
    const { tree } = await session.look();
    match(tree, /- heading "Home"/);
    match(tree, /- button "Go"/);
  });

  it('shows no password, and no secret that a step has written', async () => {
    const session = await open();
    const write = { command: 'interact.write', target: '#key', text: 'tr0ub4dor', secret: true };
    await run(session, { command: 'navigate.to', url: '/' }, write);
    const { tree } = await session.look();
    match(tree, /- textbox "Password": ••••••/);
    match(tree, /- textbox "Key": ••••••/);
    match(tree, /- textbox "Pin": "••••••"/);
  });

  it('tells what no step has told: dialogs that were answered, what went wrong meanwhile', async () => {
    const session = await open();
    await run(session, { command: 'navigate.to', url: '/' });
    await run(session, {
      command: 'misc.execute',
      script: "setTimeout(() => { alert('Boo'); console.error('Oh') }, 50)",
    });
    await run(session, { command: 'wait.time', durationMs: 0 });
    let seen = await session.look();
    const problems: string[] = [...seen.problems];
    for (let i = 0; i < 100 && (problems.length === 0 || seen.notes.length === 0); i++) {
      seen = await session.look();
      problems.push(...seen.problems);
    }
    deepEqual(problems, ['console error: Oh']);
    match(seen.notes.join(), /an alert "Boo" was dismissed/);
    deepEqual((await session.look()).problems, []);
    match(session.takeNotes().join(), /Boo/);
    deepEqual(session.takeNotes(), []);
  });

  it('can be a picture', async () => {
    const session = await open();
    await run(session, { command: 'navigate.to', url: '/' });
    equal(Buffer.from(await session.picture()).readUInt16BE(), 0xffd8);
  });

  it('counts the documents that came, and none where a page only changed its address', async () => {
    const session = await open();
    await run(session, { command: 'navigate.to', url: '/' });
    const loaded = session.loaded();
    await run(session, { command: 'misc.execute', script: "history.pushState({}, '', '/elsewhere')" });
    equal(session.loaded(), loaded);
    await run(session, { command: 'navigate.to', url: '/noisy' });
    equal(session.loaded(), loaded + 1);
  });
});
