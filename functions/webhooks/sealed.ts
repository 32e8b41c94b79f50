import type { WebhookEntity } from '../../schemas/entities.ts';
import type { SigningKey } from '../../shared/events/webhook-signature.ts';
import type { Cipher } from '../../shared/platform/cipher.ts';
import { ownHeaders } from './checks.ts';

/** Headers with their values encrypted; null, which takes one away, stays. @throws AppError invalid-argument */
export async function sealedHeaders<V extends string | null>(
  headers: Readonly<Record<string, V>>,
  cipher: Cipher,
): Promise<Record<string, V>> {
  const entries = Object.entries(ownHeaders(headers)).map(
    async ([name, value]): Promise<[string, V]> => [
      name,
      value === null ? value : ((await cipher.encrypt(value)) as V),
    ],
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** A signing key as a webhook stores it. */
export async function sealedKey(key: SigningKey, cipher: Cipher): Promise<WebhookEntity['secrets'][number]> {
  return {
    sealed: await cipher.encrypt(key.secret),
    ...(key.publicKey === undefined ? {} : { public_key: key.publicKey }),
  };
}
