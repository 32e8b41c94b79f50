import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type FakeApi, startFakeApi } from './cli/fake-api.testing.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './cli/temporary-folder.testing.ts';

const script = fileURLToPath(new URL('virtuoso.js', import.meta.url));

describe('the command line', () => {
  let api: FakeApi;
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
    await folder.add({
      'a.yaml': 'test: A\ndo:\n  - nav: https://a.example\n',
      'typo.yaml': 'test: B\ndo:\n  - clik: x\n',
    });
    api = await startFakeApi();
  });
  afterEach(async () => {
    await api.close();
    await folder.remove();
  });

  function start(args: readonly string[], options: readonly string[] = []): ChildProcess {
    const env = { PATH: process.env.PATH, VIRTUOSO_URL: api.url, VIRTUOSO_API_KEY: 'vrt_key' };
    return spawn(process.execPath, [...options, script, ...args], {
      cwd: folder.path,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function end(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
    const said = { out: '', err: '' };
    child.stdout?.on('data', (chunk) => {
      said.out += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      said.err += chunk;
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, ...said };
  }
  const virtuoso = (...args: string[]) => end(start(args));

  it('ends with 0 when all tests pass, and the report is there', async () => {
    const { code, out, err } = await virtuoso('run', 'a.yaml');
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /✔ Log in .*\n\n1 passed/);
    assert.equal(await readFile('virtuoso-report/index.html', 'utf8'), '<html/>');
  });

  it('ends with 1 when a test fails, and says what was expected and what was found', async () => {
    api.verdict = 'failed';
    const { code, out } = await virtuoso('run', 'a.yaml');
    assert.equal(code, 1);
    assert.match(out, /✘ Log in failed\n.*step 1: .*\n {4}expected Hello\n {4}actual {3}Bye\n/);
  });

  it('runs the right files, tells of the wrong one, and does not end with 0', async () => {
    const { code, out } = await virtuoso('run', '.');
    assert.equal(code, 1);
    assert.match(out, /typo\.yaml:3:5 {2}error[\s\S]*1 passed/);
  });

  it('ends with 2 and a sentence for bad usage, wrong files and an API that is not there', async () => {
    const cases: [string[], RegExp][] = [
      [['rum'], /^virtuoso: There is no command 'rum'\. Did you mean 'run'\?\n$/],
      [
        ['run', 'a.yaml', '--tmieout', '1s'],
        /^virtuoso: There is no option '--tmieout'\. Did you mean '--timeout'\?\n$/,
      ],
      [['run', 'gone.yaml'], /^virtuoso: There is no file or folder 'gone\.yaml'\.\n$/],
      [['run', 'typo.yaml'], /^virtuoso: .*can(not)? be run/],
      [['run', 'a.yaml', '--headed'], /^virtuoso: --headed is not possible: .* screenshot .* trace/],
      [['run', 'a.yaml', '--url', 'http://127.0.0.1:1'], /^virtuoso: http:\/\/127\.0\.0\.1:1 does not answer/],
      [['plan', 'typo.yaml'], /^typo\.yaml:3:5 {2}error/],
    ];
    for (const [args, sentence] of cases) {
      const { code, err } = await virtuoso(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, sentence);
      assert.doesNotMatch(err, /\n {4}at /, 'a stack is not for people');
    }
  });

  it('reads its --env-file itself, also when it is not there', async () => {
    const { PATH } = process.env;
    const child = spawn(script, ['run', 'a.yaml', '--env-file', 'gone.env'], { env: { PATH } });
    const { code, err } = await end(child);
    assert.match(err, /^virtuoso: The variables' file 'gone\.env' cannot be read: /);
    assert.equal(code, 2);
  });

  it('ends with 2, not with that of a failed test, when something is thrown where nobody catches it', async () => {
    api.script = () => 'hang';
    for (const [fields, words] of [
      ['{}', /^virtuoso: This is a bug of virtuoso: Error: late\n {4}at /],
      ['{ errcode: 13 }', /^virtuoso: The disk is full: free some space, and start again\.\n$/],
    ] as const) {
      const thrower = `process.on('newListener', (name) => {
        if (name === 'uncaughtException') setImmediate(() => { throw Object.assign(new Error('late'), ${fields}); });
      });`;
      const { code, err } = await end(start(['run', 'a.yaml'], ['--import', `data:text/javascript,${thrower}`]));
      assert.match(err, words);
      assert.equal(code, 2);
    }
  });

  it('prints JSON and nothing else with --json', async () => {
    const { code, out } = await virtuoso('run', '.', '--json');
    assert.equal(code, 1);
    assert.equal((JSON.parse(out) as { run: { id: string } }).run.id, 'run_1');
  });

  it('ends with 130 at once when it is interrupted while it waits', async () => {
    api.script = ({ path }) => (path === '/v1/runs/run_1' ? 'hang' : undefined);
    const child = start(['run', 'a.yaml']);
    const ended = end(child);
    while (!api.seen.some(({ path }) => path === '/v1/runs/run_1')) await new Promise((done) => setTimeout(done, 20));
    const interrupted = Date.now();
    child.kill('SIGINT');
    const { code } = await ended;
    assert.equal(code, 130);
    assert.ok(Date.now() - interrupted < 5000, 'it does not wait for the answer');
  });

  it('does not mind a reader that goes', async () => {
    const child = start(['commands', '--json']);
    const ended = end(child);
    child.stdout?.destroy();
    const { code, err } = await ended;
    assert.deepEqual([code, err], [0, '']);
  });
});
