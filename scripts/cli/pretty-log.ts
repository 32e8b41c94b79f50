import { paint, type Terminal } from './terminal.ts';
import { printable } from './terminal-text.ts';

const styles = { DEBUG: 'dim', INFO: 'reset', WARNING: 'yellow', ERROR: 'red' } as const;

/** A structured log line as people read it: time, function, message; what is no JSON object stays as it is. */
export function prettyLine(line: string, terminal: Pick<Terminal, 'colour'>): string {
  const entry = parse(line);
  if (!entry) return `${printable(line)}\n`;
  const time = String(entry.time ?? '').slice(11, 23);
  const style = styles[entry.severity as keyof typeof styles] ?? 'reset';
  const took = typeof entry.duration_ms === 'number' ? ` ${entry.duration_ms} ms` : '';
  const stack = typeof entry.stack_trace === 'string' ? `\n${entry.stack_trace}` : '';
  const source = String(entry.function ?? 'cloud').padEnd(17);
  const message = printable(String(entry.message ?? line));
  return `${paint(terminal, 'dim', time)} ${paint(terminal, 'cyan', source)} ${paint(terminal, style, message)}${paint(terminal, 'dim', took)}${stack}\n`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
