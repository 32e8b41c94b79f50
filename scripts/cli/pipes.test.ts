import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../virtuoso.js', import.meta.url));

describe('the command line in a pipe', () => {
  const pipe = async (args: string) => {
    const shell = spawn('bash', ['-o', 'pipefail', '-c', `"$0" "$1" ${args}`, process.execPath, SCRIPT]);
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      shell[name].setEncoding('utf8').on('data', (text) => {
        said[name] += text;
      });
    const [code] = await once(shell, 'close');
    return { code: code as number, ...said };
  };

  it('ends in peace when its reader has gone', async () => {
    for (const args of ['commands --json | head -1 >/dev/null', '--help | true'])
      assert.deepEqual(await pipe(args), { code: 0, stdout: '', stderr: '' }, args);
  });

  it('gives a slow reader everything', async () => {
    const { code, stdout } = await pipe('commands --json | (sleep 0.3; cat)');
    assert.equal(code, 0);
    assert.ok(stdout.length > 65_536, 'more than a pipe holds');
    JSON.parse(stdout);
  });
});
