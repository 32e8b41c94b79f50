import assert from 'node:assert/strict';
import { testPlatform } from '../platform/testing.ts';
import { createAddressHash } from './address-hash.ts';

describe('the hash of an address', () => {
  const hashWith = (key: string) => {
    const accessSecretVersion = async () => [
      {
        name: 'secrets/address-hash-key/versions/1',
        payload: { data: Buffer.from(Buffer.from(key).toString('base64')) },
      },
    ];
    return createAddressHash(testPlatform({ clients: { secretManager: async () => ({ accessSecretVersion }) } }));
  };

  it('is the same for the same address, and another one for another address or key', async () => {
    const hash = hashWith('one key');
    const first = await hash('203.0.113.9');
    assert.match(first, /^[0-9a-f]{16}$/);
    assert.equal(await hash('203.0.113.9'), first);
    assert.notEqual(await hash('203.0.113.8'), first);
    assert.notEqual(await hashWith('another key')('203.0.113.9'), first);
  });

  it('is empty when the key cannot be read: the record is kept', async () => {
    const platform = testPlatform();
    assert.equal(await createAddressHash(platform)('203.0.113.9'), '');
    assert.equal(platform.lines[0]?.severity, 'WARNING');
  });
});
