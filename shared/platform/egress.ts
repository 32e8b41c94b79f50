import { lookup as resolveHost } from 'node:dns/promises';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
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
  /** For all of it: the name's resolution, the connection, the answer to its end. */
  readonly timeoutMs: number;
  readonly largestAnswer: number;
  /** Over a connection that another request has left open, where there is one: for what may be sent twice. */
  readonly reuse?: boolean;
}

/** Resolves a host name to all its addresses. */
export type ResolveHost = (host: string) => Promise<{ address: string; family: number }[]>;

const resolve: ResolveHost = (host) => resolveHost(host, { all: true, verbatim: true });

/** Names that lead to cloud metadata, whatever they resolve to. */
const METADATA_NAMES = new Set(['metadata.google.internal', 'metadata.goog', 'metadata']);

/** @param allow ranges that are reachable although they are not public: `loopback` or CIDRs. */
export function createEgressGuard(allow: readonly string[], lookUp: ResolveHost = resolve): EgressGuard {
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
        // What is below localhost is this machine (RFC 6761, 6.3): browsers know it, not every system does.
        found = await lookUp(host.endsWith('.localhost') ? 'localhost' : host);
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

/** Connections that are kept open for the next request to the same name at the same address. */
export interface KeptConnections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** How long a connection stays open without a request, in milliseconds: shorter than most servers wait. */
const KEPT_OPEN_MS = 4000;
const MOST_KEPT_OPEN = 64;

export function keptConnections(): KeptConnections {
  const options = { keepAlive: true, timeout: KEPT_OPEN_MS, maxFreeSockets: MOST_KEPT_OPEN };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

/** Sends one request to the address that was checked. Redirects are not followed. @throws AppError; or the socket's own error */
export async function send(guard: EgressGuard, options: EgressRequest, kept?: KeptConnections): Promise<EgressAnswer> {
  const url = new URL(options.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new AppError('invalid-argument', `Only http and https are allowed, not '${url.protocol}'.`);
  }
  const signal = AbortSignal.timeout(options.timeoutMs);
  const late = (cause: unknown) => new AppError('timeout', `No answer within ${options.timeoutMs} ms.`, { cause });
  try {
    const destination = await before(signal, guard.check(url.hostname));
    const { request, answer } = exchange(url, destination, options, signal, options.reuse ? kept : undefined);
    return await answer.catch((error: unknown) => {
      // The other side had closed it in the meantime.
      if (!request.reusedSocket || signal.aborted) throw error;
      return exchange(url, destination, options, signal).answer;
    });
  } catch (error) {
    throw signal.aborted ? late(error) : error;
  }
}

/** The work's result, or an error as soon as the signal is aborted. */
async function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** One request over one connection: to the address, under the name that the URL has. */
function exchange(
  url: URL,
  { address, family }: Destination,
  { method, headers, body, largestAnswer }: EgressRequest,
  signal: AbortSignal,
  kept?: KeptConnections,
): { readonly request: ClientRequest; readonly answer: Promise<EgressAnswer> } {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const { promise: answer, resolve: answered, reject } = Promise.withResolvers<EgressAnswer>();
  const request = (secure ? httpsRequest : httpRequest)(
    url,
    {
      ...{ method, family, signal, hostname: address, headers: { host: url.host, ...headers } },
      ...(secure ? { servername: isIP(name) ? '' : name } : {}),
      agent: (secure ? kept?.https : kept?.http) ?? false,
    },
    (incoming) => {
      readUpTo(incoming, largestAnswer).then(
        (bytes) => answered({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: bytes }),
        reject,
      );
    },
  );
  request.on('error', reject);
  request.end(body);
  return { request, answer };
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
  const kept = keptConnections();
  return { guard, send: (request) => send(guard, request, kept) };
});
