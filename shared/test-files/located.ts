/** A stretch of the source text: offsets in UTF-16 units, the end not included. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

export interface Scalar extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it stands in the file, without quotes: `007` and `1.10` keep their zeros here. */
  readonly written: string;
}

export interface Entry {
  readonly key: string;
  readonly at: Place;
  readonly value: Located;
}

export interface Mapping extends Place {
  readonly kind: 'mapping';
  readonly entries: readonly Entry[];
}

export interface List extends Place {
  readonly kind: 'list';
  readonly items: readonly Located[];
}

/** A value of a test file that knows where it stands. */
export type Located = Scalar | Mapping | List;

/** The entry of a key, when there is one. */
export function entryOf(node: Located | undefined, key: string): Entry | undefined {
  return node?.kind === 'mapping' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** A text that stands at a place. */
export function textAt(value: string, { start, end }: Place): Scalar {
  return { kind: 'scalar', value, written: value, start, end };
}

/** What to say of a key that was to be an item of a list: `-c: x`. */
export function hintForDash(key: string | undefined): string | undefined {
  return key?.startsWith('-') ? `Put a space after the dash: - ${key.slice(1)}: …` : undefined;
}

/** What YAML once took for true and false. */
export const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'on', 'y'].map((word) => [word, true] as const),
  ...['no', 'off', 'n'].map((word) => [word, false] as const),
]);

/** What a value is, in words for messages. */
export function kindOf(node: Located): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'mapping') return 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}

/** True for a key without a value. */
export function isNothing(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/**
 * The plain value. A number that would not survive being written back (`007`, `1.10`, 20 digits) stays the text that
 * the file holds: such numbers are telephone numbers, prices and ids.
 */
export function plain(node: Located): unknown {
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'mapping') return fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  return typeof node.value === 'number' && String(node.value) !== node.written ? node.written : node.value;
}

/** As JSON writes numbers; with more digits than this a number would be another one. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const MOST_DIGITS = 15;

/** The plain value for a program, to which `1.10` is a number like any other. */
export function jsonOf(node: Located): unknown {
  if (node.kind === 'list') return node.items.map(jsonOf);
  if (node.kind === 'mapping') return fromEntries(node.entries.map(({ key, value }) => [key, jsonOf(value)]));
  const exact = JSON_NUMBER.test(node.written) && node.written.replace(/e.*|\D/gi, '').length <= MOST_DIGITS;
  return typeof node.value === 'number' && exact ? node.value : plain(node);
}

/** Like Object.fromEntries, with `__proto__` as a key like any other; without a prototype of its own it cannot do harm. */
function fromEntries(entries: [string, unknown][]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [key, value] of entries)
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  return object;
}
