import { deepEqual, equal, match } from 'node:assert/strict';
import type { StepResult } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';
import type { Target } from './target.ts';

const page = `<!doctype html><title>Targets</title>
<style>.off { display: none }</style>
<header><button id="head-login">Log in</button><a id="home" href="/">Home</a></header>
<nav><a id="nav-help" href="/help">Help</a></nav>
<main>
  <h2 id="title-save">Save</h2><button id="save"><span id="inner"><b>Save</b></span></button>
  <button id="save-all">Save everything</button>
  <button id="main-login">Log in</button>
  <button id="hidden-pay" class="off">Pay</button><button id="pay">Pay now</button>
  <label for="mail">Email address</label><input id="mail">
  <input id="phone" placeholder="Phone"><img id="logo" alt="Company logo" width="5" height="5">
  <abbr id="abbr" title="Abbreviation">abbr</abbr><div id="para">A longer paragraph of words</div>
  <div id="ids" data-testid="basket-icon">7</div><div id="cy" data-cy="cy-one">8</div>
  <p id="email-words">Email us</p>
  <table><tr><td>Ada</td><td><button id="del-ada">Delete</button></td></tr><tr><td>Bob</td><td><button id="del-bob">Delete</button></td></tr></table>
  <section><h3>Billing</h3><button id="edit-billing">Edit</button></section><section><h3>Shipping</h3><button id="edit-shipping">Edit</button></section>
  <label id="terms-label"><input id="terms" type="checkbox" class="off">Terms</label>
  <ul><li class="dup">One</li><li class="dup off">Two</li></ul>
  <input type="submit" id="go" value="Go now"><div id="host"></div>
  <table id="list"></table><div role="alert" id="alert">Stop</div><button aria-label="Close" id="close">×</button>
</main>
<footer><a id="foot-help" href="/help">Help</a></footer>
<script>
  host.attachShadow({ mode: 'open' }).innerHTML = '<button id="shade" onclick="this.textContent = 1">Shaded</button>';
  setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<button id="tardy">Tardy</button>'), 300);
</script>`;

describe('finding elements', () => {
  const { run } = bench({ '/': page });

  /** Ids of what the targets mean to a command. */
  async function ids(command: string, targets: readonly Target[]): Promise<(string | undefined)[]> {
    const variable = { variable: 'id' };
    const steps = targets.map((target) =>
      command === 'read'
        ? { command: 'data.store-attribute', target, attribute: 'id', ...variable }
        : { command, target },
    );
    const results = await run(...steps.map((step) => ({ ...step, timeoutMs: 1500, onFailure: 'continue' as const })));
    return results.map((result) => (command === 'read' ? String(result.value ?? result.error?.type) : clicked(result)));
  }
  const clicked = (result: StepResult): string =>
    /#([\w-]+)$/.exec(result.target?.resolved ?? '')?.[1] ?? result.error?.type ?? '';

  it('reads every strategy of the vocabulary', async () => {
    const targets: readonly (readonly [Target, string])[] = [
      ['css=#save', 'save'],
      ['#save', 'save'],
      ['//button[@id="save"]', 'save'],
      ['xpath=//button[@id="save"]', 'save'],
      ['@basket-icon', 'ids'],
      ['@cy-one', 'cy'],
      ['~longer paragraph', 'para'],
      ['/^A longer .* words$/', 'para'],
      [{ role: 'button', name: 'Close' }, 'close'],
      [{ label: 'Email' }, 'mail'],
      [{ placeholder: 'phone' }, 'phone'],
      [{ alt: 'Company logo', exact: true }, 'logo'],
      [{ title: 'Abbrev' }, 'abbr'],
      [{ text: 'Email us' }, 'email-words'],
      [{ testId: 'basket-icon' }, 'ids'],
      [{ css: 'button', nth: 1 }, 'save'],
      [{ hint: 'Save everything' }, 'save-all'],
      ['Email address', 'mail'],
      ['Phone', 'phone'],
      ['Company logo', 'logo'],
      ['Abbreviation', 'abbr'],
      ['basket-icon', 'ids'],
      ['Close', 'close'],
      ['Shaded', 'shade'],
      ['.dup', 'null'],
      ['abbr.none', 'element-not-found'],
    ];
    const found = await ids(
      'read',
      targets.map(([target]) => target),
    );
    deepEqual(
      found.map((id) => (id === 'invalid-value' ? 'null' : id)),
      targets.map(([, id]) => id),
    );
  });

  it('puts interactive before static, visible before hidden, exact before partial', async () => {
    const targets = ['Save', 'Pay', 'save everything', 'Go now', 'Shaded', 'Tardy'];
    deepEqual(await ids('interact.click', targets), ['save', 'pay', 'save-all', 'go', 'shade', 'tardy']);
  });

  it('prefers fields to write in, and boxes to tick', async () => {
    deepEqual(await ids('interact.focus', ['Email address']), ['mail']);
    const results = await run(
      { command: 'interact.write', target: 'Email', text: 'a@b' },
      { command: 'assert.equals', target: '#mail', value: 'a@b' },
      { command: 'interact.check', target: 'Terms' },
      { command: 'assert.checked', target: '#terms' },
    );
    deepEqual(
      results.map(({ status }) => status),
      Array(4).fill('passed'),
      JSON.stringify(results),
    );
  });

  it('narrows by kind and place', async () => {
    const targets = [
      'Log in in the header',
      'Log in button in the main',
      'Help link in the footer',
      'Help in the nav',
      'Delete in the Ada row',
      'Delete button in the Bob row',
      'Edit in the Billing section',
      'Email address field',
    ];
    const expected = [
      'head-login',
      'main-login',
      'foot-help',
      'nav-help',
      'del-ada',
      'del-bob',
      'edit-billing',
      'mail',
    ];
    deepEqual(await ids('interact.hover', targets), expected);
  });

  it('reports what is ambiguous with the candidates', async () => {
    const [result] = await run({ command: 'interact.click', target: 'Delete', timeoutMs: 200 });
    equal(result?.error?.type, 'ambiguous-target');
    deepEqual(result?.target?.candidates, [
      'button "Delete" in the row "AdaDelete"',
      'button "Delete" in the row "BobDelete"',
    ]);
  });

  it('proposes what is near when nothing fits', async () => {
    const results = await run(
      { command: 'interact.click', target: 'Save evrything', timeoutMs: 50, onFailure: 'continue' },
      { command: 'interact.click', target: '#sav', timeoutMs: 50, onFailure: 'continue' },
      { command: 'interact.click', target: 'Nothing like it', timeoutMs: 50 },
    );
    match(results[0]?.error?.hint ?? '', /button "Save everything"/);
    match(results[1]?.error?.hint ?? '', /#save/);
    match(results[2]?.error?.hint ?? '', /Check that the page is the right one/);
  });

  it('says when a selector cannot be read', async () => {
    const [css, xpath] = await run(
      { command: 'interact.click', target: 'css=a[', onFailure: 'continue' },
      { command: 'interact.click', target: '//a[' },
    );
    deepEqual([css?.error?.type, xpath?.error?.type], ['invalid-value', 'invalid-value']);
  });

  it('counts and sees several matches without choosing among them', async () => {
    const results = await run(
      { command: 'assert.visible', target: 'Delete' },
      { command: 'assert.count', target: 'Delete', value: 2 },
      { command: 'assert.count', target: 'css=.dup', value: 2 },
      { command: 'assert.exists', target: 'Help' },
    );
    deepEqual(
      results.map(({ status }) => status),
      Array(4).fill('passed'),
      JSON.stringify(results),
    );
  });

  it('finds one of thousands by what is beside it, and knows that thousands are alike', async () => {
    const rows =
      "Array.from({ length: 3000 }, (_, at) => '<tr><td>User ' + at + '</td><td><button>Change</button></td></tr>')";
    const results = await run(
      { command: 'misc.execute', script: `list.innerHTML = ${rows}.join('')` },
      { command: 'interact.click', target: 'Change in the User 1999 row', timeoutMs: 20_000 },
      { command: 'assert.count', target: 'Change', value: 3000 },
    );
    match(results[1]?.target?.resolved ?? '', /nth-of-type\(2000\)/, JSON.stringify(results));
    equal(results[2]?.status, 'passed');
  });

  it('looks at a big page in a few milliseconds', async () => {
    const grow =
      'document.body.insertAdjacentHTML("beforeend", "<div><p>row <a href=#>open</a> <i>cell</i></p></div>".repeat(1500))';
    const results = await run(
      { command: 'misc.execute', script: grow },
      { command: 'assert.visible', target: 'Company logo' },
      { command: 'assert.visible', target: 'Company logo' },
    );
    equal((results[2]?.duration_ms ?? 999) < 250, true, `${results[2]?.duration_ms} ms`);
  });
});

describe('finding elements in forms whose fields are called as properties are', () => {
  const fields = ['id', 'children', 'labels', 'title', 'name', 'action'];
  const { run } = bench({
    '/': `<!doctype html><title>Forms</title>
      ${['Guests', 'Rooms']
        .map(
          (name) => `<form id="${name}" aria-label="${name}" onsubmit="return false">
            ${fields.map((field) => `<input name="${field}" aria-label="${field}">`).join('')}
            <div><button type="button" id="apply-${name}">Apply</button></div></form>`,
        )
        .join('')}`,
  });

  it('reads the elements, not the fields', async () => {
    const [apply, field, form] = await run(
      { command: 'interact.click', target: 'Apply in the Rooms form' },
      { command: 'interact.write', target: 'children field in the Guests form', text: '2' },
      { command: 'data.store-attribute', target: 'css=#Rooms', attribute: 'id', variable: 'id' },
    );
    deepEqual([apply?.error, field?.error, form?.error], [undefined, undefined, undefined]);
    match(apply?.target?.resolved ?? '', /#apply-Rooms$/);
    match(field?.target?.resolved ?? '', /Guests/);
    equal(form?.value, 'Rooms');
  });
});

describe('an element whose page is drawn anew while a step waits to act on it', () => {
  const { run } = bench({
    '/': `<!doctype html><title>Redrawn</title><div style="height:3000px"></div><table id="list"></table>
      <div id="veil" style="position:fixed;inset:0"></div>
      <script>
        const row = (name) => '<tr><td>' + name + '</td><td><button onclick="document.title = this.name" name="' + name + '">Delete</button></td></tr>';
        const draw = (names) => { list.innerHTML = names.map(row).join('') };
        draw(['Ada', 'Bob', 'Cy']);
        addEventListener('scroll', () => { draw(['Zoe', 'Ada', 'Bob', 'Cy']); veil.remove() }, { once: true });
      </script>`,
  });

  it('is found again by what it is, not by where it was', async () => {
    const [clicked, title] = await run(
      { command: 'interact.click', target: 'Delete in the Bob row' },
      { command: 'assert.title', value: 'Bob' },
    );
    deepEqual([clicked?.status, title?.actual], ['passed', 'Bob']);
  });
});

describe('a page that has made something else of the language', () => {
  const { run } = bench({
    '/': `<!doctype html><title>Own</title><script>
        window.Map = function () {};
        class Node {}
        Array.from = (one) => [one];
        Array.prototype.flatMap = Array.prototype.toJSON = String.prototype.trim = () => 'own';
        Object.entries = JSON.stringify = null;
      </script>
      <label>Name <input></label><button onclick="document.title = 'Saved'">Save</button>`,
  });

  it('is tested as any other', async () => {
    const results = await run(
      { command: 'interact.write', target: 'Name', text: 'Ada' },
      { command: 'assert.equals', target: 'Name', value: 'Ada' },
      { command: 'interact.click', target: 'Save' },
      { command: 'assert.exists', target: '//button[.="Save"]' },
      { command: 'assert.title', value: 'Saved' },
    );
    deepEqual(
      results.map(({ status }) => status),
      Array(5).fill('passed'),
      JSON.stringify(results),
    );
  });
});

describe('a page that is busy with work of its own', () => {
  const { run } = bench({
    '/': `<!doctype html><title>Busy</title><button>Work</button><script>
      const end = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
      document.querySelector('button').onclick = () => setTimeout(() => { end(3300); document.title = 'Done' });
    </script>`,
  });

  it('ends its work while the next step waits for it', async () => {
    const results = await run(
      { command: 'interact.click', target: 'Work', timeoutMs: 20_000 },
      { command: 'assert.exists', target: 'Work', timeoutMs: 20_000 },
      { command: 'assert.title', value: 'Done', timeoutMs: 20_000 },
    );
    deepEqual(
      results.map(({ status }) => status),
      Array(3).fill('passed'),
      JSON.stringify(results),
    );
  });
});
