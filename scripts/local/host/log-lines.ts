import type { Readable } from 'node:stream';

/** Takes one line of a log, a JSON object as Cloud Logging reads them, without its line end. */
export type LogLine = (line: string) => void;

/**
 * Passes on what a process writes, line by line: JSON objects as they are, anything else wrapped into one.
 * @param severity of the lines that do not say it themselves.
 */
export function logLines(stream: Readable, severity: 'INFO' | 'ERROR', name: string, log: LogLine): void {
  let rest = '';
  const pass = (line: string): void => {
    if (line.trim() === '') return;
    log(line.startsWith('{') && isJson(line) ? line : JSON.stringify({ severity, message: line, function: name }));
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) pass(line);
  });
  stream.on('end', () => pass(rest));
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
