import { deepEqual, equal, match } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { bench, statuses } from './testing/bench.ts';

const page = `<!doctype html><title>Play</title>
<style>body { margin: 10px } #pad { width: 200px; height: 100px; background: #eee } #from, #to { width: 80px; height: 40px }</style>
<div id="pad">pad</div>
<label id="named">Name <input id="name" value="old"></label><label>Other <input id="other"></label>
<textarea aria-label="Story">once</textarea><div id="rich" contenteditable>rich</div>
<label><input type="checkbox" id="box"> Box</label>
<label>Land <select id="land"><option value="se">Sweden</option><option value="no">Norway</option><option value="fi">Finland</option></select></label>
<div id="fake">Choose</div>
<div id="from" draggable="true">from</div><div id="to" ondragover="event.preventDefault()" ondrop="log('drop')">to</div>
<button id="hang" onclick="const until = performance.now() + 1200; while (performance.now() < until);">Hang</button>
<div id="grip">grip</div><div id="tray" style="margin-top: 40px">tray</div>
<button id="off" disabled>Off</button>
<input id="day" type="date"><input id="level" type="range" max="10"><input id="year" type="number">
<input id="locked" disabled><input id="unseen" hidden><input id="fixed" readonly>
<div style="position:relative"><button id="under">Under</button><div id="veil" style="position:absolute;inset:0">veil</div></div>
<script>
  window.events = [];
  const log = (what) => window.events.push(what);
  const at = (e) => { const b = pad.getBoundingClientRect(); return [Math.round((e.clientX - b.x) / b.width * 2), Math.round((e.clientY - b.y) / b.height * 2)].join(); };
  const held = (e) => ['ctrl', 'shift', 'alt', 'meta'].filter((k) => e[k + 'Key']).join('+');
  for (const type of ['click', 'dblclick', 'contextmenu', 'auxclick']) pad.addEventListener(type, (e) => { e.preventDefault(); log(type + ' ' + at(e) + ' ' + held(e)) });
  pad.addEventListener('mouseenter', () => { log('enter'); window.entered = performance.now() });
  pad.addEventListener('mouseleave', () => log('leave ' + Math.floor((performance.now() - window.entered) / 100)));
  for (const type of ['mousedown', 'mouseup', 'wheel']) pad.addEventListener(type, (e) => log(type + ' ' + (type === 'wheel' ? e.deltaY : e.button)));
  let grip, over;
  document.getElementById('grip').onpointerdown = (e) => { grip = { y: e.clientY } };
  document.addEventListener('pointermove', (e) => {
    if (!grip) return;
    if (grip.held) over = document.elementFromPoint(e.clientX, e.clientY).id;
    else if (Math.abs(e.clientY - grip.y) > 5) { grip.held = true; log('grabbed') }
  });
  document.addEventListener('pointerup', () => { if (over) log('dropped on ' + over); grip = undefined });
  document.addEventListener('mousemove', (e) => { window.mouse = e.clientX + ',' + e.clientY });
  document.getElementById('name').addEventListener('keydown', (e) => { log('key ' + e.key + ' ' + held(e)); (window.times ??= []).push(performance.now()) });
  document.getElementById('name').addEventListener('focus', () => log('focus'));
  document.getElementById('name').addEventListener('blur', () => log('blur'));
</script>`;

describe('interaction', () => {
  const { run, step, open } = bench({ '/': page });

  /** Runs the steps and gives what an expression is afterwards. */
  async function outcomeOf(expression: string, ...steps: Step[]): Promise<unknown> {
    const results = await run(...steps, { command: 'misc.execute', script: `return ${expression}` });
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results, null, 1));
    return results.at(-1)?.value;
  }
  const clicks = 'events.filter((e) => /click|context/.test(e))';

  it('clicks where the position says, with the button and the keys', async () => {
    deepEqual(
      await outcomeOf(
        clicks,
        { command: 'interact.click', target: '#pad' },
        { command: 'interact.click', target: '#pad', position: 'TOP_LEFT' },
        { command: 'interact.click', target: '#pad', position: 'BOTTOM_RIGHT', modifiers: ['shift', 'alt'] },
        { command: 'interact.click', target: '#pad', position: 'CENTER_RIGHT', button: 'middle' },
        { command: 'interact.double-click', target: '#pad', position: 'TOP_CENTER' },
        { command: 'interact.right-click', target: '#pad', position: 'BOTTOM_LEFT' },
      ),
      [
        'click 1,1 ',
        'click 0,0 ',
        'click 2,2 shift+alt',
        'auxclick 2,1 ',
        'click 1,0 ',
        'click 1,0 ',
        'dblclick 1,0 ',
        'contextmenu 0,2 ',
        'auxclick 0,2 ',
      ],
    );
  });

  it('clicks the element that a variable names', async () => {
    const steps = [
      { command: 'data.store-literal', value: '#pad', variable: 'where' },
      { command: 'interact.click', variable: 'where' },
    ];
    deepEqual(await outcomeOf(clicks, ...steps), ['click 1,1 ']);
  });

  it('hovers for as long as it is told', async () => {
    const steps = [
      { command: 'interact.hover', target: '#pad', durationMs: 250 },
      { command: 'mouse.move', x: 700, y: 700 },
    ];
    match(String(await outcomeOf('events.at(-1)', ...steps)), /^leave [2-9]/);
  });

  it('hovers where the position says', async () => {
    const hover = { command: 'interact.hover', target: '#pad', position: 'BOTTOM_LEFT' };
    const [x, y] = String(await outcomeOf('mouse', hover))
      .split(',')
      .map(Number);
    equal((x ?? 0) < 20 && (y ?? 0) > 100, true, `${x},${y}`);
  });

  it('lets go of the button over another element', async () => {
    const steps = [
      { command: 'mouse.down', target: 'Other' },
      { command: 'mouse.up', target: '#pad' },
    ];
    deepEqual(await outcomeOf('events.filter((e) => /^mouse/.test(e))', ...steps), ['mouseup 0']);
  });

  it('writes over what was there, or adds to it', async () => {
    const name = "document.getElementById('name').value";
    equal(await outcomeOf(name, { command: 'interact.write', target: 'Name', text: 'Ada' }), 'Ada');
    equal(await outcomeOf(name, { command: 'interact.write', target: 'Name', text: ' Ada', clear: false }), 'old Ada');
    equal(await outcomeOf(name, { command: 'interact.write', target: 'Name', text: '' }), '');
    equal(
      await outcomeOf('rich.textContent', { command: 'interact.write', target: '#rich', text: 'er', clear: false }),
      'richer',
    );
  });

  it('refuses what a field of its type would drop', async () => {
    const write = (target: string, text: string): Step => ({
      ...{ command: 'interact.write', target, text, onFailure: 'continue' },
    });
    const wrong = await run(write('#day', '28.11.2026'), write('#level', '50'), write('#year', 'last'));
    deepEqual(
      wrong.map(({ error }) => [error?.type, error?.message]),
      [
        ['invalid-value', "'28.11.2026' is nothing that a field of type date can hold"],
        ['invalid-value', "'50' is nothing that a field of type range can hold"],
        ['not-actionable', 'Cannot type text into input[type=number]'],
      ],
    );
    const right = [write('#day', '2026-11-28'), write('#level', '5'), write('#year', '2026'), write('#day', '')];
    equal(await outcomeOf('day.value + level.value + year.value', ...right), '52026');
  });

  it('adds to no field that takes no text', async () => {
    const add = (target: string): Step => ({
      ...{ command: 'interact.write', target, text: 'x', clear: false },
      ...{ timeoutMs: 300, onFailure: 'continue' },
    });
    const results = await run(add('#locked'), add('#unseen'), add('#fixed'), add('#pad'), add('css=#named'));
    deepEqual(
      results.map(({ error }) => error && [error.type, error.message]),
      ['is not enabled', 'is not visible', 'is read-only', 'does not take the focus', undefined].map(
        (why) => why && ['not-actionable', `nothing can be written here: the element ${why}`],
      ),
    );
    equal(await outcomeOf("document.getElementById('name').value", add('css=#named')), 'oldx');
  });

  it('writes into the field that has the focus', async () => {
    const focus = { command: 'interact.focus', target: 'Other' };
    equal(await outcomeOf('other.value', focus, { command: 'interact.write', text: 'abc' }), 'abc');
    const added = { command: 'interact.write', text: 'd', clear: false };
    equal(await outcomeOf('other.value', focus, { command: 'interact.write', text: 'abc' }, added), 'abcd');
    const nowhere = await step({ command: 'interact.write', text: 'abc' });
    deepEqual([nowhere.error?.type, nowhere.error?.message], ['not-actionable', 'no field has the focus']);
  });

  it('waits between keys when it is told to', async () => {
    const slowly = { command: 'interact.write', target: 'Name', text: 'abcd', delayMs: 60 };
    equal(Number(await outcomeOf('times.at(-1) - times[0]', slowly)) >= 170, true);
  });

  it('masks a secret in every record that follows', async () => {
    const [wrote, read] = await run(
      { command: 'interact.write', target: 'Name', text: 's3cret!', secret: true, label: 'type s3cret!' },
      { command: 'assert.equals', target: 'Name', value: 's3cret!' },
    );
    equal(JSON.stringify([wrote, read]).includes('s3cret!'), false);
    equal(read?.status, 'passed');
  });

  it('presses keys with modifiers, as often as it is told, where it is told', async () => {
    const press = { command: 'interact.key', key: 'a', target: 'Name', modifiers: ['ctrl'], repeat: 2 };
    deepEqual(await outcomeOf("events.filter((e) => e.startsWith('key a'))", press), ['key a ctrl', 'key a ctrl']);
    const tab = [
      { command: 'interact.focus', target: 'Name' },
      { command: 'interact.key', key: 'tab' },
    ];
    equal(await outcomeOf('document.activeElement.id', ...tab), 'other');
    const unknown = await step({ command: 'interact.key', key: 'entr' });
    deepEqual([unknown.status, unknown.error?.type], ['error', 'invalid-value']);
  });

  it('switches boxes on and off', async () => {
    const on = { command: 'interact.check', target: 'Box' };
    equal(await outcomeOf('box.checked', on), true);
    equal(await outcomeOf('box.checked', on, { command: 'interact.uncheck', target: 'Box' }), false);
  });

  it('chooses options by value, text, position and the last one', async () => {
    const choose = (how: object): Step => ({ command: 'interact.select', target: 'Land', ...how });
    equal(await outcomeOf('land.value', choose({ option: 'no' })), 'no');
    equal(await outcomeOf('land.value', choose({ option: 'Finland' })), 'fi');
    equal(await outcomeOf('land.value', choose({ index: 1 })), 'no');
    equal(await outcomeOf('land.value', choose({ last: true })), 'fi');
  });

  it('names the options when none fits, and refuses what is no select', async () => {
    const [none, fake] = await run(
      { command: 'interact.select', target: 'Land', option: 'Norwegen', timeoutMs: 1500, onFailure: 'continue' },
      { command: 'interact.select', target: '#fake', option: 'x' },
    );
    deepEqual([none?.error?.type, none?.error?.hint], ['element-not-found', 'Its options: Sweden, Norway, Finland.']);
    equal(fake?.error?.type, 'not-actionable');
  });

  it('drags and drops, focuses and blurs', async () => {
    equal(await outcomeOf("events.includes('drop')", { command: 'interact.drag', target: '#from', to: '#to' }), true);
    const steps = [
      { command: 'interact.focus', target: 'Name' },
      { command: 'interact.blur', target: 'Name' },
    ];
    deepEqual(await outcomeOf('events.filter((e) => /focus|blur/.test(e))', ...steps), ['focus', 'blur']);
  });

  it('drags by as many movements as pages need that follow the pointer', async () => {
    deepEqual(
      await outcomeOf('events.filter((e) => /^(grabbed|dropped)/.test(e))', {
        command: 'interact.drag',
        target: '#grip',
        to: '#tray',
      }),
      ['grabbed', 'dropped on tray'],
    );
  });

  it('says what is in the way when an element cannot be acted on', async () => {
    const [under, off] = await run(
      { command: 'interact.click', target: '#under', timeoutMs: 1500, onFailure: 'continue' },
      { command: 'interact.click', target: '#off', timeoutMs: 1500 },
    );
    equal(under?.error?.type, 'not-actionable', JSON.stringify(under));
    match(under?.error?.message ?? '', /veil.*intercepts pointer events/);
    const [hung] = await run({ command: 'interact.click', target: '#hang', timeoutMs: 500 });
    deepEqual(
      [hung?.error?.type, hung?.error?.message],
      ['timeout', 'the page did not come to rest in 500 ms after it was acted on'],
    );
    equal(off?.error?.message, 'the element could not be acted on in 1500 ms: element is not enabled');
  });

  it('moves the mouse to elements and points, presses, lets go and turns the wheel', async () => {
    equal(await outcomeOf('mouse', { command: 'mouse.move-to', target: '#pad' }), '110,60');
    const there = { command: 'mouse.move', x: 20, y: 30 };
    equal(await outcomeOf('mouse', there), '20,30');
    equal(await outcomeOf('mouse', there, { command: 'mouse.move-by', x: 5, y: -5 }), '25,25');
    const again = [{ command: 'mouse.enter', target: '#other' }, there, { command: 'mouse.enter', target: '#pad' }];
    equal(await outcomeOf("events.filter((e) => e === 'enter').length", ...again), 2);
    const buttons = [
      { command: 'mouse.down', target: '#pad', button: 'right' },
      { command: 'mouse.up', button: 'right' },
    ];
    deepEqual(await outcomeOf('events.filter((e) => /^mouse/.test(e))', ...buttons), ['mousedown 2', 'mouseup 2']);
    const wheel = [
      { command: 'mouse.move-to', target: '#pad' },
      { command: 'mouse.wheel', x: 0, y: 40 },
      { command: 'wait.time', durationMs: 50 },
    ];
    equal(await outcomeOf('events.at(-1)', ...wheel), 'wheel 40');
  });

  it('takes numbers and flags from variables', async () => {
    const session = await open({ variables: { where: 1, twice: '2' } });
    const { results } = await session.runCheckpoint({
      name: 'variables',
      index: 0,
      steps: [
        { command: 'navigate.to', url: '/' },
        { command: 'interact.select', target: 'Land', index: '{{where}}' },
        { command: 'assert.equals', target: 'Land', value: 'Norway' },
        { command: 'interact.key', key: 'x', target: 'Name', repeat: '$twice' },
        { command: 'assert.contains', target: 'Name', value: 'xx' },
      ],
    });
    deepEqual(new Set(statuses(results)), new Set(['passed']), JSON.stringify(results, null, 1));
  });
});
