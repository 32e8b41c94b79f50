import { oneLine } from './one-line.ts';

/** An answer that is a problem (RFC 9457), or no answer at all. */
export class ApiError extends Error {
  readonly status: number | undefined;
  readonly problem: { readonly errors?: readonly Record<string, unknown>[] } | undefined;
  constructor(message: string, status?: number, problem?: ApiError['problem'], cause?: unknown) {
    super(message, { cause });
    this.status = status;
    this.problem = problem;
  }
}

/** True of a failure that may be over when it is tried again. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === undefined || error.status === 429 || error.status >= 500;
}

/** What the answers of an API have, as far as it is relied on. */
export type Shape = Readonly<Record<string, 'string' | 'number' | 'array' | 'object'>>;

/** Reads an answer of this shape. @throws ApiError when it is something else: then what answered is no Virtuoso API */
export async function readJson<T>(response: Response, shape: Shape, signal: AbortSignal | undefined): Promise<T> {
  return jsonOf<T>(await textOf(response, signal), shape, response);
}

/** JSON of this shape. @throws ApiError */
export function jsonOf<T>(text: string, shape: Shape, { url, status }: Pick<Response, 'url' | 'status'>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError(`${url} did not answer with JSON: ${QUESTION}`, status, undefined, cause);
  }
  if (fits(value, shape)) return value as T;
  throw new ApiError(`${url} answered with JSON that is not this API's: ${QUESTION}`, status);
}

const QUESTION = 'is that the address of a Virtuoso API?';

function fits(value: unknown, shape: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const kindOf = (field: unknown) => (Array.isArray(field) ? 'array' : field === null ? 'null' : typeof field);
  return Object.entries(shape).every(([name, kind]) => kindOf((value as Record<string, unknown>)[name]) === kind);
}

/** An answer may break off. */
async function textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ApiError(`${response.url} broke off its answer.`, undefined, undefined, cause);
  }
}

/** What an answer says that is no success. */
export async function toApiError(response: Response, signal: AbortSignal | undefined): Promise<ApiError> {
  const { status } = response;
  const moved = response.headers.get('location');
  if (status < 400 && moved !== null)
    return new ApiError(`${response.url} sends us on to ${oneLine(moved)}: give that address as --url.`, status);
  const text = await textOf(response, signal);
  try {
    const problem = JSON.parse(text) as { detail?: string; title?: string; errors?: Record<string, unknown>[] };
    const title = problem.title && `${response.url} answered ${status}: ${problem.title}`;
    const sentence = problem.detail ?? title;
    if (sentence !== undefined) {
      const errors = (problem.errors ?? []).map((error) => `\n  ${oneLine(errorLine(error))}`);
      return new ApiError(`${sentence}${errors.join('')}`, status, problem);
    }
  } catch {
    // No problem document: what there is of it is told as it is.
  }
  const said = oneLine(text).trim().slice(0, 200);
  return new ApiError(`${response.url} answered ${status}${said === '' ? '' : `: ${said}`}`, status);
}

/** `/timeout: must be <= 600000`, `3:5: unknown field 'xy' (did you mean 'x'?)` */
function errorLine({ pointer, line, column, message, hint }: Record<string, unknown>): string {
  const place = line === undefined ? pointer : `${line}:${column}`;
  return `${place ? `${place}: ` : ''}${message}${hint ? ` (${hint})` : ''}`;
}
