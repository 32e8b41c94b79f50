import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';

const main = join(dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework')), 'main.js');

/**
 * Milliseconds from the start of a function's process to its first answered request, as the Functions Framework runs it.
 * A refusal of a request without a key is an answer, too.
 */
export async function coldStart(options: {
  source: string;
  target: string;
  path: string;
  env?: Record<string, string>;
}): Promise<number> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [main, `--source=${options.source}`, `--target=${options.target}`, '--signature-type=http'],
    {
      env: { ...process.env, ...options.env, PORT: String(port) },
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    while (!(await answers(port, options.path))) {
      if (child.exitCode !== null) throw new Error(`${options.target} ended with ${child.exitCode} before it answered`);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    return performance.now() - startedAt;
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve((response.statusCode ?? 500) < 500));
    });
    request.on('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
