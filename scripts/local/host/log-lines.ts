import type { Readable } from 'node:stream';

/** Takes one line of a log, a JSON object as Cloud Logging reads them, without its line end. */
export type LogLine = (line: string) => void;

/**
 * Passes on what a process of a function writes, line by line: JSON objects with the function's name, unless they say
 * one, anything else wrapped into one.
 * @param severity of the lines that do not say it themselves.
 */
export function logLines(stream: Readable, severity: 'INFO' | 'ERROR', name: string, log: LogLine): void {
  let rest = '';
  const pass = (line: string): void => {
    if (line.trim() === '') return;
    const entry = line.startsWith('{') ? entryOf(line) : undefined;
    if (entry?.function !== undefined) log(line);
    else log(JSON.stringify({ function: name, ...(entry ?? { severity, message: line }) }));
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) pass(line);
  });
  stream.on('end', () => pass(rest));
}

function entryOf(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
