import assert from 'node:assert/strict';
import sinon from 'sinon';
import { version } from '../../shared/platform/version.ts';
import { fail, main } from './main.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';

describe('the commands', () => {
  let folder: TemporaryFolder;
  const { VIRTUOSO_URL, VIRTUOSO_API_KEY } = process.env;
  beforeEach(async () => {
    delete process.env.VIRTUOSO_URL;
    delete process.env.VIRTUOSO_API_KEY;
    folder = await enterTemporaryFolder();
    await folder.add({
      'good.yaml': 'test: Good\ndo:\n  - nav: /\n  - c: Log in\n',
      'bad.yaml': 'test: Bad\ndo:\n  - clik: Log in\n',
      file: '',
      'empty/readme.md': '',
    });
  });
  afterEach(async () => {
    sinon.restore();
    for (const [name, value] of Object.entries({ VIRTUOSO_URL, VIRTUOSO_API_KEY }))
      if (value !== undefined) process.env[name] = value;
      else delete process.env[name];
    await folder.remove();
  });
  const virtuoso = async (...args: string[]) => {
    const said = { out: '', err: '' };
    const out = sinon.stub(process.stdout, 'write').callsFake((text) => {
      said.out += text;
      return true;
    });
    const err = sinon.stub(process.stderr, 'write').callsFake((text) => {
      said.err += text;
      return true;
    });
    try {
      return { code: await main(args), ...said };
    } finally {
      out.restore();
      err.restore();
    }
  };
  /** Exit code 2, and one sentence on standard error. */
  const refused = async (args: string[], says: RegExp) => {
    const { code, err } = await virtuoso(...args);
    assert.match(err, says);
    assert.match(err, /^virtuoso: [^\n]+\n$/);
    assert.equal(code, 2);
  };

  it('say their version and their help', async () => {
    for (const flag of ['--version', '-v'])
      assert.deepEqual(await virtuoso(flag), { code: 0, out: `${version}\n`, err: '' });
    for (const flag of ['--help', '-h', 'help']) {
      const { code, out } = await virtuoso(flag);
      assert.equal(code, 0);
      for (const name of [
        'run',
        'rerun',
        'watch',
        'cancel',
        'live',
        'serve',
        'plan',
        'convert',
        'commands',
        'dead-letters',
      ])
        assert.match(out, new RegExp(`^ {2}${name} `, 'm'));
    }
    for (const args of [
      ['run', '--help'],
      ['run', '-h'],
      ['help', 'run'],
    ]) {
      const { code, out } = await virtuoso(...args);
      assert.equal(code, 0);
      assert.match(out, /^Usage: virtuoso run FILES\|FOLDERS… \[options\]$/m);
    }
  });

  it('show their help and end with 2 when none is named', async () => {
    const { code, out } = await virtuoso();
    assert.equal(code, 2);
    assert.match(out, /Usage: virtuoso COMMAND/);
  });

  const wrong: [string, string[], RegExp][] = [
    [
      'an unknown command',
      ['explode'],
      /no command 'explode'\. There are run, rerun, watch, cancel, live, serve, plan, convert, commands, library, schedules, stats, backfill, dead-letters, backup, restore, export, import, convert-dump, deploy, rollback\./,
    ],
    ['help of an unknown command', ['help', 'rum'], /Did you mean 'run'\?/],
    ['no file', ['run'], /Name at least one file or folder/],
    ['a folder without tests', ['run', 'empty'], /There is no test file .* below empty\./],
    ['watch without a run', ['watch', '--url', 'http://a', '--api-key', 'k'], /Name one run/],
    ['watch of something else', ['watch', 'tests/', '--url', 'http://a', '--api-key', 'k'], /'tests\/' is no run/],
    ['watch without an API', ['watch', 'run_1'], /Name the API.*--url/],
    ['cancel without an API', ['cancel', 'run_1'], /Name the API.*--url/],
    ['--url without a key', ['run', '--url', 'http://127.0.0.1:9', 'good.yaml'], /An API key is needed/],
    ['--url that is no address', ['run', '--url', 'localhost:8484', 'good.yaml'], /must be an address that begins/],
    ['a key without --url', ['run', '--api-key', 'k', 'good.yaml'], /--api-key is for an API/],
    ['--memory and --data', ['run', '--memory', '--data', 'd', 'good.yaml'], /not both/],
    ['--base-url that is no address', ['run', '--base-url', 'shop', 'good.yaml'], /must be an address that begins/],
    ['--base-url without a host', ['run', '--base-url', 'http://', 'good.yaml'], /must be an address that begins/],
    ['an option that is empty', ['run', '--data', '', 'good.yaml'], /'--data' is empty/],
    ['one of several values that is empty', ['run', '--tag', 'a', '--tag=', 'good.yaml'], /'--tag' is empty/],
    [
      'a cloud that is not there',
      ['dead-letters', '--cloud', 'http://127.0.0.1:1'],
      /is a local cloud running there\?/,
    ],
    ['a backup of nothing', ['backup', 'b', '--data', 'typo'], /There is no data folder 'typo'/],
    ['a restore of nothing', ['restore', 'empty', '--data', 'd'], /empty holds no whole export/],
    ['a dump without rows', ['convert-dump', 'good.yaml', '--dry-run'], /no rows as pg_dump writes them/],
    ['a dump that is a folder', ['convert-dump', 'empty', 'd'], /'empty' cannot be made an export: EISDIR/],
    ['--retries that is no count', ['run', '--retries', 'many', 'good.yaml'], /whole number from 0 to 5/],
    ['--parallel that is no count', ['run', '--parallel', '0', 'good.yaml'], /whole number from 1 to 64/],
    ['--priority that is none', ['run', '--priority', 'urgent', 'good.yaml'], /must be high, normal, low/],
    ['--time-limit that is no duration', ['run', '--time-limit', 'soon', 'good.yaml'], /is not a duration/],
    ['--timeout that is no duration', ['run', '--timeout', 'soon', 'good.yaml'], /is not a duration/],
    ['--timeout that is no time', ['run', '--timeout', '0', 'good.yaml'], /'--timeout 0' must be from 1ms to 10m/],
    [
      '--time-limit that is too short',
      ['run', '--time-limit', '0', 'good.yaml'],
      /'--time-limit 0' must be from 1s to 1440m/,
    ],
    ['--var without a value', ['run', '--var', 'user', 'good.yaml'], /not of the form name=value/],
    ['--grep that is no expression', ['run', '--grep', '(', 'good.yaml'], /not a regular expression/],
    ['a tag that no test has', ['run', '--tag', 'smoke', 'good.yaml'], /No test fits --tag and --grep/],
    ['a report that is a file', ['run', '--report', 'file', 'good.yaml'], /folder 'file' cannot be made/],
    ['a report that cannot be written', ['run', '--report', '/proc', 'good.yaml'], /cannot be (made|written)/],
    ['a JUnit file that is a folder', ['run', '--junit', 'empty', 'good.yaml'], /'empty' is a folder/],
    ['--log in a form that is none', ['serve', '--log', 'constructor'], /must be pretty, json or quiet/],
    ['a port that is none', ['serve', '--port', '70000'], /whole number from 0 to 65535/],
    ['serve with a file', ['serve', 'good.yaml'], /takes no 'good\.yaml'/],
    ['commands with two names', ['commands', 'a', 'b'], /Name one group or command/],
    ['commands of an unknown command', ['commands', 'interact.clik'], /Did you mean 'interact\.click'\?/],
    ['a command without its group', ['commands', 'click'], /Did you mean 'interact\.click'\?/],
    ['commands of an unknown group', ['commands', 'interacts'], /Did you mean 'interact'\?/],
  ];
  for (const [what, args, says] of wrong) it(`refuse ${what} in a sentence, with 2`, () => refused(args, says));

  it('tell what a tool that they need could not do, in its words', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder.path;
    try {
      await refused(['rollback', '--project', 'p', '--region', 'r'], /'gcloud run .*' failed \(127\): .*gcloud/);
    } finally {
      process.env.PATH = PATH;
    }
  });

  it('tell what the cloud refused in its words, and a bug with where it is', () => {
    const err = sinon.stub(process.stderr, 'write');
    const refused = Object.assign(new Error('7 PERMISSION_DENIED: no access'), { code: 7 });
    const codes = [fail(refused), fail(new TypeError('x is not a function')), fail('odd')];
    const told = err.args.map(([text]) => String(text));
    err.restore();
    assert.deepEqual(codes, [2, 2, 2]);
    assert.equal(told[0], 'virtuoso: The cloud refused: 7 PERMISSION_DENIED: no access\n');
    assert.match(told[1] ?? '', /^virtuoso: This is a bug of virtuoso: TypeError: x is not a function\n {4}at /);
    assert.equal(told[2], 'virtuoso: This is a bug of virtuoso: odd\n');
  });

  it('take an empty VIRTUOSO_URL for none', async () => {
    process.env.VIRTUOSO_URL = '';
    await refused(['run', '--api-key', 'k', 'good.yaml'], /give its --url too/);
  });

  it('end with 2 when none of the files can be run, and tell what is wrong with each', async () => {
    const { code, out, err } = await virtuoso('run', 'bad.yaml', 'file', '--memory');
    assert.equal(code, 2);
    assert.match(out, /bad\.yaml:3:5 {2}error[\s\S]*file:1:1 {2}error/);
    assert.match(err, /^virtuoso: None of the 2 file\(s\) can be run: see above\.\n$/);
  });

  it('keep standard output for the results when they are wanted as JSON', async () => {
    const { code, out, err } = await virtuoso('run', 'bad.yaml', '--json', '--memory');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /bad\.yaml:3:5 {2}error/);
  });

  it('plan --strict: ends with 1 where there are warnings, and with 2 where there are errors', async () => {
    await folder.add({ 'slow.yaml': 'test: Slow\ndo:\n  - wait: 20000\n' });
    assert.equal((await virtuoso('plan', 'slow.yaml')).code, 0);
    assert.equal((await virtuoso('plan', '--strict', 'good.yaml')).code, 0);
    const strict = await virtuoso('plan', '--strict', 'slow.yaml');
    assert.equal(strict.code, 1);
    assert.match(strict.err, /slow\.yaml:3:11 {2}warning {2}waits 20 s/);
    assert.equal((await virtuoso('plan', '--strict', 'slow.yaml', 'bad.yaml')).code, 2);
  });

  it('plan: print the canonical steps, for people and as JSON', async () => {
    const { code, out } = await virtuoso('plan', 'good.yaml');
    assert.equal(code, 0);
    assert.match(out, /^Good good\.yaml\n[\s\S]* 1 {2}navigate\.to[\s\S]* 2 {2}interact\.click /);
    const planned = await virtuoso('plan', '--json', 'good.yaml', 'bad.yaml');
    assert.equal(planned.code, 2);
    const plans = JSON.parse(planned.out) as { file: string; definition: { name: string } }[];
    assert.deepEqual(
      plans.map(({ file, definition }) => [file, definition.name]),
      [['good.yaml', 'Good']],
    );
    assert.match(planned.err, /bad\.yaml:3:5/);
  });

  it('plan: gives the terminal no orders', async () => {
    await folder.add({ 'evil.yaml': 'test: "a\\e[2Jb\\nc"\ndo:\n  - group: "d\\e[2J"\n    do:\n      - nav: /\n' });
    const { out } = await virtuoso('plan', 'evil.yaml');
    assert.equal(out, 'a [2Jb c evil.yaml\n  d [2J\n     1  navigate.to            Go to “/”\n\n');
  });

  it('print the vocabulary: all of it, a group, one command, and as JSON', async () => {
    const all = (await virtuoso('commands')).out;
    assert.match(all, /^\nnavigate\n {2}navigate\.to [\s\S]*\n\ninteract\n {2}interact\.click [\s\S]*\n\nassert\n/);
    assert.match((await virtuoso('commands', 'interact')).out, /^\ninteract\n( {2}interact\.\S+ +.*\n)+$/);
    const one = (await virtuoso('commands', 'navigate.to')).out;
    assert.match(
      one,
      /^navigate\.to\nOpens[\s\S]*\nFields \(\* is required\):\n[\s\S]* {2}url \* [\s\S]*\nExamples:\n {2}\{/,
    );
    const catalogue = JSON.parse((await virtuoso('commands', '--json')).out) as Record<string, unknown>[];
    assert.ok(catalogue.length > 50);
    for (const command of catalogue) assert.deepEqual(Object.keys(command), ['name', 'summary', 'fields', 'examples']);
  });
});
