import { readdirSync, readFileSync } from 'node:fs';

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Kills the renderers of the browsers that these processes have started; says how many. Linux only. */
export function crashRenderers(ancestors: readonly number[]): number {
  const renderers = descendants(ancestors).filter(({ command }) => command.includes('--type=renderer'));
  for (const { pid } of renderers) process.kill(pid, 'SIGKILL');
  return renderers.length;
}

/** The processes, however they came to be, that were given this environment variable. Linux only. */
export function processesWith(name: string, value: string): number[] {
  return running()
    .map(({ pid }) => pid)
    .filter((pid) => read(pid, 'environ').split('\0').includes(`${name}=${value}`));
}

/**
 * The processes of the browsers that were given this environment variable. Only a browser's first process keeps its
 * environment: the others are those that it has started. Linux only.
 */
export function browsersWith(name: string, value: string): { browsers: number[]; parts: number[] } {
  const given = new Set(processesWith(name, value));
  const browsers = running().filter(({ pid, command }) => given.has(pid) && command.includes('--headless'));
  const pids = browsers.map(({ pid }) => pid);
  return { browsers: pids, parts: descendants(pids).map(({ pid }) => pid) };
}

/** Which of these processes have not ended. */
export const stillRunning = (pids: readonly number[]): number[] => {
  const all = new Set(running().map(({ pid }) => pid));
  return pids.filter((pid) => all.has(pid));
};

function descendants(ancestors: readonly number[]): Running[] {
  const all = running();
  const found = new Set(ancestors);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid) && !ancestors.includes(pid));
}

function running(): Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(Number(name), 'stat');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // It has ended, meanwhile or without anybody having asked how.
      if (stat === '' || state === 'Z') return [];
      return [{ pid: Number(name), parent: Number(parent), command: read(Number(name), 'cmdline') }];
    });
}

/** A file of a process; empty when it has ended, or is somebody else's. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
