import type { Terminal } from './terminal.ts';

/** The shell's exit codes of a process that was ended by a signal: 128 and the signal's number. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof codes;

/**
 * Does work that Ctrl-C ends in good order: the work's signal is aborted, and the exit code is the shell's. A second
 * Ctrl-C ends at once.
 */
export async function withInterrupt(
  terminal: Pick<Terminal, 'write'>,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupted = new AbortController();
  let code: number | undefined;
  const interrupt = (signal: Signal) => {
    if (code !== undefined) process.exit(code);
    code = codes[signal];
    terminal.write('\nStopping…\n');
    interrupted.abort(new Error('interrupted'));
  };
  const signals = Object.keys(codes) as Signal[];
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const done = await work(interrupted.signal);
    return code ?? done;
  } catch (error) {
    if (code !== undefined) return code;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
