import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Secret } from '../../shared/define/resources.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_CHARACTERS = 40;

/** What the first version of a secret is made of; undefined for one that somebody must provide. */
export function firstSecret({ generate = 'none' }: Pick<Secret, 'generate'>): string | undefined {
  switch (generate) {
    case 'api-key':
      return `vrt_${base62(KEY_CHARACTERS)}`;
    case 'key-256':
      return randomBytes(32).toString('base64');
    case 'webhook-secret':
      return `whsec_${randomBytes(32).toString('base64')}`;
    case 'ed25519':
      return JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
    case 'none':
      return undefined;
  }
}

/** Random characters, each as likely as any other: bytes that would favour the first ones are thrown away. */
function base62(length: number): string {
  const largest = 256 - (256 % BASE62.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < largest && text.length < length) text += BASE62[byte % BASE62.length];
    }
  }
  return text;
}
