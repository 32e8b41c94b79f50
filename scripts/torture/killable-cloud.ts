import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** What the cloud's process is told: to advance its clock, or to say what it uses. */
export type ToChild = { readonly advanceMs: number } | { readonly usage: true };

/** What the cloud's process uses. */
export interface Usage {
  /** Bytes of heap in use after a collection. */
  readonly heapBytes: number;
  /** Milliseconds of processor time since it was started, without the collection. */
  readonly cpuMs: number;
}

/** A local cloud on a data folder, in a process that can be killed and started again on the same port. */
export class KillableCloud {
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #port = 0;

  /** @param folder of everything durable; stays when the cloud ends */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where it listens, from the first start on. */
  get port(): number {
    return this.#port;
  }

  /** Starts the process; resolves with the milliseconds until it was ready. @throws Error when it ends instead */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const child = fork(new URL('./cloud.child.ts', import.meta.url), [this.#folder, String(this.#port)], {
      execArgv: ['--expose-gc'],
    });
    this.#child = child;
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The cloud's process ended with ${code} instead of being ready.`);
    });
    ended.catch(() => {});
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ port: number }];
    this.#port = message.port;
    return performance.now() - startedAt;
  }

  /** Ends the process as a power cut does; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Moves the cloud's clock forward. It goes back to the real time when the process is started again. */
  advance(advanceMs: number): void {
    this.#child?.send({ advanceMs } satisfies ToChild);
  }

  async usage(): Promise<Usage> {
    const child = this.#child;
    if (!child) throw new Error('The cloud does not run.');
    child.send({ usage: true } satisfies ToChild);
    const [usage] = (await once(child, 'message')) as [Usage];
    return usage;
  }
}
