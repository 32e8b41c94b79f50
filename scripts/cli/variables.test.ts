import assert from 'node:assert/strict';
import { UsageError } from './command.ts';
import { enterTemporaryFolder, type TemporaryFolder } from './temporary-folder.testing.ts';
import { readCount, readDuration, readUrl, readVariables } from './variables.ts';

const usage = (message: RegExp) => (error: unknown) => error instanceof UsageError && message.test(error.message);

describe('the variables of a run', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => {
    folder = await enterTemporaryFolder();
  });
  afterEach(() => folder.remove());

  const fromFile = async (content: string, pairs: string[] = []) => {
    await folder.add({ '.env': content });
    return await readVariables(pairs, '.env');
  };

  it('come from --var; the value may hold =', async () => {
    assert.deepEqual(await readVariables(['user=ada', 'query=a=b', 'empty='], undefined), {
      user: 'ada',
      query: 'a=b',
      empty: '',
    });
  });

  it('come from lines of a file, with comments, quotes and export', async () => {
    const content = '\uFEFF# people\r\nuser=ada\r\n\r\nexport word="two words" # both\nhash=\'#1\'\nempty=\n';
    assert.deepEqual(await fromFile(content), { user: 'ada', word: 'two words', hash: '#1', empty: '' });
  });

  it('may go over several lines in quotes', async () => {
    assert.deepEqual(await fromFile('key="first\nno equals sign\nlast"\nuser=ada'), {
      key: 'first\nno equals sign\nlast',
      user: 'ada',
    });
  });

  it('of --var overrule those of the file', async () => {
    assert.deepEqual(await fromFile('user=ada\nhost=a', ['user=bob']), { user: 'bob', host: 'a' });
  });

  it('are refused with the line when they are not of the form', async () => {
    await assert.rejects(fromFile('user=ada\nnonsense\n'), usage(/\.env:2: 'nonsense' is not of the form NAME=value/));
    await assert.rejects(readVariables(['user'], undefined), usage(/'--var user' is not of the form/));
    await assert.rejects(readVariables(['=x'], undefined), usage(/is not of the form/));
    await assert.rejects(readVariables([], 'gone.env'), usage(/'gone.env' cannot be read/));
  });
});

describe('values of options', () => {
  const most = 600_000;

  it('are durations in milliseconds, seconds and minutes', () => {
    for (const [text, ms] of [
      ['500ms', 500],
      ['30s', 30_000],
      ['1.5s', 1500],
      ['2m', 120_000],
      ['250', 250],
    ] as const)
      assert.equal(readDuration(text, 'timeout', most), ms);
    for (const text of ['', 's', '-1s', '1h', '1 s', 'NaN', '1e3'])
      assert.throws(() => readDuration(text, 'timeout', most), usage(/is not a duration/));
    for (const text of ['0', '0.1ms', '11m'])
      assert.throws(() => readDuration(text, 'timeout', most), usage(/1ms to 10m/));
  });

  it('are whole numbers within bounds', () => {
    assert.equal(readCount('5', 'retries', 0, 5), 5);
    for (const text of ['', ' ', '6', '-1', '1.5', '0x2', 'two'])
      assert.throws(() => readCount(text, 'retries', 0, 5), usage(/whole number from 0 to 5/));
  });

  it('are addresses of the web', () => {
    assert.equal(readUrl('http://localhost:3000', 'url'), 'http://localhost:3000');
    for (const text of ['localhost:3000', 'ftp://a', 'http://', ''])
      assert.throws(() => readUrl(text, 'base-url'), usage(/'--base-url .*' is not an address/));
    assert.throws(() => readUrl('x', 'VIRTUOSO_URL'), usage(/'VIRTUOSO_URL=x' is not an address/));
  });
});
