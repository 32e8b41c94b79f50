import { invalidQuery, unimplemented } from '../errors.ts';

/** A lexical element of GoogleSQL. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'bytes' | 'number' | 'parameter' | 'operator' | 'end';
  /** The text as written; for quoted identifiers, strings and named parameters their value. */
  readonly text: string;
  /** Upper case of a word, the operator itself, else empty: what keywords are compared with. */
  readonly key: string;
  /** Offsets in the statement. */
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:\s|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const STRING = /(?:[rR]?[bB]?|[bB][rR])(?='|")/y;
const PARAMETER = /@([A-Za-z_][A-Za-z0-9_]*)|\?/y;
const OPERATOR = /\|\||<=|>=|!=|<>|=>|[()[\],.+\-*/=<>;:]/y;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  '"': '"',
  "'": "'",
  '`': '`',
};
const ESCAPE =
  /\\(?:([abfnrtv\\?"'`])|([0-7]{3})|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|\r?\n|([\s\S]?))/g;

/** Where an offset is: `[line:column]`, both from 1, as BigQuery writes it. */
export function at(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `[${before.length}:${(before.at(-1)?.length ?? 0) + 1}]`;
}

/**
 * Splits GoogleSQL into tokens, the last of kind `end`.
 * @throws HttpError invalidQuery for an unclosed literal or an illegal character; notImplemented for bitwise and pipe operators.
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = offset;
    return pattern.exec(sql);
  };
  const push = (kind: Token['kind'], text: string, end: number, key = '') => {
    tokens.push({ kind, text, key, start: offset, end });
    offset = end;
  };
  for (;;) {
    offset += match(SPACE)?.[0].length ?? 0;
    if (offset >= sql.length) break;
    let found = match(STRING);
    if (found) {
      const literal = readString(sql, offset, found[0].toLowerCase());
      push(found[0].toLowerCase().includes('b') ? 'bytes' : 'string', literal.value, literal.end);
      continue;
    }
    if (sql[offset] === '`') {
      const end = sql.indexOf('`', offset + 1);
      if (end < 0) throw invalidQuery(`Syntax error: Unclosed identifier literal at ${at(sql, offset)}`);
      push('quoted', unescaped(sql.slice(offset + 1, end), sql, offset), end + 1);
      continue;
    }
    found = match(WORD);
    if (found) {
      push('word', found[0], offset + found[0].length, found[0].toUpperCase());
      continue;
    }
    found = match(NUMBER);
    if (found) {
      push('number', found[0], offset + found[0].length);
      continue;
    }
    found = match(PARAMETER);
    if (found) {
      push('parameter', found[1] ?? '?', offset + found[0].length);
      continue;
    }
    found = match(OPERATOR);
    if (!found) throw illegal(sql, offset);
    push('operator', found[0], offset + found[0].length, found[0]);
  }
  tokens.push({ kind: 'end', text: 'end of query', key: '', start: sql.length, end: sql.length });
  return tokens;
}

function illegal(sql: string, offset: number): Error {
  const form = /^(?:\|>|<<|>>|@@|[&|^~])/.exec(sql.slice(offset))?.[0];
  if (form) return unimplemented(`operator ${form} at ${at(sql, offset)}`);
  return invalidQuery(`Syntax error: Illegal input character "${sql[offset]}" at ${at(sql, offset)}`);
}

function readString(sql: string, start: number, prefix: string): { value: string; end: number } {
  const open = start + prefix.length;
  const quote = sql.startsWith(sql.charAt(open).repeat(3), open) ? sql.charAt(open).repeat(3) : sql.charAt(open);
  let end = open + quote.length;
  while (!sql.startsWith(quote, end)) {
    if (end >= sql.length || (quote.length === 1 && sql[end] === '\n')) {
      throw invalidQuery(`Syntax error: Unclosed string literal at ${at(sql, start)}`);
    }
    end += sql[end] === '\\' ? 2 : 1;
  }
  const raw = sql.slice(open + quote.length, end);
  const bytes = prefix.includes('b');
  const text = bytes ? Buffer.from(raw, 'utf8').toString('latin1') : raw;
  return { value: prefix.includes('r') ? text : unescaped(text, sql, start), end: end + quote.length };
}

/** The value of a literal's text. Bytes literals hold one character a byte. */
function unescaped(text: string, sql: string, start: number): string {
  return text.replace(ESCAPE, (whole, simple, octal, hex, short, long, illegalEscape) => {
    if (simple !== undefined) return SIMPLE_ESCAPES[simple] ?? '';
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const digits = hex ?? short ?? long;
    if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
    if (illegalEscape !== undefined) {
      throw invalidQuery(`Syntax error: Illegal escape sequence: ${whole} at ${at(sql, start)}`);
    }
    return '';
  });
}
