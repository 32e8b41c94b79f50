import { randomBytes } from 'node:crypto';

/** Bytes that are drawn at a time. */
const DRAWN = 4096;

/**
 * Gives random bytes from the system's generator, drawn ahead: a request takes a few, several times, and to ask for them
 * costs as much as to ask for many. None is given twice.
 */
export function createRandomBytes(draw: (count: number) => Uint8Array = randomBytes): (count: number) => Uint8Array {
  let drawn: Uint8Array = new Uint8Array();
  let given = 0;
  return (count) => {
    if (count > DRAWN) return draw(count);
    if (given + count > drawn.length) {
      drawn = draw(DRAWN);
      given = 0;
    }
    given += count;
    return drawn.subarray(given - count, given);
  };
}
