import type { Cipher } from '../platform/cipher.ts';
import { keyVersionOf } from '../platform/cipher.ts';

/** Whether any value in it is sealed under another version of the key. */
export function hasOlder(value: unknown, version: string): boolean {
  if (typeof value === 'string') {
    const found = keyVersionOf(value);
    return found !== undefined && found !== version;
  }
  return innerOf(value).some((inner) => hasOlder(inner, version));
}

/** The same, with every value that is sealed under another version sealed anew. @throws AppError internal */
export async function resealed(value: unknown, version: string, cipher: Cipher): Promise<unknown> {
  if (typeof value === 'string') {
    return hasOlder(value, version) ? await cipher.encrypt(await cipher.decrypt(value)) : value;
  }
  if (Array.isArray(value)) return await Promise.all(value.map((item) => resealed(item, version, cipher)));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(
    async ([name, item]) => [name, await resealed(item, version, cipher)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** Timestamps and whatever else Firestore has its own types for have nothing sealed in them. */
const isMap = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

const innerOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
