import { createHash } from 'node:crypto';

/** A number from 0 to below 1 that follows from a seed and words alone: whoever asks, however often, whenever. */
export function roll(seed: number, ...words: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...words]))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
