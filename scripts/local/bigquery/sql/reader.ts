import { invalidQuery, unimplemented } from '../errors.ts';
import { at, type Token, tokenize } from './tokens.ts';

/** Words that cannot be a bare identifier or alias (GoogleSQL, lexical structure, reserved keywords). */
export const RESERVED: ReadonlySet<string> = new Set(
  `ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE CURRENT
  DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL
  GROUP GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP
  MERGE NATURAL NEW NO NOT NULL NULLS OF ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE
  RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST USING WHEN
  WHERE WINDOW WITH WITHIN`.split(/\s+/),
);

/** Walks the tokens of one statement. Keywords are given in upper case. */
export class Reader {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(sql: string) {
    this.sql = sql;
    this.#tokens = tokenize(sql);
  }

  /** Where it stands, for `rewind`. */
  get position(): number {
    return this.#index;
  }

  /** Stands again, or already, at a position. */
  rewind(position: number): void {
    this.#index = position;
  }

  /** The token `ahead` places on, without taking it. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)];
    if (!token) throw new Error('a token list always ends with an end token');
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** Whether the next tokens are these keywords or operators. */
  is(...keys: string[]): boolean {
    return keys.every((key, ahead) => this.peek(ahead).key === key);
  }

  /** Takes these keywords or operators when they come next. */
  accept(...keys: string[]): boolean {
    if (!this.is(...keys)) return false;
    this.#index += keys.length;
    return true;
  }

  expect(...keys: string[]): void {
    for (const key of keys) if (!this.accept(key)) throw this.unexpected(`"${key}"`);
  }

  /** Takes an identifier; reserved words only count when quoted. */
  identifier(): string {
    if (!this.isIdentifier()) throw this.unexpected('identifier');
    return this.next().text;
  }

  isIdentifier(ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.key));
  }

  /** `[AS] alias`, when there is one. */
  alias(): string | undefined {
    if (this.accept('AS')) return this.identifier();
    return this.isIdentifier() ? this.identifier() : undefined;
  }

  /** One or more, separated by commas. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  /** What the statement says between two offsets. */
  text(start: number, end: number = this.peek(-1).end): string {
    return this.sql.slice(start, end);
  }

  unexpected(wanted: string): Error {
    const token = this.peek();
    return invalidQuery(`Syntax error: Expected ${wanted} but got "${token.text}" at ${at(this.sql, token.start)}`);
  }

  /** An error that refuses the form that starts at the next token. */
  refuse(form: string): Error {
    return unimplemented(`${form} at ${at(this.sql, this.peek().start)}`);
  }
}

/** A string as a literal of DuckDB. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An identifier of DuckDB, whatever it spells. */
export function name(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
