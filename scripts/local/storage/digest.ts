import { createHash } from 'node:crypto';
import { crc32c } from '../plumbing/crc32c.ts';
import { invalid } from './errors.ts';

/** Checksums as the API writes them: base64 of the big-endian CRC32C and of the MD5. */
export interface Checksums {
  readonly crc32c: string;
  readonly md5: string;
}

/** The checksums of bytes that come in pieces. */
export class Digest {
  #crc32c = 0;
  readonly #md5 = createHash('md5');
  /** How many bytes it has seen. */
  size = 0;

  update(bytes: Uint8Array): void {
    this.#crc32c = crc32c(bytes, this.#crc32c);
    this.#md5.update(bytes);
    this.size += bytes.length;
  }

  /** Ends the digest. */
  checksums(): Checksums {
    const crc = Buffer.alloc(4);
    crc.writeUInt32BE(this.#crc32c);
    return { crc32c: crc.toString('base64'), md5: this.#md5.digest('base64') };
  }
}

/** The checksums that an `X-Goog-Hash` header states: `crc32c=…,md5=…`. */
export function statedIn(header: string | undefined): Partial<Checksums> {
  const pairs = (header ?? '').split(',').map((pair) => pair.trim().split(/=(.*)/, 2));
  const found = Object.fromEntries(pairs) as Record<string, string | undefined>;
  return { ...(found.crc32c && { crc32c: found.crc32c }), ...(found.md5 && { md5: found.md5 }) };
}

/** @throws HttpError 400 when the bytes are not those that the client meant to send. */
export function verify(expected: Partial<Checksums>, actual: Checksums): void {
  if (expected.crc32c !== undefined && expected.crc32c !== actual.crc32c) {
    throw invalid(`Provided CRC32C "${expected.crc32c}" doesn't match calculated CRC32C "${actual.crc32c}".`);
  }
  if (expected.md5 !== undefined && expected.md5 !== actual.md5) {
    throw invalid(`Provided MD5 hash "${expected.md5}" doesn't match calculated MD5 hash "${actual.md5}".`);
  }
}
