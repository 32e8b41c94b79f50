import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from './command.ts';
import { readCount, readDuration, readVariables } from './variables.ts';

const says = (pattern: RegExp) => (error: unknown) => error instanceof UsageError && pattern.test(error.message);

describe('variables', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtuoso-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are name=value; the first = divides, and the value may be empty', async () => {
    assert.deepEqual(await readVariables(['user=ada', 'query=a=b', 'empty=', 'user=eve'], undefined), {
      user: 'eve',
      query: 'a=b',
      empty: '',
    });
  });

  it('keep every name, also one that objects have themselves', async () => {
    const variables = await readVariables(['__proto__=x', 'constructor=y'], undefined);
    assert.deepEqual(Object.entries(variables), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('come from a file too, and --var overrules it', async () => {
    const file = join(folder, '.env');
    await writeFile(file, '# who\nuser=ada\nexport token="a b"\n\nplace=here # not there\n');
    assert.deepEqual(await readVariables(['place=there'], file), { user: 'ada', token: 'a b', place: 'there' });
  });

  it('without a name or without = are refused', async () => {
    for (const pair of ['user', '=ada', ''])
      await assert.rejects(readVariables([pair], undefined), says(/is not of the form name=value/));
  });

  it('of a file that cannot be read are refused in a sentence', async () => {
    for (const file of [join(folder, 'none'), folder])
      await assert.rejects(readVariables([], file), says(/variables' file '.*' cannot be read: E/));
  });
});

describe('a duration', () => {
  const bounds = { least: '1ms', most: '10m' };

  it('is milliseconds, seconds or minutes', () => {
    for (const [text, ms] of [
      ['500', 500],
      ['500ms', 500],
      ['30s', 30_000],
      ['1.5s', 1500],
      ['2m', 120_000],
    ] as const)
      assert.equal(readDuration(text, 'timeout', bounds), ms);
  });

  it('of any other form is refused with examples', () => {
    for (const text of ['', 'soon', '-1s', '1 s', '1h', 's', '1e3'])
      assert.throws(() => readDuration(text, 'timeout', bounds), says(/is not a duration: write 500ms, 30s or 2m/));
  });

  it('is within what the API takes', () => {
    assert.deepEqual([readDuration('1', 'timeout', bounds), readDuration('600s', 'timeout', bounds)], [1, 600_000]);
    for (const text of ['0', '0ms', '0.4', '10.1m', '600001'])
      assert.throws(() => readDuration(text, 'timeout', bounds), says(/'--timeout .*' must be from 1ms to 10m\.$/));
  });
});

describe('a count', () => {
  it('is a whole number within its bounds', () => {
    assert.equal(readCount('0', 'port', 0, 65_535), 0);
    assert.equal(readCount('65535', 'port', 0, 65_535), 65_535);
    for (const text of ['', ' ', '-1', '65536', '1.5', '1e3', '0x10', 'many'])
      assert.throws(() => readCount(text, 'port', 0, 65_535), says(/must be a whole number from 0 to 65535/));
  });
});
