import { logContext } from './trace.ts';

const severities = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type Severity = (typeof severities)[number];
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes structured logs: one JSON line an event, as Cloud Logging reads them. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  /** A bug: with its stack and the service, Error Reporting picks it up. */
  error(message: string, error: unknown, fields?: LogFields): void;
}

/**
 * @param write takes a line without its line end.
 * @param least the least severity that is written.
 */
export function createLogger(options: {
  write: (line: string) => void;
  least: Severity;
  project: string;
  now: () => number;
}): Logger {
  const least = severities.indexOf(options.least);
  const log = (severity: Severity, message: string, fields: LogFields = {}): void => {
    if (severities.indexOf(severity) < least) return;
    const context = logContext();
    const event = { severity, message, time: new Date(options.now()).toISOString() };
    const entry = {
      ...event,
      ...(context && {
        'logging.googleapis.com/trace': `projects/${options.project}/traces/${context.traceparent.slice(3, 35)}`,
        'logging.googleapis.com/spanId': context.traceparent.slice(36, 52),
        function: context.function,
        ...context.fields,
      }),
      ...fields,
      ...event,
    };
    options.write(toJson(entry) ?? JSON.stringify({ ...event, fields: 'could not be written as JSON' }));
  };
  return {
    debug: (message, fields) => log('DEBUG', message, fields),
    info: (message, fields) => log('INFO', message, fields),
    warning: (message, fields) => log('WARNING', message, fields),
    error: (message, error, fields) =>
      log('ERROR', message, {
        '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
        stack_trace: stackOf(error),
        ...fields,
      }),
  };
}

/** Undefined for what is no JSON: a log line is never the reason why work fails. */
function toJson(entry: object): string | undefined {
  try {
    return JSON.stringify(entry, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  } catch {
    return undefined;
  }
}

/** The stack of an error and of its causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
