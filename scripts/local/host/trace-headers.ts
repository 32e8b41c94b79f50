import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Ids of zeros alone are not valid (W3C Trace Context §3.2.2). */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const CLOUD_TRACE = /^(?!0{32})([0-9a-f]{32})(?:\/(\d{1,20}))?(?:;o=([01]))?$/;
const LARGEST_SPAN = 2n ** 64n;

/**
 * The trace of a request, in both forms that Cloud Run gives it to a function: what the request brings is kept, what it
 * lacks follows from what it has, and a request without a valid one begins a trace.
 * @see https://cloud.google.com/trace/docs/trace-context
 */
export function traceHeaders(given: IncomingHttpHeaders | Readonly<Record<string, string>>) {
  const traceparent = header(given.traceparent, TRACEPARENT) ?? fromCloudTrace(given['x-cloud-trace-context']);
  const context = header(given['x-cloud-trace-context'], CLOUD_TRACE) ?? toCloudTrace(traceparent);
  return { traceparent, 'x-cloud-trace-context': context };
}

function header(value: string | readonly string[] | undefined, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function toCloudTrace(traceparent: string): string {
  const [, trace, span, flags = '00'] = TRACEPARENT.exec(traceparent) ?? [];
  return `${trace}/${BigInt(`0x${span}`)};o=${Number.parseInt(flags, 16) & 1}`;
}

function fromCloudTrace(value: string | readonly string[] | undefined): string {
  const [, trace = randomBytes(16).toString('hex'), span = '0', sampled = '1'] = CLOUD_TRACE.exec(String(value)) ?? [];
  const id = BigInt(span) % LARGEST_SPAN || randomBytes(8).readBigUInt64BE() || 1n;
  return `00-${trace}-${id.toString(16).padStart(16, '0')}-0${sampled}`;
}
