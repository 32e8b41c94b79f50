import { type Firestore, GeoPoint, Timestamp } from '@google-cloud/firestore';

/** What stands for values that JSON lacks: an object with this one key. */
type Marked =
  | { readonly $timestamp: string }
  | { readonly $bytes: string }
  | { readonly $reference: string }
  | { readonly $geopoint: readonly [number, number] }
  | { readonly $number: string }
  | { readonly $map: object };

/**
 * A value of a document as JSON. What JSON lacks is marked: `{"$timestamp": "…"}` (RFC 3339, to the nanosecond),
 * `{"$bytes": "…"}` (base64), `{"$reference": "…"}` (path), `{"$geopoint": [latitude, longitude]}`, `{"$number": "NaN"}`.
 * @throws Error for a value of another kind
 */
export function toJson(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return markNumber(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Timestamp) return { $timestamp: nanoTime(value) } satisfies Marked;
  if (Buffer.isBuffer(value)) return { $bytes: value.toString('base64') } satisfies Marked;
  if (value instanceof GeoPoint) return { $geopoint: [value.latitude, value.longitude] } satisfies Marked;
  if (isReference(value)) return { $reference: value.path } satisfies Marked;
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error(`A ${(value as object).constructor?.name ?? typeof value} cannot be exported.`);
  const map = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]));
  return isMarked(map) ? ({ $map: map } satisfies Marked) : map;
}

/** The value that `toJson` made JSON of. @throws Error for a mark that is not known */
export function fromJson(json: unknown, firestore: Firestore): unknown {
  if (Array.isArray(json)) return json.map((inner) => fromJson(inner, firestore));
  if (typeof json !== 'object' || json === null) return json;
  if (!isMarked(json)) return entriesOf(json, firestore);
  const [[mark, content]] = Object.entries(json) as [[string, unknown]];
  switch (mark) {
    case '$timestamp':
      return timeOf(String(content));
    case '$bytes':
      return Buffer.from(String(content), 'base64');
    case '$reference':
      return firestore.doc(String(content));
    case '$geopoint':
      return new GeoPoint(...(content as [number, number]));
    case '$number':
      return content === '-0' ? -0 : Number(content);
    case '$map':
      return entriesOf(content as object, firestore);
    default:
      throw new Error(`There is no value of the kind '${mark}'.`);
  }
}

const entriesOf = (map: object, firestore: Firestore): Record<string, unknown> =>
  Object.fromEntries(Object.entries(map).map(([key, inner]) => [key, fromJson(inner, firestore)]));

function isMarked(map: object): boolean {
  const [first, ...others] = Object.keys(map);
  return first?.startsWith('$') === true && others.length === 0;
}

function markNumber(value: number): number | Marked {
  if (Object.is(value, -0)) return { $number: '-0' };
  return Number.isFinite(value) ? value : { $number: String(value) };
}

function isReference(value: unknown): value is { readonly path: string } {
  return typeof value === 'object' && value !== null && 'path' in value && 'firestore' in value;
}

/** `2026-01-31T00:00:00.123456789Z`. */
function nanoTime({ seconds, nanoseconds }: Timestamp): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds).padStart(9, '0')}Z`;
}

function timeOf(text: string): Timestamp {
  const [whole = '', fraction = '0Z'] = text.split('.');
  return new Timestamp(Date.parse(`${whole}Z`) / 1000, Number(fraction.slice(0, -1).padEnd(9, '0')));
}
