/** Faults that the local cloud makes on purpose. A rate is a probability, from 0 to 1. */
export interface ChaosSettings {
  /**
   * Everything that is decided follows from it: with the same seed the n-th delivery of a kind to a function, and the
   * n-th call of a method, meet the same faults again. Of what is under way at the same time, which one comes n-th may
   * differ from one time to the next.
   */
  readonly seed: number;
  /** How many deliveries are made twice. */
  readonly duplicate: number;
  /** How many deliveries are held back until a later one has gone before them. */
  readonly reorder: number;
  /** Milliseconds by which every delivery is late: at least, at most. */
  readonly delay: readonly [least: number, most: number];
  /** How many deliveries come again although they were taken. */
  readonly dropAck: number;
  /** How many deliveries cost the instance that handles them its life. */
  readonly killInstance: number;
  /** How many calls to the services are refused before they have had an effect, of those that clients make again. */
  readonly unavailable: number;
}

/** A switch that is not one: what is wrong with it and how it is written, in one sentence. */
export class ChaosError extends Error {}

export const calm: ChaosSettings = {
  ...{ seed: 1, duplicate: 0, reorder: 0, delay: [0, 0], dropAck: 0, killInstance: 0, unavailable: 0 },
};

export const CHAOS_EXAMPLE =
  'duplicate=0.2,reorder=0.2,delay=50..500,drop-ack=0.1,kill-instance=0.05,unavailable=0.05,seed=42';

/** What the help says of the switch. */
export const CHAOS_HELP = `${CHAOS_EXAMPLE}. Same seed and order of calls: same faults.`;

const LONGEST_DELAY_MS = 60_000;

const rate = (name: keyof ChaosSettings) => (text: string, key: string) => {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value > 1)
    throw new ChaosError(`'${key}=${text}' must be a share of all, from 0 to 1, like ${key}=0.1.`);
  return { [name]: value };
};

const readers: Readonly<Record<string, (text: string, key: string) => Partial<ChaosSettings>>> = {
  duplicate: rate('duplicate'),
  reorder: rate('reorder'),
  delay: readDelay,
  'drop-ack': rate('dropAck'),
  'kill-instance': rate('killInstance'),
  unavailable: rate('unavailable'),
  seed(text, key) {
    if (!/^\d{1,9}$/.test(text)) throw new ChaosError(`'${key}=${text}' must be a whole number, like seed=42.`);
    return { seed: Number(text) };
  },
};

/**
 * Reads `duplicate=0.2,delay=50..500,seed=42`: what is not named does not happen.
 * @throws ChaosError
 */
export function readChaos(text: string): ChaosSettings {
  let settings = calm;
  const seen = new Set<string>();
  for (const part of text.split(',')) {
    const [, key = '', value] = /^\s*([^=]*?)\s*(?:=\s*(.*?))?\s*$/.exec(part) ?? [];
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (!read) {
      const names = Object.keys(readers).join(', ');
      throw new ChaosError(`'${key}' is no fault that can be made; there are ${names}: write ${CHAOS_EXAMPLE}.`);
    }
    if (value === undefined || value === '') throw new ChaosError(`'${key}' needs a value: write ${CHAOS_EXAMPLE}.`);
    if (seen.has(key)) throw new ChaosError(`'${key}' is given twice: give it once.`);
    seen.add(key);
    settings = { ...settings, ...read(value, key) };
  }
  return settings;
}

function readDelay(text: string, key: string): Partial<ChaosSettings> {
  const [, from, to = from] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const [least, most] = [Number(from), Number(to)];
  if (from === undefined || least > most || most > LONGEST_DELAY_MS) {
    throw new ChaosError(
      `'${key}=${text}' must be milliseconds up to ${LONGEST_DELAY_MS}, or a range from less to more, like delay=50..500.`,
    );
  }
  return { delay: [least, most] };
}
