import type { Base } from '../../shared/platform/platform.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { tokenKeySecret } from '../../shared/resources/secrets.ts';

export interface Services {
  readonly secrets: Secrets;
  /** A new private JWK. */
  readonly newKey: () => string;
}

/** The new key and the one before: what that has signed is good for a while. */
const KEPT = 2;

/** Signs access tokens with a new key from now on. Keys from before the last rotation are disabled. */
export async function rotateTokenKey(_input: unknown, { secrets, newKey, log }: Services & Base): Promise<void> {
  const version = await secrets.add(tokenKeySecret, newKey());
  const [, ...others] = (await secrets.versions(tokenKeySecret)).filter((other) => Number(other) <= Number(version));
  const old = others.slice(KEPT - 1);
  for (const other of old) await secrets.disable(tokenKeySecret, other);
  log.info('the key of access tokens was rotated', { version, disabled: old });
}
