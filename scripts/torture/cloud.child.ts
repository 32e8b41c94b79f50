/** A local cloud in a process of its own, to be killed: `cloud.child.ts DATA PORT`. Ends with the process that started it. */
import { startBareCloud } from '../conformance/bare-cloud.ts';
import type { ToChild } from './killable-cloud.ts';

const [, , data = '', port = '0'] = process.argv;
process.on('disconnect', () => process.exit());
const cloud = await startBareCloud({ data, port: Number(port) });
process.on('message', (message: ToChild) => {
  if ('advanceMs' in message) cloud.clock.advance(message.advanceMs);
  else {
    globalThis.gc?.();
    process.send?.({ heapBytes: process.memoryUsage().heapUsed });
  }
});
process.send?.({ port: cloud.port });
