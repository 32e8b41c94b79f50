import { AsyncLocalStorage } from 'node:async_hooks';

/** What is said with every log line while a request or event is handled. */
export interface LogContext {
  /** W3C trace context: `00-<trace>-<span>-<flags>`. */
  readonly traceparent: string;
  readonly function: string;
  readonly fields: Record<string, string>;
}

const storage = new AsyncLocalStorage<LogContext>();
/** Ids of zeros alone are not valid. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Runs `work` with a log context; everything it calls, waits for and logs is part of it. */
export function withLogContext<T>(context: LogContext, work: () => T): T {
  return storage.run(context, work);
}

export function logContext(): LogContext | undefined {
  return storage.getStore();
}

/** Adds ids to the context, so that later lines carry them: `annotate({run_id})`. */
export function annotate(fields: Readonly<Record<string, string | undefined>>): void {
  const context = storage.getStore();
  if (!context) return;
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) context.fields[name] = value;
}

/** The traceparent to hand on to whatever this work causes. */
export function currentTrace(): string | undefined {
  return storage.getStore()?.traceparent;
}

/**
 * The trace that a delivery belongs to: the given traceparent with a span of its own, or a new trace when what was given
 * is missing or malformed (W3C Trace Context, section 3.2).
 */
export function continueTrace(given: string | undefined, randomHex: (bytes: number) => string): string {
  const trace = given && TRACEPARENT.test(given) ? given.slice(3, 35) : randomHex(16);
  return `00-${trace}-${randomHex(8)}-01`;
}
