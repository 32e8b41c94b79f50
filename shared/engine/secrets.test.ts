import { deepEqual, doesNotMatch, equal, match, notDeepEqual } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Step, StepResult } from '../../schemas/step.ts';
import { bench } from '../commands/testing/bench.ts';
import { maskFor } from './mask.ts';
import type { SessionOptions, SessionState } from './session.ts';
import { rewriteZip } from './zip.ts';

const page = `<!doctype html><title>Log in</title><style>* { caret-color: transparent }</style>
<label>PIN <input id="pin"></label><label id="boxed">Note <textarea></textarea></label>
<button id="show" onclick="pin.outerHTML = '<input id=pin value=' + pin.value + '>'">Show</button>
<div id="free" contenteditable>free</div><div id="host"></div>
<iframe name="inner" srcdoc="<input id=deep>"></iframe>
<script>
  host.attachShadow({ mode: 'open' }).innerHTML = '<input id="shady">';
  if (location.search === '?reset') pin.oninput = () => pin.removeAttribute('style');
</script>`;

const secrets = ['hunter2x', 'qwertzui'] as const;
const go = (url = '/'): Step => ({ command: 'navigate.to', url });
const write = (fields: Partial<Step>): Step => ({
  command: 'interact.write',
  text: '{{pin}}',
  secret: true,
  ...fields,
});

describe('a secret', () => {
  const { open, stored } = bench({
    '/': page,
    '/loud': `<script>console.error('${'x'.repeat(275)}hunter2x-hunter2x'); fetch('/ask', { headers: { authorization: 'Basic ' + btoa('ada:hunter2x') } })</script>`,
    '/ask': (request, response) => response.end(`<b>${request.headers.authorization}</b>`),
  });

  async function run(steps: Step[], options: Partial<SessionOptions> = {}): Promise<StepResult[]> {
    const session = await open({ config: { timeout: 2000, screenshots: 'none', trace: 'none' }, ...options });
    return (await session.runCheckpoint({ name: 'x', index: 0, steps })).results;
  }

  /** The picture of the last step, in which the secret is this text. */
  async function picture(
    steps: Step[],
    pin: string,
    options: Partial<SessionOptions> = { variables: { pin } },
  ): Promise<Uint8Array> {
    stored.clear();
    const last = { ...(steps.at(-1) as Step), screenshot: true };
    const results = await run([...steps.slice(0, -1), last], options);
    deepEqual(
      results.map(({ status }) => status),
      steps.map(() => 'passed'),
      JSON.stringify(results),
    );
    const [body] = [...stored.values()].map((one) => one.body);
    return body ?? new Uint8Array();
  }

  const where: Readonly<Record<string, Step[]>> = {
    'in a field': [go(), write({ target: '#pin' })],
    'key by key': [go(), write({ target: '#pin', delayMs: 1 })],
    'in a field whose page takes its style away': [go('/?reset'), write({ target: '#pin' })],
    'in the field of a label': [go(), write({ target: '#boxed' })],
    'in editable text': [go(), write({ target: '#free' })],
    'in the field that has the focus': [go(), { command: 'interact.click', target: '#pin' }, write({})],
    'in a component': [go(), write({ target: '#shady' })],
    'in a field in whose place the page puts one that shows it': [
      go(),
      write({ target: '#pin' }),
      { command: 'interact.click', target: '#show' },
    ],
    'in a frame': [go(), { command: 'window.switch-frame', name: 'inner' }, write({ target: '#deep' })],
  };
  for (const [place, steps] of Object.entries(where)) {
    it(`cannot be read in pictures when it is written ${place}`, async () => {
      deepEqual(await picture(steps, secrets[0]), await picture(steps, secrets[1]));
      const open = steps.map((step) => (step.command === 'interact.write' ? { ...step, secret: false } : step));
      notDeepEqual(await picture(open, secrets[0]), await picture(open, secrets[1]));
    });
  }

  it('of the environment cannot be read in pictures, whether the step that writes it says so or not', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of a test
    const steps = [go(), write({ target: '#pin', text: '${ENV:PIN}', secret: false })];
    const [one, other] = [secrets[0], secrets[1]].map((pin) => ({
      environment: { PIN: pin },
      secrets: [pin],
      variables: {},
    }));
    deepEqual(await picture(steps, '', one), await picture(steps, '', other));
  });

  it('cannot be read in pictures of later steps, either kind, until its field is gone', async () => {
    const wait: Step = { command: 'misc.comment', text: 'later' };
    const shot: Step = { command: 'misc.screenshot', name: 'page' };
    for (const steps of [
      [go(), write({ target: '#pin' }), wait],
      [go(), write({ target: '#pin' }), shot],
    ])
      deepEqual(await picture(steps, secrets[0]), await picture(steps, secrets[1]));
    equal((await picture([go(), write({ target: '#pin' }), go('/?next')], secrets[0])).length > 0, true);
  });

  it('is not cut in two where a record is shortened', async () => {
    const results = await run([go('/loud'), { command: 'wait.network-idle' }], { secrets: ['hunter2x-hunter2x'] });
    const [problem = ''] = results.flatMap(({ problems = [] }) => problems);
    match(problem, /x••••••$/);
  });

  it('is not cut in two where elements are described', async () => {
    const script = `document.body.innerHTML = '<table><tr><td>${'x'.repeat(34)}hunter2x-hunter2x<td><p id=a>${'y'.repeat(52)}hunter2x-hunter2x</p><td><button>Go</button></table><button>Go</button>'`;
    const results = await run(
      [
        go(),
        { command: 'misc.execute', script },
        { command: 'assert.exists', target: '#a' },
        { command: 'interact.click', target: 'Go', timeoutMs: 100 },
      ],
      { secrets: ['hunter2x-hunter2x'] },
    );
    match(results[2]?.target?.resolved ?? '', /y••••••…"/);
    equal(results[3]?.error?.type, 'ambiguous-target');
    doesNotMatch(JSON.stringify(results.slice(2)), /hunter/);
  });

  it('stands in no file of the trace, in no form', async () => {
    const config = { timeout: 2000, screenshots: 'none', trace: 'always' } as const;
    const session = await open({ config, variables: { pin: 'a<b>&"c"ü' }, secrets: ['hunter2x'] });
    const steps = [
      go(),
      write({ target: '#pin' }),
      write({ target: '#free' }),
      go('/loud'),
      { command: 'wait.network-idle' },
    ];
    await session.runCheckpoint({ name: 'x', index: 0, steps });
    const { trace = '', dispose } = await session.close({ trace: true });
    const found: string[] = [];
    rewriteZip(await readFile(trace), (content, name) => {
      const text = content.toString('utf8');
      if (/hunter2x|aHVudGVyM|odW50ZXIye|JvZGE6a|a<b>&|a&lt;b&gt;&amp;|a%3Cb%3E/.test(text)) found.push(name);
      return undefined;
    });
    await dispose();
    deepEqual(found, []);
  });

  it('that a step has written stays one when another browser goes on', async () => {
    const first = await open({ variables: { pin: 'hunter2x' } });
    await first.runCheckpoint({ name: 'x', index: 0, steps: [go(), write({ target: '#pin' })] });
    const state = JSON.parse(JSON.stringify(await first.state())) as SessionState;
    const log: Step = { command: 'misc.log', text: 'it is {{pin}}' };
    const [result] = await run([log], { state });
    equal(result?.value, 'it is ••••••');
  });

  it('of the environment is used, and told nowhere', async () => {
    const steps: Step[] = [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the vocabulary's own braces
      go('/?key=${ENV:KEY}'),
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the vocabulary's own braces
      { command: 'interact.write', target: '#pin', text: '${ENV:KEY}' },
      { command: 'data.store-value', target: '#pin', variable: 'seen' },
      { command: 'assert.url', value: '/', timeoutMs: 30 },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the vocabulary's own braces
      { command: 'misc.screenshot', name: 'shot-${ENV:KEY}' },
      {
        command: 'misc.execute',
        script: 'throw new Error(document.querySelector("#pin").value)',
        onFailure: 'continue',
      },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the vocabulary's own braces
      { command: 'interact.click', target: '${ENV:KEY}', timeoutMs: 30 },
    ];
    const results = await run(steps, { environment: { KEY: 's3cr3t key' }, secrets: ['s3cr3t key'] });
    equal(results.length, 7);
    deepEqual(
      results.map(({ status }) => status),
      ['passed', 'passed', 'passed', 'failed', 'passed', 'error', 'error'],
    );
    doesNotMatch(JSON.stringify([results, [...stored.keys()]]), /s3cr3t/);
    equal(results[2]?.value, '••••••');
  });
});

describe('the forms of a secret', () => {
  it('are those of Base64 wherever it stands, of HTML, and of JSON in ASCII', () => {
    const mask = maskFor(['pässword & "quotes"']);
    for (const before of ['', 'a', 'ab', 'user:'])
      for (const after of ['', 'z', 'zz']) {
        const encoded = Buffer.from(`${before}pässword & "quotes"${after}`).toString('base64');
        const shown = mask.text(encoded).replaceAll('••••••', '');
        equal(shown.length <= encoded.length - 22, true, `${before}${after}: ${shown}`);
      }
    for (const form of [
      'pässword &amp; "quotes"',
      'pässword &amp; &quot;quotes&quot;',
      'p\\u00e4ssword & \\"quotes\\"',
    ])
      equal(mask.text(`<${form}>`), '<••••••>');
  });
});
