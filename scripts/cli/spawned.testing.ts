import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../virtuoso.js', import.meta.url));

/** The command line in a process of its own. */
export interface Spawned {
  readonly process: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with what has been printed on standard output once it fits. Rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves with the exit code; a signal's name when it was killed. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Commands of the processes that are left of it and of what it started; Linux only. */
  leftovers(): string[];
}

/**
 * Runs `virtuoso …` without what the environment says of it.
 * @param options `temporary`: a folder for temporary files that no other process has; even the browser, which inherits
 * little, is known by it. `input`: what its standard input has.
 */
export function spawnCli(
  args: readonly string[],
  { cwd, temporary, input }: { cwd: string; temporary: string; input?: string },
): Spawned {
  const { VIRTUOSO_URL: _url, VIRTUOSO_API_KEY: _key, NO_COLOR: _colour, ...inherited } = process.env;
  const environment = { ...inherited, TMPDIR: temporary };
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd,
    env: environment,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  child.stdin?.end(input);
  const out = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
      for (const watch of watchers) watch();
    });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 0)),
  );
  return {
    process: child,
    get stdout() {
      return out.stdout;
    },
    get stderr() {
      return out.stderr;
    },
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (!pattern.test(out.stdout)) return;
          watchers.delete(watch);
          resolve(out.stdout);
        };
        watchers.add(watch);
        watch();
        ended.then((code) => reject(new Error(`ended with ${code}: ${out.stdout}${out.stderr}`)));
      }),
    leftovers: () => processesWith(temporary),
  };
}

function processesWith(temporary: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').includes(`=${temporary}\0`);
        return isOurs ? [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        // It has ended meanwhile, or is not ours to look at.
        return [];
      }
    });
}
