const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Exit code of what was interrupted: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130;

/** Some who start us pass a Ctrl-C on that the terminal has told us already (npx does): that is the same one. */
const SAME_MS = 200;

/** Ctrl-C and its like as an AbortSignal, so that everything is cleared up before the end. The second one ends at once. */
export function interruption(): { readonly signal: AbortSignal; readonly happened: Promise<void>; release(): void } {
  const controller = new AbortController();
  const { promise: happened, resolve } = Promise.withResolvers<void>();
  const interrupt = () => {
    if (controller.signal.aborted) return;
    setTimeout(release, SAME_MS).unref();
    controller.abort(new Error('interrupted'));
    resolve();
  };
  const release = () => {
    for (const name of SIGNALS) process.off(name, interrupt);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return { signal: controller.signal, happened, release };
}
