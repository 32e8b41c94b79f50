import { createHmac } from 'node:crypto';
import type { Platform } from '../platform/platform.ts';
import { createSecrets } from '../platform/secrets.ts';
import { addressHashKeySecret } from '../resources/secrets.ts';

/** What stands for an address in records: the same for the same address, and of no use to who lacks the key. */
export type HashAddress = (address: string) => Promise<string>;

const HEX_DIGITS = 16;

/**
 * HMAC-SHA256, the first 64 bits in hexadecimal. Without a key the few addresses that there are could be tried out. Where
 * the key cannot be read just now it is the empty text: a record without an address is better than none.
 */
export function createAddressHash(platform: Pick<Platform, 'clients' | 'config' | 'clock' | 'log'>): HashAddress {
  const secrets = createSecrets(platform);
  return async (address) => {
    try {
      const { value } = await secrets.read(addressHashKeySecret);
      return createHmac('sha256', Buffer.from(value, 'base64')).update(address).digest('hex').slice(0, HEX_DIGITS);
    } catch (error) {
      platform.log.warning(`An address could not be hashed: ${String(error)}`);
      return '';
    }
  };
}
