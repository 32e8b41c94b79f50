/** A request that no instance answered, with the status that Cloud Run would answer in its stead. */
export class Unanswered extends Error {
  /** 499: the caller has gone. */
  readonly status: 413 | 429 | 499 | 500 | 502 | 503 | 504;

  constructor(status: Unanswered['status'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.status = status;
  }
}
