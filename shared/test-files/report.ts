import type { Diagnostic } from '../../schemas/test-definition.ts';
import type { Place } from './located.ts';

/** So many problems are told; a file with more has one cause that repeats. */
export const MOST_DIAGNOSTICS = 100;
const LONGEST_TEXT = 120;

/** Collects the problems of one file. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  /** How many errors there are, told or not. */
  readonly errors: number;
  error(code: string, message: string, at: Place, hint?: string): void;
  warn(code: string, message: string, at: Place, hint?: string): void;
}

/** @param text the file's text, from which lines and columns are counted. */
export function createReport(text: string, file: string): Report {
  const diagnostics: Diagnostic[] = [];
  const lineStarts = startsOfLines(text);
  let errors = 0;
  let untold = 0;
  const add = (severity: Diagnostic['severity'], code: string, message: string, at: Place, hint?: string): void => {
    if (severity === 'error') errors++;
    if (diagnostics.length >= MOST_DIAGNOSTICS && (severity === 'warning' || errors > 1)) {
      untold++;
      return;
    }
    const shown = firstLine(text.slice(at.start, Math.min(at.end, at.start + LONGEST_TEXT)));
    diagnostics.push({
      severity,
      code,
      message,
      ...positionOf(lineStarts, at.start),
      ...(shown ? { text: shown } : {}),
      ...(hint ? { hint } : {}),
      file,
    });
  };
  return {
    get diagnostics() {
      const sorted = [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
      const last = sorted.at(-1);
      if (!last || untold === 0) return sorted;
      const message = `${untold} more problems are not shown`;
      const { line, column } = last;
      sorted.push({
        severity: 'warning',
        code: 'more-problems',
        message,
        line,
        column,
        hint: 'Mend these first.',
        file,
      });
      return sorted;
    },
    get failed() {
      return errors > 0;
    },
    get errors() {
      return errors;
    },
    error: (code, message, at, hint) => add('error', code, message, at, hint),
    warn: (code, message, at, hint) => add('warning', code, message, at, hint),
  };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(lineStarts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: Math.max(1, offset - (lineStarts[low] ?? 0) + 1) };
}

function firstLine(text: string): string {
  return (text.split(/[\r\n]/, 1)[0] ?? '').trimEnd();
}
