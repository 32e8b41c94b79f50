import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import sinon from 'sinon';
import { ApiError } from './api-answer.ts';
import { type FakeApi, type Script, startFakeApi } from './fake-api.testing.ts';
import { live } from './live.ts';
import { liveTerminal } from './live-terminal.ts';
import { readTyped } from './read-typed.ts';
import { aTerminal } from './recorded-terminal.testing.ts';
import type { CommandView, PageView, SessionApi } from './session-api.ts';
import { spawnCli } from './spawned.testing.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

const passed = (n: number, more: Partial<CommandView> = {}): CommandView => ({
  ...{ n, status: 'passed', result: { command: 'interact.click', durationMs: 12 } },
  ...more,
});

const page: PageView = {
  ...{ url: 'https://a.example/', title: 'A', snapshot: { kind: 'full', text: '- button "Go"' } },
  ...{ tabs: [{ url: 'https://b.example/', active: false }], notes: [], problems: ['console error: Oh'] },
  dialog: { kind: 'confirm', message: 'Sure?' },
};

describe('a line that is typed', () => {
  for (const [line, step] of [
    ['click Log in', 'click Log in'],
    ['c: Log in', 'c: Log in'],
    ["write 'a: b' in 'Email'", "write 'a: b' in 'Email'"],
    ['t: { Email: ada }', { t: { Email: 'ada' } }],
    ['{ command: interact.click, target: Go }', { command: 'interact.click', target: 'Go' }],
    ['interact.click target: Log in', { command: 'interact.click', target: 'Log in' }],
    ['wait.time durationMs: 5, label: x', { command: 'wait.time', durationMs: 5, label: 'x' }],
    ['navigate.back', { command: 'navigate.back' }],
  ] as const) {
    it(`is a step: ${line}`, () => assert.deepEqual(readTyped(line), step));
  }

  it('is told what is wrong with it', () => {
    assert.throws(() => readTyped('{ command: ['), /^Error: That cannot be read: /);
    assert.throws(() => readTyped('interact.click target: "Go'), /That cannot be read/);
  });
});

describe('a terminal of a live session', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
  });
  afterEach(() => folder.remove());

  function bench() {
    let n = 0;
    const session = {
      id: 'ses_1',
      send: sinon.stub<Parameters<SessionApi['send']>, Promise<CommandView>>().callsFake(async () => passed(++n)),
      wait: sinon.stub<[number], Promise<CommandView>>(),
      page: async () => page,
      beginCheckpoint: sinon.stub<[string], Promise<void>>().resolves(),
      save: sinon.stub<Parameters<SessionApi['save']>, Promise<{ text: string }>>().resolves({ text: 'test: x\n' }),
      close: async () => {},
    };
    const terminal = aTerminal();
    return { ...liveTerminal(session, terminal), session, terminal };
  }

  it('does a step a line, and says what came of it', async () => {
    const { type, session, terminal } = bench();
    session.send.onFirstCall().resolves(
      passed(1, {
        snapshot: { kind: 'diff', text: '+ - heading "Hi"', note: '3 lines were left out.' },
        resumed: { url: 'https://a.example/', replayed: [2], notReplayed: [], notes: ['a tab is gone'] },
      }),
    );
    assert.equal(await type('click Go'), true);
    assert.equal(session.send.firstCall.args[0], 'click Go');
    assert.equal(
      terminal.text,
      '✔ 1 interact.click 12 ms\n  another browser went on at https://a.example/; done again: 2\n  a tab is gone\n    + - heading "Hi"\n    3 lines were left out.\n',
    );
    assert.equal(await type('# a remark'), true);
    assert.equal(session.send.callCount, 1);
  });

  it('says what was expected, and how an error is mended; no page gives orders to the terminal', async () => {
    const { type, session, terminal } = bench();
    const result = { command: 'assert.equals', durationMs: 1 };
    session.send.onFirstCall().resolves({ n: 1, status: 'failed', result: { ...result, expected: 'a', actual: 'b' } });
    const error = { message: 'no \u001b[2Jelement', hint: 'Look at the page.' };
    session.send.onSecondCall().resolves({ n: 2, status: 'error', result: { ...result, error } });
    assert.deepEqual([await type('see a'), await type('see b')], [false, false]);
    assert.match(terminal.text, /expected "a", got "b"/);
    assert.match(terminal.text, / {2}no .*element\n {2}Look at the page\.\n$/);
    assert.equal(terminal.text.includes('\u001b'), false);
  });

  it('waits for what takes long, and says so', async () => {
    const { type, session, terminal } = bench();
    session.send.onFirstCall().resolves({ n: 1, status: 'pending' });
    session.wait.onFirstCall().resolves({ n: 1, status: 'running' }).onSecondCall().resolves(passed(1));
    assert.equal(await type('click Go'), true);
    assert.equal(session.wait.callCount, 2);
    assert.match(terminal.text, /waits for its turn, or for a browser\n.*\n✔ 1/);
  });

  it('does what was suggested by its number', async () => {
    const { type, session, terminal } = bench();
    const step = { command: 'interact.click', target: 'Buy' };
    session.send.onFirstCall().resolves(passed(1, { suggestions: [{ step, reason: 'a button' }] }));
    assert.equal(await type('1'), false);
    await type('click Go');
    await type('suggest');
    assert.equal(await type('1'), true);
    assert.deepEqual(session.send.secondCall.args[0], step);
    assert.match(
      terminal.text,
      /There is no suggestion 1[\s\S]*1 {2}\{"command":"interact.click","target":"Buy"\} {2}a button/,
    );
  });

  it('shows the page, its dialog among it, and what was done', async () => {
    const { type, terminal } = bench();
    await type('click Go');
    await type('page');
    await type('history');
    const lines = [
      'A https://a.example/',
      '  tab https://b.example/',
      '  a confirm is open: "Sure?"',
      '  console error: Oh',
    ];
    assert.equal(
      terminal.text,
      `✔ 1 interact.click 12 ms\n${[...lines, '    - button "Go"', '   1  passed  click Go'].join('\n')}\n`,
    );
  });

  it('saves what went well as a test, and overwrites nothing', async () => {
    const { type, session, terminal } = bench();
    assert.equal(await type('save log-in.yaml'), true);
    assert.deepEqual(session.save.args, [['log-in', 'compact', 'yaml']]);
    assert.equal(await readFile('log-in.yaml', 'utf8'), 'test: x\n');
    assert.equal(await type('save log-in.yaml'), false);
    assert.equal(await type('save x.json jurney'), false);
    assert.equal(await type('save'), false);
    assert.match(terminal.text, /is there already[\s\S]*Did you mean 'journey'[\s\S]*Name one file/);
  });

  it('helps, and takes what begins as its own words do for steps where it is more', async () => {
    const { type, session, terminal } = bench();
    await type('help');
    await type('help interact.write');
    assert.match(terminal.text, /save FILE \[FORM\][\s\S]*Writes text into the field/);
    assert.equal(await type('help interact.wirte'), false);
    await type('page down');
    assert.deepEqual(
      session.send.args.map(([step]) => step),
      ['page down'],
    );
    await type('checkpoint Pay for it');
    assert.deepEqual(session.beginCheckpoint.args, [['Pay for it']]);
  });

  it('goes on after what the API refuses, and ends when the session is gone', async () => {
    const { type, session, terminal } = bench();
    session.send.onFirstCall().rejects(new ApiError('The steps have 1 problem(s).\n  /step: unknown', 422));
    session.send.onSecondCall().rejects(new ApiError('The session is expired.', 409));
    assert.equal(await type('clik Go'), false);
    assert.match(terminal.text, /^error {2}The steps have 1 problem\(s\)\.\n {2}\/step: unknown\n$/);
    await assert.rejects(type('click Go'), /expired/);
  });
});

describe('virtuoso live', () => {
  let api: FakeApi;
  let folder: TemporaryFolder;
  before(async () => {
    api = await startFakeApi();
    folder = await enterTemporaryFolder();
  });
  after(async () => {
    await api.close();
    await folder.remove();
  });

  /** An API whose commands pass, but those that say fail. */
  const script: Script = ({ method, path, body }, count) => {
    if (method === 'GET' && path === '/v1/sessions/ses_7') return { body: { id: 'ses_7', status: 'idle' } };
    if (path === '/v1/sessions') return { status: 201, body: { id: 'ses_1' } };
    if (method === 'DELETE') return { status: 204, body: '' };
    if (!path.endsWith('/commands')) return undefined;
    return { body: { ...passed(count), status: body.includes('fail') ? 'failed' : 'passed' } };
  };

  async function typed(input: string, ...args: string[]) {
    api.script = script;
    const before = api.seen.length;
    const all = ['live', ...args, '--url', api.url, '--api-key', 'k'];
    const child = spawnCli(all, { cwd: process.cwd(), temporary: process.cwd(), input });
    const code = await child.ended;
    const seen = api.seen.slice(before);
    const steps = seen.filter(({ path }) => path.endsWith('/commands')).map(({ body }) => JSON.parse(body).step);
    return { code, steps, seen, stdout: child.stdout, stderr: child.stderr };
  }

  it('does each line of a pipe, and closes its session', async () => {
    const { code, steps, seen } = await typed(
      'click A\n\nclick B\nexit\nclick C\n',
      'localhost:3000/shop',
      '--var',
      'who=Ada',
    );
    assert.equal(code, 0);
    assert.deepEqual(steps, [{ command: 'navigate.to', url: 'http://localhost:3000/shop' }, 'click A', 'click B']);
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), { baseUrl: 'http://localhost:3000', variables: { who: 'Ada' } });
    assert.deepEqual([seen.at(-1)?.method, seen.at(-1)?.path], ['DELETE', '/v1/sessions/ses_1']);
  });

  it('ends at the first line that fails, with exit code 1; goes on where it is told to', async () => {
    const first = await typed('fail\nclick B\n');
    assert.deepEqual([first.code, first.steps], [1, ['fail']]);
    const all = await typed('fail\nclick B\n', '--keep-going', '--session', 'ses_7', '--keep');
    assert.deepEqual([all.code, all.steps], [1, ['fail', 'click B']]);
    assert.deepEqual(
      all.seen.map(({ path, method }) => `${method} ${path}`),
      ['GET /v1/sessions/ses_7', 'POST /v1/sessions/ses_7/commands', 'POST /v1/sessions/ses_7/commands'],
    );
    assert.match(all.stdout, /virtuoso live --session ses_7/);
  });

  it('looks for a session that is named first: with none there, nothing is read, and nothing closed', async () => {
    const { code, seen, stdout, stderr } = await typed('', '--session', 'ses_8');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^virtuoso: There is no GET \/v1\/sessions\/ses_8\.\n$/);
    assert.equal(seen.length, 1);
  });

  it('says in a sentence what it cannot do', async () => {
    await assert.rejects(live.run(['ftp://a.example'], {}), /'ftp:\/\/a.example' is no address: write https:/);
    await assert.rejects(live.run(['a.example', 'b.example'], {}), /'b.example' is another/);
    await assert.rejects(live.run([], { session: 'run_1' }), /'run_1' is no session/);
    await assert.rejects(live.run([], { session: 'ses_1', var: ['a=b'] }), /not with --session/);
  });
});
