import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PageServer, pageOf, startPages } from '../chain/page-server.ts';
import { type Spawned, spawnCli } from './spawned.testing.ts';

describe('the command line with a local cloud of its own', function () {
  this.timeout(120_000);
  let folder: string;
  /** One for all, so that the browser is unpacked once. */
  let temporary: string;
  let pages: PageServer;
  const spawned: Spawned[] = [];
  const start = (args: string[]) => {
    const one = spawnCli(args, { cwd: folder, temporary });
    spawned.push(one);
    return one;
  };
  before(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
  });
  after(() => rm(temporary, { recursive: true, force: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
    pages = await startPages({ '/': () => pageOf('<h1>Welcome</h1>'), '/hangs': () => undefined });
    const files = {
      'good.yaml': 'test: Good\ndo:\n  - nav: /\n  - ch: Welcome\n',
      'fails.yaml': 'test: Fails\nconfig:\n  timeout: 4000\ndo:\n  - nav: /\n  - ch: Farewell\n',
      'hangs.yaml': 'test: Hangs\ndo:\n  - nav: /hangs\n',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  });
  afterEach(async () => {
    for (const one of spawned.splice(0)) {
      if (one.process.exitCode === null) one.process.kill('SIGKILL');
      await one.ended;
    }
    await pages.close();
    for (const name of await foldersLeft()) await rm(join(temporary, name), { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });
  const foldersLeft = async () => (await readdir(temporary)).filter((name) => !name.startsWith('virtuoso-chromium-'));
  const leavesNothing = async ({ leftovers }: Spawned) => {
    assert.deepEqual(leftovers(), []);
    assert.deepEqual(await foldersLeft(), []);
  };
  const refused = async (one: Spawned, says: RegExp) => {
    assert.equal(await one.ended, 2);
    assert.match(one.stderr, says);
    assert.match(one.stderr, /^virtuoso: [^\n]+\n$/);
  };

  it('runs a test: exit code 0, the report, JUnit and JSON', async () => {
    const one = start([
      'run',
      'good.yaml',
      '--memory',
      '--base-url',
      pages.origin,
      '--report',
      'out',
      '--junit',
      'x/junit.xml',
      '--json',
    ]);
    assert.equal(await one.ended, 0, one.stderr);
    const { run, sessions } = JSON.parse(one.stdout) as { run: { status: string }; sessions: { testName: string }[] };
    assert.equal(run.status, 'passed');
    assert.deepEqual(
      sessions.map(({ testName }) => testName),
      ['Good'],
    );
    assert.deepEqual((await readdir(join(folder, 'out'))).sort(), [
      'index.html',
      'junit.xml',
      'manifest.json',
      'results.json',
    ]);
    assert.match(await readFile(join(folder, 'x/junit.xml'), 'utf8'), /^<\?xml[\s\S]*<testsuites/);
    assert.match(await readFile(join(folder, 'out/index.html'), 'utf8'), /Good/);
    await leavesNothing(one);
  });

  it('ends with 1 when a test fails, and says where', async () => {
    const one = start(['run', 'fails.yaml', '--memory', '--base-url', pages.origin]);
    assert.equal(await one.ended, 1, one.stderr);
    assert.match(one.stdout, /\n✘ Fails failed\n {4}.*, step 2: See “Farewell”\n[\s\S]*0 passed, 1 failed · 2 steps/);
    assert.match(one.stdout, /\nOn Google Cloud: about \$0\.\d+, \$\d+\.\d+ a thousand steps .*\n$/);
    await leavesNothing(one);
  });

  it('ends soon on Ctrl-C with 130, and leaves no process, no port and no folder', async () => {
    const one = start(['run', 'hangs.yaml', '--memory', '--base-url', pages.origin]);
    await pages.visited('/hangs', 1);
    assert.ok(
      one.leftovers().some((command) => command.includes('chromium')),
      'the browser is one of ours',
    );
    const begun = Date.now();
    one.process.kill('SIGINT');
    assert.equal(await one.ended, 130, one.stderr);
    assert.ok(Date.now() - begun < 15_000, `${Date.now() - begun} ms`);
    assert.match(one.stdout, /\nInterrupted\.\n$/);
    await leavesNothing(one);
  });

  it('ends on Ctrl-C while the cloud starts, too', async () => {
    const one = start(['run', 'good.yaml', '--memory', '--base-url', pages.origin]);
    for (let left = 100; left > 0 && (await foldersLeft()).length === 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 50));
    one.process.kill('SIGINT');
    assert.equal(await one.ended, 130, one.stderr);
    await leavesNothing(one);
  });

  it('serves until it is stopped: tells address and key, answers, and leaves nothing', async () => {
    const one = start(['serve', '--port', '0', '--memory', '--log', 'quiet']);
    const told = await one.printed(/API key: \S+\n[\s\S]*virtuoso run/);
    const [, origin = '', key = ''] = told.match(/^Virtuoso is up at (\S+)\nAPI key: (\S+)\n/) ?? [];
    const health = await fetch(`${origin}/health`);
    assert.equal(health.status, 200);
    await health.body?.cancel();
    const runs = await fetch(`${origin}/v1/runs`, { headers: { 'x-api-key': key } });
    assert.deepEqual(((await runs.json()) as { items: unknown[] }).items, []);
    one.process.kill('SIGINT');
    assert.equal(await one.ended, 0, one.stderr);
    assert.match(one.stdout, /\nStopping…\n\nBillable operations, .*\n[\s\S]*\n {2}health +1 request .* \$0\.0\d+\n$/);
    assert.equal(one.stderr, '');
    await leavesNothing(one);
  });

  it('serves with logs in JSON and nothing else on standard output', async () => {
    const one = start(['serve', '--port', '0', '--memory', '--log', 'json']);
    let told = '';
    await new Promise<void>((resolve) => {
      one.process.stderr?.on('data', (text: string) => {
        told += text;
        if (/virtuoso run/.test(told)) resolve();
      });
    });
    const [, origin = ''] = told.match(/up at (\S+)/) ?? [];
    await (await fetch(`${origin}/health`)).text();
    await one.printed(/"function":"health"/);
    one.process.kill('SIGTERM');
    assert.equal(await one.ended, 0);
    for (const line of one.stdout.trim().split('\n')) JSON.parse(line);
  });

  it('says in a sentence that the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const one = start(['serve', '--port', String(port), '--memory']);
    await refused(one, new RegExp(`Port ${port} is taken: stop what listens there, or choose another with --port\\.`));
    await new Promise((resolve) => server.close(resolve));
    await leavesNothing(one);
  });

  it('says in a sentence that another one has the data folder', async () => {
    const first = start(['serve', '--port', '0', '--data', 'kept', '--log', 'quiet']);
    await first.printed(/API key/);
    const second = start(['run', 'good.yaml', '--data', 'kept']);
    await refused(second, new RegExp(`data folder .*kept is in use by process ${first.process.pid}: stop that one`));
    first.process.kill('SIGTERM');
    assert.equal(await first.ended, 0);
  });

  it('leaves no process when it is killed', async () => {
    const one = start(['run', 'hangs.yaml', '--memory', '--base-url', pages.origin]);
    await pages.visited('/hangs', 1);
    one.process.kill('SIGKILL');
    await one.ended;
    for (let left = 100; left > 0 && one.leftovers().length > 0; left--)
      await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(one.leftovers(), []);
  });
});
