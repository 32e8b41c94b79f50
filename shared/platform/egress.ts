import { lookup as resolveHost } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { defineService } from '../define/service.ts';
import { type Address, ruleAllows } from './destination-rule.ts';
import { AppError } from './errors.ts';

/** An address that may be connected to. */
export interface Destination {
  readonly host: string;
  readonly address: string;
  readonly family: 4 | 6;
}

/** The one guard before every request that users' data can steer. */
export interface EgressGuard {
  /**
   * Resolves a host name and checks every address it has. The connection must be made to the address that is given back.
   * @throws AppError permission-denied when any address is not public; unavailable when the name is not known.
   */
  check(host: string): Promise<Destination>;
  /** True when the address is public, or allowed by configuration. */
  allows(address: string): boolean;
}

/** What `send` gives back; the body is cut at `largestAnswer` bytes. */
export interface EgressAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly largestAnswer: number;
}

/** Names that lead to cloud metadata, whatever they resolve to. */
const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'metadata']);

/** @param allow ranges that are reachable although they are not public: `loopback` or CIDRs. */
export function createEgressGuard(allow: readonly string[]): EgressGuard {
  const allows = (address: string): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return isPublic(parsed) || allow.some((rule) => ruleAllows(rule, parsed));
  };
  return {
    allows,
    async check(given) {
      const host = given
        .replace(/^\[|\]$/g, '')
        .replace(/\.$/, '')
        .toLowerCase();
      if (METADATA_NAMES.has(host)) throw refusal(host);
      let found: { address: string; family: number }[];
      try {
        found = await resolveHost(host, { all: true, verbatim: true });
      } catch (cause) {
        throw new AppError('unavailable', `The host name '${host}' is not known.`, { cause });
      }
      const first = found[0];
      if (!first || !found.every(({ address }) => allows(address))) throw refusal(host);
      return { host, address: first.address, family: first.family === 6 ? 6 : 4 };
    },
  };
}

/** Global unicast. Of IPv6 that is 2000::/3 alone (RFC 4291, 2.4): all else is special or not assigned. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(globalUnicast as never);
}

const globalUnicast = ipaddr.parseCIDR('2000::/3');

function refusal(host: string): AppError {
  return new AppError(
    'permission-denied',
    `'${host}' is not a public address; private, loopback, link-local and metadata addresses are refused.`,
  );
}

/** Sends one request to the address that was checked. Redirects are not followed. @throws AppError; or the socket's own error */
export async function send(guard: EgressGuard, options: EgressRequest): Promise<EgressAnswer> {
  const url = new URL(options.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('invalid-argument', `Only http and https are allowed, not '${url.protocol}'.`);
  }
  const destination = await guard.check(url.hostname);
  const pinned: LookupFunction = (_host, lookupOptions, done) => {
    if (lookupOptions.all) done(null, [{ address: destination.address, family: destination.family }]);
    else done(null, destination.address, destination.family);
  };
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const signal = AbortSignal.timeout(options.timeoutMs);
  return await new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: options.method, headers: options.headers, lookup: pinned, agent: false, signal },
      (answer) => {
        readUpTo(answer, options.largestAnswer).then(
          (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
          reject,
        );
      },
    );
    outgoing.on('error', (error) =>
      reject(
        signal.aborted ? new AppError('timeout', `No answer within ${options.timeoutMs} ms.`, { cause: error }) : error,
      ),
    );
    outgoing.end(options.body);
  });
}

/** Reads a body until it ends or the limit is reached; then the connection is dropped. */
async function readUpTo(answer: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= limit) break;
  }
  answer.destroy();
  return Buffer.concat(chunks).subarray(0, limit);
}

/** Sends requests through the guard. */
export interface Egress {
  send(request: EgressRequest): Promise<EgressAnswer>;
  readonly guard: EgressGuard;
}

export const egress = defineService([], ({ config }): Egress => {
  const guard = createEgressGuard(config.egressAllow);
  return { guard, send: (request) => send(guard, request) };
});
