/** A number of JSON that no number of JavaScript holds, as it is written; JSON.stringify writes it so again. */
interface RawNumber {
  readonly rawJSON: string;
}

interface ExactJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}

// Of Node 24; the library's types do not have it yet.
const EXACT = JSON as unknown as ExactJson;

/** Reads JSON, and keeps whole numbers beyond 2^53 as they are written. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return EXACT.parse(text, (_key, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? EXACT.rawJSON(source) : value,
  );
}

/** The digits of a number that `parseJson` kept; undefined for any other value. */
export function digitsOf(value: unknown): string | undefined {
  return EXACT.isRawJSON(value) ? value.rawJSON : undefined;
}
