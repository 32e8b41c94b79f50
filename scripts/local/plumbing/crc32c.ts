/** Reflected form of the Castagnoli polynomial (RFC 3720 appendix B.4). */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** `TABLES[n * 256 + byte]` is the checksum of `byte` followed by n zero bytes: eight bytes are taken at a time. */
const TABLES = buildTables();

function buildTables(): Uint32Array {
  const tables = new Uint32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const shorter = tables[index - 256] ?? 0;
    tables[index] = (shorter >>> 8) ^ (tables[shorter & 255] ?? 0);
  }
  return tables;
}

function at(slice: number, byte: number): number {
  return TABLES[slice * 256 + (byte & 255)] as number;
}

/**
 * CRC32C of `bytes`, as an unsigned 32-bit integer.
 * @param previous the checksum of what came before, to go on with it: `crc32c(b, crc32c(a))` is that of a then b.
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % SLICES);
  let crc = ~previous;
  let index = 0;
  for (; index < whole; index += SLICES) {
    const low = crc ^ view.getUint32(index, true);
    const high = view.getUint32(index + 4, true);
    crc =
      at(7, low) ^
      at(6, low >>> 8) ^
      at(5, low >>> 16) ^
      at(4, low >>> 24) ^
      at(3, high) ^
      at(2, high >>> 8) ^
      at(1, high >>> 16) ^
      at(0, high >>> 24);
  }
  for (; index < bytes.length; index++) crc = (crc >>> 8) ^ at(0, crc ^ (bytes[index] as number));
  return ~crc >>> 0;
}
