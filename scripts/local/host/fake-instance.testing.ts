import { setImmediate } from 'node:timers/promises';
import type { Instance } from './instance.ts';

/** An instance that listens, and ends, when the test says so. */
export function fakeInstance() {
  const [ready, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const instance = { ready: ready.promise, ended: ended.promise, active: 0, state: 'starting' };
  return {
    instance: Object.assign(instance, { stop: () => ended.promise }) as unknown as Instance,
    async listens() {
      instance.state = 'ready';
      ready.resolve();
      await setImmediate();
    },
    async ends() {
      instance.state = 'ended';
      ready.reject(new Error('it ended'));
      ended.resolve();
      await setImmediate();
    },
  };
}
