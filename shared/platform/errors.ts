/**
 * Every way in which the suite itself says no. `permanent` failures of a reaction are recorded, logged as a warning and
 * acknowledged; `transient` ones are thrown, so that the trigger delivers again. `reported` ones are bugs: they leave
 * with generic words and are logged with their stack.
 */
const codes = {
  'invalid-argument': { status: 400, title: 'The request is not valid', kind: 'permanent' },
  unauthenticated: { status: 401, title: 'Authentication is needed', kind: 'permanent' },
  'permission-denied': { status: 403, title: 'Not allowed', kind: 'permanent' },
  'not-found': { status: 404, title: 'Not found', kind: 'permanent' },
  'method-not-allowed': { status: 405, title: 'Method not allowed', kind: 'permanent' },
  conflict: { status: 409, title: 'Conflict with the current state', kind: 'permanent' },
  'precondition-failed': { status: 412, title: 'The resource has changed', kind: 'permanent' },
  'too-large': { status: 413, title: 'The body is too large', kind: 'permanent' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported', kind: 'permanent' },
  unprocessable: { status: 422, title: 'The content cannot be processed', kind: 'permanent' },
  'rate-limited': { status: 429, title: 'Too many requests', kind: 'transient' },
  internal: { status: 500, title: 'Something went wrong on our side', kind: 'reported' },
  unavailable: { status: 503, title: 'Not available just now', kind: 'transient' },
  timeout: { status: 504, title: 'It took too long', kind: 'transient' },
} as const;

export type ErrorCode = keyof typeof codes;

/** A place in a request that is wrong (RFC 9457's extension `errors`). */
export interface ErrorDetail {
  readonly pointer?: string;
  readonly message: string;
  readonly hint?: string;
  readonly [extension: string]: unknown;
}

/** The one error of the suite: a code of the closed union above, and words that may be shown to users. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: readonly ErrorDetail[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;
  /** The methods that a resource takes, with `method-not-allowed`. */
  readonly allow: readonly string[] | undefined;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      details?: readonly ErrorDetail[];
      retryAfter?: number;
      allow?: readonly string[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? [];
    this.retryAfter = options.retryAfter;
    this.allow = options.allow;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return codes[this.code].status;
  }

  get title(): string {
    return codes[this.code].title;
  }

  get kind(): 'permanent' | 'transient' | 'reported' {
    return codes[this.code].kind;
  }
}

/** What was thrown, as it may leave: bugs, whoever noticed them, become `internal` with generic words. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError && error.kind !== 'reported') return error;
  return new AppError('internal', 'An unexpected error happened; it has been recorded.', { cause: error });
}
