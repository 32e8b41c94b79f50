import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../virtuoso.ts', import.meta.url));

/** The command line in a process of its own. */
export interface Spawned {
  readonly process: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with what has been printed on standard output once it fits. Rejects when the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Resolves with the exit code; a signal's name when it was killed. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Commands of the processes that are left of it and of what it started, found by a marker; Linux only. */
  leftovers(): string[];
}

/** Runs `virtuoso …` without what the environment says of it. */
export function spawnCli(
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Spawned {
  const marker = randomUUID();
  const { VIRTUOSO_URL: _url, VIRTUOSO_API_KEY: _key, NO_COLOR: _colour, ...inherited } = process.env;
  // LANG is among the little that functions inherit.
  const environment = { ...inherited, ...env, LANG: `C.UTF-8@${marker}` };
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    leftovers: () => processesWith(marker),
  };
}

function processesWith(marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isOurs = readFileSync(`/proc/${name}/environ`, 'utf8').includes(marker);
        return isOurs ? [readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')] : [];
      } catch {
        // It has ended meanwhile, or is not ours to look at.
        return [];
      }
    });
}
