import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Runs the tests of the commands, and then asks what they have shown. */
const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const options = ['--no-config', '--extension', 'ts', '--timeout', '60000', '--reporter', 'dot'];
const child = spawn(process.execPath, [mocha, ...options, 'scripts/commands/coverage.test.ts'], {
  cwd: join(import.meta.dirname, '../..'),
  stdio: 'inherit',
});
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
