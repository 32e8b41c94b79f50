import type { Platform } from '../platform/platform.ts';

/** The process, as far as stopping it goes. */
export type Stoppable = Pick<NodeJS.Process, 'removeAllListeners' | 'once' | 'on' | 'exit'>;

/**
 * Makes an instance stop in order. The Functions Framework exits at once on SIGTERM; from the first request on, what is
 * under way is told to end and waited for, buffers are flushed and clients closed first. Who signals again is in a hurry:
 * what is under way is waited for no longer.
 */
export function stopInOrder(platform: Platform, host: Stoppable = process) {
  let armed = false;
  const underWay = new Set<Promise<unknown>>();
  return <Arguments extends unknown[], Result>(listener: (...given: Arguments) => Result) =>
    (...given: Arguments): Result => {
      if (!armed) {
        armed = true;
        host.removeAllListeners('SIGTERM');
        host.once('SIGTERM', () => {
          const { promise: hurried, resolve: hurry } = Promise.withResolvers<void>();
          host.on('SIGTERM', () => hurry());
          void platform.stop(underWay, hurried).finally(() => host.exit(0));
        });
      }
      const result = listener(...given);
      const work = Promise.resolve(result)
        .catch(() => undefined)
        .finally(() => underWay.delete(work));
      underWay.add(work);
      return result;
    };
}
