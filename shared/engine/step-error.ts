/** Why a step could not be executed. Closed: reports and clients may switch over it. */
export type StepErrorType =
  | 'element-not-found'
  | 'ambiguous-target'
  | 'not-actionable'
  | 'navigation-failed'
  | 'timeout'
  | 'page-closed'
  | 'page-crashed'
  | 'script-error'
  | 'request-failed'
  | 'file-not-found'
  | 'too-large'
  | 'environment-not-found'
  | 'unknown-variable'
  | 'unknown-command'
  | 'invalid-value'
  | 'tab-not-found'
  | 'frame-not-found'
  | 'refused'
  | 'aborted'
  | 'internal';

/** What a StepError knows beside its message. */
export interface StepErrorDetails {
  /** How to mend it, for people. */
  readonly hint?: string;
  /** What a target might have meant, described for people. */
  readonly candidates?: readonly string[];
  readonly cause?: unknown;
}

/** A step that cannot be executed. (An assertion that does not hold is an outcome, never an error.) */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly type: StepErrorType;
  readonly hint: string | undefined;
  readonly candidates: readonly string[] | undefined;

  constructor(type: StepErrorType, message: string, details: StepErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.type = type;
    this.hint = details.hint;
    this.candidates = details.candidates;
  }
}
