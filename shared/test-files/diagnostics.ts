import type { Diagnostic } from '../../schemas/test-definition.ts';

const WIDEST = 100;

interface FormatOptions {
  /** The file's text, for the excerpt with the caret. */
  readonly source?: string;
  /** Colours by ANSI escape codes. */
  readonly colour?: boolean;
}

/**
 * A diagnostic for a terminal: `file:line:column  severity  message`, the line it is about with a caret below the
 * place, and the hint. Control characters of the file are shown as spaces, so that no file steers the terminal.
 */
export function formatDiagnostic(diagnostic: Diagnostic, { source, colour = false }: FormatOptions = {}): string {
  const paint = (code: number, text: string): string => (colour ? `\u001B[${code}m${text}\u001B[0m` : text);
  const { severity, line, column, file, hint } = diagnostic;
  const place = `${clean(file ?? 'test')}:${line}:${column}`;
  const lines = [`${place}  ${paint(severity === 'error' ? 31 : 33, severity)}  ${clean(diagnostic.message)}`];
  const excerpt = source === undefined ? undefined : excerptOf(source, diagnostic);
  if (excerpt)
    lines.push(
      `  ${paint(2, `${line} |`)} ${excerpt.text}`,
      `${' '.repeat(String(line).length + 5)}${paint(31, excerpt.carets)}`,
    );
  if (hint) lines.push(`  ${paint(36, 'hint:')} ${clean(hint)}`);
  return lines.join('\n');
}

/** The line, cut to what fits a terminal around the place, and carets below the offending text. */
function excerptOf(
  source: string,
  { line, column, text = '' }: Diagnostic,
): { text: string; carets: string } | undefined {
  const whole = source.replace(/^\uFEFF/, '').split('\n')[line - 1];
  if (whole === undefined) return undefined;
  const from = Math.max(0, Math.min(column - 1 - WIDEST / 2, whole.trimEnd().length - WIDEST));
  const shown = clean(whole.slice(from, from + WIDEST)).trimEnd();
  const before = column - 1 - from;
  const carets = '^'.repeat(Math.max(1, Math.min(text.length, shown.length - before)));
  return { text: shown, carets: `${' '.repeat(before)}${carets}` };
}

const clean = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, ' ');
