import type { Base } from '../../shared/platform/platform.ts';
import type { Reencryptor } from '../../shared/reencryption/reencryptor.ts';

export interface Services {
  readonly reencryptor: Reencryptor;
}

/** Well before the function's own time is over; the next run goes on. */
const LONGEST_MS = 480_000;

/** Seals everything that is sealed under an older version of the key under the newest one. */
export async function reencrypt(_input: unknown, { reencryptor, clock, log }: Services & Base): Promise<void> {
  const { version, resealed, settled } = await reencryptor.run(clock.now() + LONGEST_MS);
  const words = settled ? 'older versions of the encryption key can be disabled' : 'sealed values were gone through';
  log.info(words, { version, resealed });
}
