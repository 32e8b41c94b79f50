import type { AnyFunction } from '../define/function.ts';
import type { Platform } from '../platform/platform.ts';

const listeners: (() => Promise<void>)[] = [];

/** Registers work to be done before this instance ends: flushing what is buffered. */
export function beforeStop(work: () => Promise<void>): void {
  listeners.push(work);
}

/**
 * Makes an instance stop in order. The Functions Framework exits at once on SIGTERM; from the first request on, the
 * function's own `stop`, the flushing of buffers and the closing of clients come first.
 */
export function stopInOrder(declaration: AnyFunction, platform: Platform) {
  let armed = false;
  const stop = async () => {
    await declaration.stop?.().catch((error) => platform.log.error('The function did not stop well.', error));
    await Promise.allSettled(listeners.map((work) => work()));
    await platform.clients.close();
    process.exit(0);
  };
  return <Arguments extends unknown[], Result>(listener: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      if (!armed) {
        armed = true;
        process.removeAllListeners('SIGTERM');
        process.once('SIGTERM', () => void stop());
      }
      return listener(...given);
    };
}
