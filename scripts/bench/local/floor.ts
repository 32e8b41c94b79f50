import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Starts the server that does nothing, in a process of its own. */
export async function startFloor(): Promise<{ readonly port: number; stop(): void }> {
  const child = fork(new URL('./floor.child.ts', import.meta.url));
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { port, stop: () => void child.kill() };
}
