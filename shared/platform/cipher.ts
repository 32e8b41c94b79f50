import { createCipheriv, createDecipheriv } from 'node:crypto';
import { encryptionKeySecret } from '../resources/secrets.ts';
import { AppError } from './errors.ts';
import type { Platform } from './platform.ts';
import type { Secrets } from './secrets.ts';

/** Encrypts what is sensitive at rest: AES-256-GCM with a versioned key. */
export interface Cipher {
  /** `v<key version>.<iv>.<tag>.<ciphertext>`, the last three base64url. */
  encrypt(plain: Uint8Array | string): Promise<string>;
  /** @throws AppError internal when the text was altered or its key version is gone. */
  decrypt(text: string): Promise<Buffer>;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = /^v\d+$/;

/** Version, 12 bytes, 16 bytes and any number in base64url. */
const SEALED = /^v(\d+)\.[\w-]{16}\.[\w-]{22}\.[\w-]*$/;

/** The version of the key that a text is sealed under; undefined when it is none that a cipher has made. */
export const keyVersionOf = (text: string): string | undefined => text.match(SEALED)?.[1];

export function createCipher(secrets: Pick<Secrets, 'read'>, platform: Pick<Platform, 'randomBytes'>): Cipher {
  return {
    async encrypt(plain) {
      const { value, version } = await secrets.read(encryptionKeySecret);
      const iv = platform.randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(value, 'base64'), iv);
      const sealed = Buffer.concat([cipher.update(plain as Uint8Array), cipher.final()]);
      return `v${version}.${[iv, cipher.getAuthTag(), sealed].map((part) => Buffer.from(part).toString('base64url')).join('.')}`;
    },
    async decrypt(text) {
      const [version = '', ...parts] = text.split('.');
      const [iv, tag, sealed, more] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (!VERSION.test(version) || iv?.length !== IV_BYTES || tag?.length !== TAG_BYTES || !sealed || more) {
        throw new AppError('internal', 'An encrypted value has an unknown form.');
      }
      const { value } = await secrets.read(encryptionKeySecret, version.slice(1));
      const decipher = createDecipheriv('aes-256-gcm', Buffer.from(value, 'base64'), iv);
      decipher.setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(sealed), decipher.final()]);
      } catch (cause) {
        throw new AppError('internal', 'An encrypted value was altered.', { cause });
      }
    },
  };
}
