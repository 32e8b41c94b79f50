import { invalid } from './names.ts';

/** Whether a message with these attributes is delivered. */
export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

type Token = { readonly kind: 'word' | 'string' | 'sign' | 'end'; readonly text: string; readonly at: number };

const LONGEST_BYTES = 256;
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([\p{L}_][\p{L}\p{N}_\-/]*)|(!=|[:=().,-]))/uy;

/**
 * Compiles a subscription's filter: `attributes:k`, `attributes.k = "v"`, `!=`, `hasPrefix(attributes.k, "v")`, joined by
 * AND or OR (mixed only with parentheses), negated by NOT or `-`. An empty filter lets everything pass.
 * @throws RpcError INVALID_ARGUMENT with the position of what is wrong
 * @see https://cloud.google.com/pubsub/docs/subscription-message-filter#filtering_syntax
 */
export function parseFilter(source: string): Filter {
  if (source.trim() === '') return () => true;
  if (Buffer.byteLength(source) > LONGEST_BYTES) throw invalid(`Filter is longer than ${LONGEST_BYTES} bytes.`);
  const parser = new Parser(source);
  const filter = parser.expression();
  parser.expect('end', '');
  return filter;
}

class Parser {
  readonly #source: string;
  readonly #tokens: Token[];
  #index = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  expression(): Filter {
    const terms = [this.#term()];
    const joint = this.#peek().text;
    if (joint !== 'AND' && joint !== 'OR') return terms[0] as Filter;
    while (this.#accept('word', joint)) terms.push(this.#term());
    const next = this.#peek();
    if (next.text === 'AND' || next.text === 'OR') throw this.#wrong(next, 'parentheses around mixed AND and OR');
    return joint === 'AND'
      ? (attributes) => terms.every((term) => term(attributes))
      : (attributes) => terms.some((term) => term(attributes));
  }

  expect(kind: Token['kind'], text?: string): Token {
    const token = this.#peek();
    if (token.kind !== kind || (text !== undefined && token.text !== text)) throw this.#wrong(token, text || kind);
    this.#index += 1;
    return token;
  }

  #term(): Filter {
    if (this.#accept('word', 'NOT') || this.#accept('sign', '-')) {
      const negated = this.#term();
      return (attributes) => !negated(attributes);
    }
    if (this.#accept('sign', '(')) {
      const inner = this.expression();
      this.expect('sign', ')');
      return inner;
    }
    return this.#accept('word', 'hasPrefix') ? this.#hasPrefix() : this.#comparison();
  }

  #hasPrefix(): Filter {
    this.expect('sign', '(');
    this.expect('word', 'attributes');
    this.expect('sign', '.');
    const key = this.#key();
    this.expect('sign', ',');
    const prefix = this.expect('string').text;
    this.expect('sign', ')');
    return (attributes) => own(attributes, key)?.startsWith(prefix) ?? false;
  }

  #comparison(): Filter {
    this.expect('word', 'attributes');
    if (this.#accept('sign', ':')) {
      const key = this.#key();
      return (attributes) => own(attributes, key) !== undefined;
    }
    this.expect('sign', '.');
    const key = this.#key();
    const equal = this.#accept('sign', '=');
    if (!equal) this.expect('sign', '!=');
    const value = this.expect('string').text;
    return (attributes) => (own(attributes, key) === value) === equal;
  }

  #key(): string {
    const token = this.#peek();
    if (token.kind !== 'word' && token.kind !== 'string') throw this.#wrong(token, 'an attribute key');
    this.#index += 1;
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#index] ?? { kind: 'end', text: '', at: this.#source.length };
  }

  #accept(kind: Token['kind'], text: string): boolean {
    const token = this.#peek();
    const found = token.kind === kind && token.text === text;
    if (found) this.#index += 1;
    return found;
  }

  #wrong(token: Token, wanted: string): Error {
    const found = token.kind === 'end' ? 'its end' : `'${token.text}'`;
    return invalid(`Invalid filter '${this.#source}': expected ${wanted} at position ${token.at}, found ${found}.`);
  }
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (source.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    if (!match) throw invalid(`Invalid filter '${source}': unexpected character at position ${at}.`);
    const [, string, word, sign] = match;
    if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string), at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else tokens.push({ kind: 'sign', text: sign ?? '', at });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function unescaped(text: string): string {
  const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
  return text.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{3}|.)/gs, (_all, code: string) => {
    if (/^[ux]../.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return simple[code] ?? code;
  });
}

function own(attributes: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}
