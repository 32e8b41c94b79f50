import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const project = join(import.meta.dirname, '../..');

/** Runs the tests of the commands, and then asks what they have shown. Gives the exit code. */
export async function runCommandTests(): Promise<number> {
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const folder = 'shared/commands';
  const files = readdirSync(join(project, folder)).filter((name) => name.endsWith('.test.ts'));
  const specs = [...files.map((name) => `${folder}/${name}`), 'scripts/commands/coverage.test.ts'];
  const options = ['--no-config', '--extension', 'ts', '--timeout', '60000', '--reporter', 'dot'];
  const child = spawn(process.execPath, [mocha, ...options, ...specs], { cwd: project, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

if (import.meta.main) process.exitCode = await runCommandTests();
