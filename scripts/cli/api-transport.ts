import { setTimeout as sleep } from 'node:timers/promises';

/** An answer that is a problem (RFC 9457), or no answer at all. */
export class ApiError extends Error {
  readonly status: number | undefined;
  readonly problem: Problem | undefined;
  constructor(message: string, { status, problem, cause }: { status?: number; problem?: Problem; cause?: unknown }) {
    super(message, { cause });
    this.status = status;
    this.problem = problem;
  }
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly Readonly<Record<string, unknown>>[];
}

export interface TransportOptions {
  /** Ends requests that are under way. */
  readonly signal?: AbortSignal;
  /** Waits so many milliseconds; for tests. */
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export interface Call {
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds that the server is asked to wait (RFC 7240). */
  readonly wait?: number;
  /** Not to be sent again when it is not known what came of it. */
  readonly once?: boolean;
}

/** Sends a request; gives the answer when it is a success. @throws ApiError */
export type Send = (method: string, path: string, call?: Call) => Promise<Response>;

/** Milliseconds between attempts. */
const PAUSES = [500, 1000, 2000, 4000, 8000];
/** An answer that takes longer than the server was asked to wait, and so many milliseconds, does not come. */
const PATIENCE_MS = 60_000;
const LONGEST_RETRY_AFTER_S = 120;
const passing = new Set([429, 502, 503, 504]);

/** A run takes minutes: what passes by itself (a limit, an instance that is gone) is tried again, never the first contact. */
export function createTransport(url: string, apiKey: string, options: TransportOptions = {}): Send {
  const pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, signal ? { signal } : {}));
  let answered = false;
  return async (method, path, call = {}) => {
    for (let attempt = 0; ; attempt++) {
      const wait = PAUSES[attempt];
      const mayRepeat = wait !== undefined && !call.once;
      const response = await request(url, apiKey, method, path, { ...call, signal: options.signal }).catch((cause) => {
        if (options.signal?.aborted) throw options.signal.reason;
        if (!answered || !mayRepeat) throw unreachable(url, cause);
        return undefined;
      });
      if (response) {
        answered = true;
        if (response.ok) return response;
        if (!mayRepeat || !passing.has(response.status)) throw await toApiError(response);
        await response.body?.cancel();
      }
      await pause(Math.max(wait ?? 0, retryAfter(response)), options.signal);
    }
  };
}

async function request(
  url: string,
  apiKey: string,
  method: string,
  path: string,
  { body, headers, wait = 0, signal }: Call & { signal: AbortSignal | undefined },
): Promise<Response> {
  const limit = AbortSignal.timeout(wait * 1000 + PATIENCE_MS);
  return await fetch(`${url}${path}`, {
    method,
    headers: { 'x-api-key': apiKey, ...(wait > 0 ? { prefer: `wait=${wait}` } : {}), ...headers },
    // The key is for this address alone: whoever moved says so, and people decide.
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    ...(body === undefined ? {} : { body }),
  });
}

function retryAfter(response: Response | undefined): number {
  const seconds = Number(response?.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1000 : 0;
}

function unreachable(url: string, cause: unknown): ApiError {
  const { name, cause: reason } = cause as Error & { cause?: { code?: string } };
  const why = name === 'TimeoutError' ? ' in time' : reason?.code ? ` (${reason.code})` : '';
  return new ApiError(`${url} does not answer${why}: is it running, and is the address right?`, { cause });
}

async function toApiError(response: Response): Promise<ApiError> {
  const { status } = response;
  const moved = response.headers.get('location');
  if (status >= 300 && status < 400 && moved)
    return new ApiError(`${response.url} sends us on to ${moved}: give that address as --url.`, { status });
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    const errors = (problem.errors ?? []).map((error) => `\n  ${sentenceOf(error)}`);
    const title = problem.detail ?? problem.title ?? response.statusText;
    return new ApiError(`${title}${errors.join('')}`, { status, problem });
  } catch {
    const said = text.slice(0, 200).trim();
    return new ApiError(`${response.url} answered ${status}${said ? `: ${said}` : ''}. Is that a Virtuoso API?`, {
      status,
    });
  }
}

function sentenceOf({ message, hint, pointer }: Readonly<Record<string, unknown>>): string {
  return `${message ?? pointer}${hint ? ` (${hint})` : ''}`;
}
