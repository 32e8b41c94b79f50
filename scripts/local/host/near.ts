import { byteLength, type CallAnswer, type OutgoingCall, readAnswer } from '../plumbing/http-sender.ts';
import type { CallNear } from '../plumbing/service.ts';
import { arriving } from './arriving.ts';
import type { Instances } from './instances.ts';
import { problemOf } from './problem.ts';
import { byName, FUNCTIONS_PATH } from './router.ts';
import { Unanswered } from './unanswered.ts';

/**
 * Takes what a service sends to a function by its address straight to an instance of that: the network would lead from
 * this process to itself.
 */
export function createNear(instances: Instances, origin: () => string): CallNear {
  return (call) => {
    if (!call.url.startsWith(`${origin()}${FUNCTIONS_PATH}`)) return undefined;
    const { name, path } = byName(new URL(call.url));
    return instances.has(name) ? answered(instances, name, path, call) : undefined;
  };
}

async function answered(instances: Instances, name: string, path: string, call: OutgoingCall): Promise<CallAnswer> {
  const { method, body, signal } = call;
  const headers = arriving(headersOf(call), '127.0.0.1');
  try {
    return await instances.call(name, { method, path, headers, ...(body ? { body } : {}), gone: signal }, readAnswer);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Unanswered)) throw error;
    // Whoever sent the request still has it, and must not take a stop for a failure.
    if (instances.closing) return await cutOff(signal);
    const { status, message } = error;
    return { status, ...problemOf(status, 'No answer from the function', message) };
  }
}

/** As they would come over the network. */
function headersOf({ url, headers, body }: OutgoingCall): Record<string, string> {
  const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const length = body === undefined ? {} : { 'content-length': String(byteLength(body)) };
  return { ...Object.fromEntries(sent), host: new URL(url).host, ...length };
}

function cutOff(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
