/** A local cloud in a process of its own, to be killed: `cloud.child.ts DATA PORT`. Ends with the process that started it. */
import { enableCompileCache } from 'node:module';
import type { ToChild, Usage } from './killable-cloud.ts';

enableCompileCache();
const { startBareCloud } = await import('../conformance/bare-cloud.ts');

const [, , data = '', port = '0'] = process.argv;
process.on('disconnect', () => process.exit());
const cloud = await startBareCloud({ data, port: Number(port) });
let collecting = 0;
process.on('message', (message: ToChild) => {
  if ('advanceMs' in message) cloud.clock.advance(message.advanceMs);
  else process.send?.(usage());
});
process.send?.({ port: cloud.port });

function usage(): Usage {
  const before = cpuMs();
  globalThis.gc?.();
  collecting += cpuMs() - before;
  return { heapBytes: process.memoryUsage().heapUsed, cpuMs: cpuMs() - collecting };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
