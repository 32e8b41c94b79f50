import { oneLine } from './one-line.ts';
import { paint, type Terminal } from './terminal.ts';

const styles = {
  DEBUG: 'dim',
  INFO: 'reset',
  NOTICE: 'reset',
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: 'red',
  ALERT: 'red',
  EMERGENCY: 'red',
} as const;

/** A structured log line as people read it: time, function, message; what is no entry stays as it is. */
export function prettyLine(line: string, terminal: Pick<Terminal, 'colour'>): string {
  const entry = entryOf(line);
  if (!entry) return `${oneLine(line)}\n`;
  const time = String(entry.time ?? '').slice(11, 23);
  const style = styles[entry.severity as keyof typeof styles] ?? 'reset';
  const took = typeof entry.duration_ms === 'number' ? ` ${entry.duration_ms} ms` : '';
  const stack =
    typeof entry.stack_trace === 'string' ? `\n${entry.stack_trace.split('\n').map(oneLine).join('\n')}` : '';
  const source = String(entry.function ?? 'cloud').padEnd(17);
  return `${paint(terminal, 'dim', time)} ${paint(terminal, 'cyan', source)} ${paint(terminal, style, oneLine(String(entry.message ?? line)))}${paint(terminal, 'dim', took)}${stack}\n`;
}

/** Functions may log anything, `null` and lists too. */
function entryOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
