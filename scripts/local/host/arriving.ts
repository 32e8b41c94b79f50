import type { IncomingHttpHeaders } from 'node:http';
import { traceHeaders } from './trace-headers.ts';

/** Headers of a request to a function. */
export type CallHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The headers of a request from `address` as they arrive at a function: Cloud Run says from where it came, and which
 * trace it belongs to.
 */
export function arriving(given: IncomingHttpHeaders | Readonly<Record<string, string>>, address: string): CallHeaders {
  const { 'x-forwarded-for': addresses, forwarded } = given;
  return {
    ...given,
    ...traceHeaders(given),
    'x-forwarded-for': listed(addresses, address),
    'x-forwarded-proto': 'http',
    forwarded: listed(forwarded, `for="${address}";proto=http`),
  };
}

function listed(...parts: readonly (string | readonly string[] | undefined)[]): string {
  return parts.flat().filter(Boolean).join(', ');
}
