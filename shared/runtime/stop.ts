import type { Platform } from '../platform/platform.ts';

/**
 * Makes an instance stop in order. The Functions Framework exits at once on SIGTERM; from the first request on, what is
 * under way is told to end, buffers are flushed and clients closed first.
 */
export function stopInOrder(platform: Platform) {
  let armed = false;
  return <Arguments extends unknown[], Result>(listener: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      if (!armed) {
        armed = true;
        process.removeAllListeners('SIGTERM');
        process.once('SIGTERM', () => void platform.stop().then(() => process.exit(0)));
      }
      return listener(...given);
    };
}
