/** Reads the protobuf wire format (https://protobuf.dev/programming-guides/encoding) without generated code. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Calls `field` with each field's number; it must read the value, or return false to have it skipped. */
  each(field: (number: number) => boolean | undefined): void {
    while (this.#at < this.#bytes.length) {
      const tag = Number(this.varint());
      if (field(tag >>> 3) === false) this.#skip(tag & 7);
    }
  }

  /** An unsigned varint. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Error('the protobuf message ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** A signed 64-bit varint. */
  int64(): bigint {
    return BigInt.asIntN(64, this.varint());
  }

  double(): number {
    return this.#take(8).readDoubleLE();
  }

  bytes(): Buffer {
    return this.#take(Number(this.varint()));
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new Error('the protobuf message is cut off');
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }

  string(): string {
    return this.bytes().toString('utf8');
  }

  message(): ProtobufReader {
    return new ProtobufReader(this.bytes());
  }

  #skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.bytes();
    else if (wireType === 5) this.#take(4);
    else throw new Error(`unknown protobuf wire type ${wireType}`);
  }
}
