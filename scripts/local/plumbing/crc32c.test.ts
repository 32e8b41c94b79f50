import assert from 'node:assert/strict';
import { crc32c } from './crc32c.ts';

describe('crc32c', () => {
  it('gives the check value of the standard', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  });

  it('gives the checksums of RFC 3720 appendix B.4', () => {
    assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
    assert.equal(crc32c(Buffer.alloc(32, 0xff)), 0x62a8ab43);
    assert.equal(crc32c(Buffer.from(Array.from({ length: 32 }, (_, index) => index))), 0x46dd794e);
  });

  it('goes on where it stopped', () => {
    const bytes = Buffer.from('the quick brown fox jumps over the lazy dog');
    for (const cut of [0, 1, 7, 8, 9, 42]) {
      assert.equal(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), crc32c(bytes));
    }
  });
});
