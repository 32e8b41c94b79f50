/** A small generator with a seed (mulberry32), so that every run sees the same files. Gives whole numbers below. */
export type Random = (below: number) => number;

export function random(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One of a list. */
export const pick = <T>(list: readonly T[], next: Random): T => list[next(list.length)] as T;
