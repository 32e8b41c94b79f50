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
      // It has ended meanwhile.
      if (stat === '') return [];
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      return [{ pid: Number(name), parent, command: read(Number(name), 'cmdline') }];
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
