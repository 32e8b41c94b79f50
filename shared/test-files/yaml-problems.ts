import type { YAMLError } from 'yaml';
import type { Place } from './located.ts';
import type { Report } from './report.ts';

/** After so many, what the parser says are consequences of what it said before. */
const MOST_SYNTAX_ERRORS = 10;
/** Causes are looked for in the first characters of a line. */
const LONGEST_LINE = 1000;

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly at?: Place;
}

/** Tells what is wrong with a file's syntax in the words of people who write tests. */
export function reportSyntax(errors: readonly YAMLError[], text: string, report: Report): void {
  const told = new Set<number>();
  for (const error of errors) {
    if (told.size >= MOST_SYNTAX_ERRORS) break;
    const { code, message, hint, at = { start: error.pos[0], end: error.pos[1] } } = explain(error, text);
    if (told.has(at.start)) continue;
    told.add(at.start);
    report.error(code, message, at, hint);
  }
}

function explain(error: YAMLError, text: string): Explanation {
  const start = error.pos[0];
  const hash = /^(?:Flow|Comments)/.test(error.message) ? hashInFlow(text, start) : undefined;
  if (hash) return hash;
  const braces = bracesBefore(text, start);
  if (braces) return braces;
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { code: 'tab-indentation', message: 'tabs do not indent in YAML', hint: 'Replace the tab by spaces.' };
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (/block sequence/.test(error.message)) return strayDash(text, start);
      const at = { start, end: endOfLine(text, start) };
      return {
        code: 'yaml-syntax',
        message: "a second ': ' on the line",
        hint: `Quote the value: ${quote(text.slice(at.start, at.end).trim())}`,
        at,
      };
    }
    case 'BAD_SCALAR_START': {
      const at = { start, end: endOfLine(text, start) };
      return {
        code: 'yaml-syntax',
        message: `a value cannot start with '${text[start]}' unless it is quoted`,
        hint: `Quote it: ${quote(text.slice(at.start, at.end).trim())}`,
        at,
      };
    }
    case 'MULTILINE_IMPLICIT_KEY':
      return colonWithoutSpace(text, start) ?? { code: 'yaml-syntax', message: lowerFirst(error.message) };
    case 'BLOCK_IN_FLOW':
      return {
        code: 'yaml-syntax',
        message: 'a key stands where a comma or a bracket is needed',
        hint: 'Put a comma between two entries, and close each bracket.',
      };
    default:
      return { code: 'yaml-syntax', message: lowerFirst(error.message), ...closing(error) };
  }
}

/** A dash that is not indented like those before it is read as a key. */
function strayDash(text: string, near: number): Explanation {
  const start = Math.max(near, text.indexOf('-', near));
  return {
    code: 'yaml-syntax',
    message: 'the dash is not indented like those before it',
    hint: 'Indent it like the lines it belongs to.',
    at: { start, end: endOfLine(text, start) },
  };
}

/** `test:Log in` is a text. */
function colonWithoutSpace(text: string, start: number): Explanation | undefined {
  const at = { start, end: endOfLine(text, start) };
  const [, key, value] = /^([\w-]+):(?!\/\/)(\S.*)$/.exec(text.slice(at.start, at.end).trimEnd()) ?? [];
  if (!key) return undefined;
  const message = `there is no space after the colon of '${key}'`;
  return { code: 'yaml-syntax', message, hint: `Write ${key}: ${value}`, at };
}

/** A `#` after `{`, `[`, `,` or `: ` starts a comment, and the bracket is never closed. The parser notices lines later. */
function hashInFlow(text: string, near: number): Explanation | undefined {
  const lineStart = text.lastIndexOf('\n', Math.max(0, near - 1)) + 1;
  const from =
    lineStart === near || /^\s*$/.test(text.slice(lineStart, near))
      ? text.lastIndexOf('\n', lineStart - 2) + 1
      : lineStart;
  const line = text.slice(from, endOfLine(text, from));
  const found = /(?:[{[,]\s*|:\s+)(#[^\s,:}\]]+)/.exec(line);
  if (!found?.[1]) return undefined;
  const start = from + found.index + found[0].length - found[1].length;
  return {
    code: 'unquoted-hash',
    message: `'${found[1]}' is read as a comment`,
    hint: `Quote it: '${found[1]}'`,
    at: { start, end: start + found[1].length },
  };
}

/** `{{name}}` at the start of a value is a mapping to YAML. */
function bracesBefore(text: string, near: number): Explanation | undefined {
  const from = text.lastIndexOf('\n', Math.max(0, near - 1)) + 1;
  const found = /(?:^|[:-]\s+)(\{\{[^}\n]*\}\}[^\n]*)/.exec(text.slice(from, endOfLine(text, from)));
  if (!found?.[1]) return undefined;
  const start = from + found.index + found[0].length - found[1].length;
  return unquotedBraces(found[1].trim(), { start, end: start + found[1].trim().length });
}

/** What is said of a value that starts with `{{` and is not quoted. */
export function unquotedBraces(value: string, at: Place): Required<Explanation> {
  return {
    code: 'unquoted-braces',
    message: 'a value that starts with {{ has to be quoted',
    hint: `Quote it: ${quote(value)}`,
    at,
  };
}

function closing(error: YAMLError): { hint?: string } {
  if (/end with a/.test(error.message)) return { hint: `Close the bracket with ${error.message.slice(-1)}` };
  if (/Missing closing/.test(error.message)) return { hint: 'Close the quotation mark.' };
  if (/Unexpected scalar at node end/.test(error.message)) return { hint: 'Quote the whole value.' };
  if (error.code === 'BAD_INDENT' || /without - indicator|must be aligned|same column/.test(error.message))
    return { hint: 'Indent it like the lines it belongs to.' };
  return {};
}

/** The text in quotation marks that need no escapes inside it, where there are such. */
export function quote(value: string): string {
  return value.includes("'") && !/["\\]/.test(value) ? `"${value}"` : `'${value.replaceAll("'", "''")}'`;
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from, from + LONGEST_LINE).search(/[\r\n]/);
  return end < 0 ? Math.min(text.length, from + LONGEST_LINE) : from + end;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
