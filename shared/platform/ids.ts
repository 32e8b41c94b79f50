import { createHash } from 'node:crypto';

/** Prefixes of the ids, by what they name. */
export type IdPrefix =
  | 'run'
  | 'ses'
  | 'chk'
  | 'tst'
  | 'sui'
  | 'lib'
  | 'usr'
  | 'key'
  | 'env'
  | 'rem'
  | 'whk'
  | 'hok'
  | 'sch'
  | 'trg'
  | 'dlv'
  | 'evt'
  | 'exp'
  | 'req';

/** Crockford's base 32: sorts like its bits, no letter that is mistaken for a digit. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_BYTES = 13;
const TIME_DIGITS = 7;

/** Makes ids: prefixed, sortable by the second, unguessable (104 random bits; within a second they spread over the key space). */
export interface Ids {
  next(prefix: IdPrefix): string;
}

/** @param random gives so many random bytes. @param now milliseconds since the epoch. */
export function createIds(now: () => number, random: (bytes: number) => Uint8Array): Ids {
  return {
    next: (prefix) =>
      `${prefix}_${encodeNumber(Math.floor(now() / 1000), TIME_DIGITS)}${encodeBytes(random(RANDOM_BYTES))}`,
  };
}

/** An id that follows from what it names, so that a second delivery makes the same one. */
export function derivedId(prefix: IdPrefix, ...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(parts.join('\u0000')).digest();
  return `${prefix}_${encodeBytes(hash.subarray(0, 16))}`;
}

function encodeNumber(value: number, digits: number): string {
  let text = '';
  for (let rest = value, i = 0; i < digits; i++, rest = Math.floor(rest / 32)) text = `${ALPHABET[rest % 32]}${text}`;
  return text;
}

/** Bytes in Crockford's base 32, five bits a character, the first ones first. */
export function encodeBytes(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET[(buffer << (5 - bits)) & 31];
  return text;
}
