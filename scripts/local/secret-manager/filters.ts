import { status } from '@grpc/grpc-js';
import { RpcError } from '../plumbing/grpc.ts';

/** What a filter may ask of an item: its fields, as JSON, by the names of the JSON API. Absent ones are not there. */
export type Filterable = Readonly<Record<string, unknown>>;

type Test = (item: Filterable) => boolean;

const TOKEN =
  /\s*(?:(?<mark>[()])|(?<operator><=|>=|!=|[=<>:])|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<word>-?[^\s()=<>!:"]+(?::(?=\d\d)[^\s()=<>!"]+)*))/y;

interface Token {
  readonly kind: 'mark' | 'operator' | 'quoted' | 'word';
  readonly text: string;
}

/**
 * The test that a filter stands for (AIP-160): comparisons `field=value`, `!=`, `<`, `<=`, `>`, `>=`, `field:value`
 * (has, or contains; `*` is anything in between) and `field:*` (is set), joined by AND, OR (which binds tighter), NOT and parentheses.
 * A word of its own is looked for in the name. Fields are those of the JSON API in either spelling: `labels.env`,
 * `create_time`, `rotation.next_rotation_time`.
 * @param known first names of the fields there are.
 * @throws RpcError INVALID_ARGUMENT for a filter that cannot be read or a field there is not.
 */
export function filterOf(filter: string, known: readonly string[]): Test {
  if (filter.trim() === '') return () => true;
  const reader = new FilterReader(filter, known);
  return reader.whole();
}

class FilterReader {
  readonly #filter: string;
  readonly #known: readonly string[];
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(filter: string, known: readonly string[]) {
    this.#filter = filter;
    this.#known = known;
    this.#tokens = this.#tokenize();
  }

  whole(): Test {
    const test = this.#conjunction();
    if (this.#peek()) throw this.#invalid(`unexpected "${this.#peek()?.text}"`);
    return test;
  }

  #conjunction(): Test {
    const tests = [this.#disjunction()];
    while (this.#peek() && this.#peek()?.text !== ')') {
      this.#accept('AND');
      tests.push(this.#disjunction());
    }
    return (item) => tests.every((test) => test(item));
  }

  #disjunction(): Test {
    const tests = [this.#term()];
    while (this.#accept('OR')) tests.push(this.#term());
    return (item) => tests.some((test) => test(item));
  }

  #term(): Test {
    if (this.#accept('NOT')) {
      const test = this.#term();
      return (item) => !test(item);
    }
    if (!this.#accept('(')) return this.#comparison();
    const test = this.#conjunction();
    if (!this.#accept(')')) throw this.#invalid('a parenthesis is not closed');
    return test;
  }

  #comparison(): Test {
    const field = this.#value();
    const operator = this.#peek();
    if (operator?.kind !== 'operator') return compare(['name'], ':', field);
    this.#index++;
    const path = field.split('.').map((part) => part.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
    // What follows `labels.` is a key as it is written.
    if (path[0] === 'labels' || path[0] === 'annotations') path.splice(1, path.length, field.slice(path[0].length + 1));
    if (!this.#known.includes(path[0] ?? '')) throw this.#invalid(`there is no field "${field}"`);
    return compare(path.filter(Boolean), operator.text, this.#value());
  }

  #value(): string {
    const token = this.#peek();
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw this.#invalid('a value is missing');
    this.#index++;
    return token.text;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#index];
  }

  #accept(text: string): boolean {
    const token = this.#peek();
    if (token?.text !== text || token.kind === 'quoted') return false;
    this.#index++;
    return true;
  }

  #tokenize(): Token[] {
    const tokens: Token[] = [];
    const text = this.#filter.trimEnd();
    TOKEN.lastIndex = 0;
    let offset = 0;
    while (offset < text.length) {
      TOKEN.lastIndex = offset;
      const { groups } = TOKEN.exec(text) ?? {};
      if (!groups) throw this.#invalid(`"${text.slice(offset).trim()}" cannot be read`);
      offset = TOKEN.lastIndex;
      const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) ?? ['word', ''];
      tokens.push({ kind: kind as Token['kind'], text: kind === 'quoted' ? found.replace(/\\(.)/g, '$1') : found });
    }
    return tokens;
  }

  #invalid(problem: string): RpcError {
    return new RpcError(status.INVALID_ARGUMENT, `Invalid list filter "${this.#filter}": ${problem}.`);
  }
}

function compare(path: readonly string[], operator: string, wanted: string): Test {
  return (item) => {
    const values = path.reduce<unknown[]>((all, key) => all.flatMap((each) => inside(each, key)), [item]);
    const hits = values.map((value) => matches(value, operator === '!=' ? '=' : operator, wanted));
    return operator === '!=' ? !hits.includes(true) : hits.includes(true);
  };
}

/** The values under a key; those of each element when it is a list. */
function inside(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => inside(each, key));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  const found = (value as Record<string, unknown>)[key];
  return Array.isArray(found) ? found : [found];
}

function matches(value: unknown, operator: string, wanted: string): boolean {
  if (operator === ':' && wanted === '*') return true;
  if (typeof value === 'object' && value !== null) return operator === ':' && Object.hasOwn(value, wanted);
  const text = String(value);
  if (operator === ':') return contains(text.toLowerCase(), wanted.toLowerCase());
  const [left, right] = [quantity(text), quantity(wanted)];
  const order = left !== undefined && right !== undefined ? left - right : text === wanted ? 0 : text < wanted ? -1 : 1;
  return { '=': order === 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[operator] ?? false;
}

/** Whether the parts that the stars of a pattern leave follow each other in a text. */
function contains(text: string, pattern: string): boolean {
  let at = 0;
  return pattern.split('*').every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

/** A time (RFC 3339) or a length of time (`3600s`) in milliseconds, undefined for any other text. */
function quantity(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?s$/.test(text)) return Number.parseFloat(text) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
