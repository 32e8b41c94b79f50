import { paint, type Terminal } from './terminal.ts';

const styles = { DEBUG: 'dim', INFO: 'reset', WARNING: 'yellow', ERROR: 'red' } as const;

/** A structured log line as people read it: time, function, message; what is no JSON stays as it is. */
export function prettyLine(line: string, terminal: Pick<Terminal, 'colour'>): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return `${line}\n`;
  }
  const time = String(entry.time ?? '').slice(11, 23);
  const style = styles[entry.severity as keyof typeof styles] ?? 'reset';
  const took = typeof entry.duration_ms === 'number' ? ` ${entry.duration_ms} ms` : '';
  const stack = typeof entry.stack_trace === 'string' ? `\n${entry.stack_trace}` : '';
  const source = String(entry.function ?? 'cloud').padEnd(17);
  return `${paint(terminal, 'dim', time)} ${paint(terminal, 'cyan', source)} ${paint(terminal, style, String(entry.message ?? line))}${paint(terminal, 'dim', took)}${stack}\n`;
}
