import type { Writable } from 'node:stream';

/** What a process tells of when it ends. */
type Ending = Pick<NodeJS.Process, 'once'>;

/**
 * Writes lines, those that come together in one: a pipe is written to at once and waited for, and nobody's answer is to
 * wait for the log. What is not written when the process ends is written then.
 */
export function lineWriter(stream: Pick<Writable, 'write'>, host: Ending = process): (line: string) => void {
  let lines: string[] = [];
  let armed = false;
  const write = (): void => {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\n`).join('');
    lines = [];
    stream.write(text);
  };
  return (line) => {
    if (!armed) host.once('exit', write);
    armed = true;
    if (lines.length === 0) setImmediate(write);
    lines.push(line);
  };
}
