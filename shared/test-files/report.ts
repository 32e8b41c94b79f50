import type { Diagnostic } from '../../schemas/test-definition.ts';
import type { Place } from './located.ts';

/** So many problems are told; a file with more has one cause that repeats. */
export const MOST_DIAGNOSTICS = 100;
const LONGEST_TEXT = 120;

/** Collects the problems of one file, and of the files that it takes in. */
export interface Report {
  readonly diagnostics: readonly Diagnostic[];
  readonly failed: boolean;
  /** How many errors there are, told or not. */
  readonly errors: number;
  error(code: string, message: string, at: Place, hint?: string): void;
  warn(code: string, message: string, at: Place, hint?: string): void;
  /** Takes in another text, as if it stood behind those before it. Gives the offset where its places begin. */
  addSource(text: string, file: string): number;
}

interface Source {
  readonly text: string;
  readonly file: string;
  readonly base: number;
  readonly lineStarts: readonly number[];
}

/** @param text the file's text, from which lines and columns are counted. */
export function createReport(text: string, file: string): Report {
  const diagnostics: { diagnostic: Diagnostic; source: number }[] = [];
  const sources: Source[] = [{ text, file, base: 0, lineStarts: startsOfLines(text) }];
  const told = new Set<string>();
  let errors = 0;
  let untold = 0;
  const add = (severity: Diagnostic['severity'], code: string, message: string, at: Place, hint?: string): void => {
    // A part that is used in several places is wrong once.
    const key = `${code} ${at.start} ${message}`;
    if (told.has(key)) return;
    if (severity === 'error') errors++;
    if (diagnostics.length >= MOST_DIAGNOSTICS && (severity === 'warning' || errors > 1)) {
      untold++;
      return;
    }
    told.add(key);
    const source = sources.findLastIndex(({ base }) => base <= at.start);
    diagnostics.push({
      source,
      diagnostic: toDiagnostic(severity, code, message, at, hint, sources[source] as Source),
    });
  };
  return {
    get diagnostics() {
      const sorted = inOrder(diagnostics);
      const last = sorted.at(-1);
      if (!last || untold === 0) return sorted;
      const message = `${untold} more problems are not shown`;
      const { line, column, file: where = file } = last;
      const hint = 'Mend these first.';
      sorted.push({ severity: 'warning', code: 'more-problems', message, line, column, hint, file: where });
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
    addSource(more, name) {
      const { base, text: before } = sources.at(-1) as Source;
      sources.push({ text: more, file: name, base: base + before.length + 1, lineStarts: startsOfLines(more) });
      return base + before.length + 1;
    },
  };
}

function inOrder(diagnostics: readonly { diagnostic: Diagnostic; source: number }[]): Diagnostic[] {
  return [...diagnostics]
    .sort(
      (a, b) =>
        a.source - b.source || a.diagnostic.line - b.diagnostic.line || a.diagnostic.column - b.diagnostic.column,
    )
    .map(({ diagnostic }) => diagnostic);
}

function toDiagnostic(
  severity: Diagnostic['severity'],
  code: string,
  message: string,
  at: Place,
  hint: string | undefined,
  { text, base, file, lineStarts }: Source,
): Diagnostic {
  const start = Math.min(at.start - base, text.length);
  const shown = firstLine(text.slice(start, Math.min(at.end - base, start + LONGEST_TEXT)));
  return {
    severity,
    code,
    message,
    ...positionOf(lineStarts, start),
    ...(shown ? { text: shown } : {}),
    ...(hint ? { hint } : {}),
    file,
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
