import { defineService, reads } from '../define/service.ts';
import { encryptionKeySecret } from '../resources/secrets.ts';
import { type Cipher, createCipher } from './cipher.ts';
import { createSecrets } from './secrets.ts';

/** Encryption with the suite's key. */
export const cipher = defineService(
  [reads(encryptionKeySecret)],
  (platform): Cipher => createCipher(createSecrets(platform), platform),
);
