import type { Avro } from './types.ts';

/** Bytes that are not of the type; its message says why. */
class Mismatch extends Error {}

const DEEPEST = 200;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Why bytes are not one value of a type in Avro's binary encoding; undefined when they are.
 * @see https://avro.apache.org/docs/1.11.1/specification/#binary-encoding
 */
export function mismatchOfBinary(type: Avro, bytes: Uint8Array): string | undefined {
  const reader = new Reader(bytes);
  try {
    reader.skip(type, 0);
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    throw error;
  }
  const left = bytes.byteLength - reader.at;
  return left === 0 ? undefined : `${left} bytes are left after the message`;
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a value and forgets it. */
  skip(type: Avro, depth: number): void {
    if (depth > DEEPEST) throw new Mismatch(`values are nested deeper than ${DEEPEST}`);
    switch (type.kind) {
      case 'null':
        return;
      case 'boolean':
        if ((this.#take(1)[0] ?? 0) > 1) throw new Mismatch('a boolean is neither 0 nor 1');
        return;
      case 'int':
      case 'long':
        this.#number(type.kind);
        return;
      case 'float':
      case 'double':
        this.#take(type.kind === 'float' ? 4 : 8);
        return;
      case 'fixed':
        this.#take(type.size);
        return;
      case 'bytes':
        this.#take(this.#length());
        return;
      case 'string':
        this.#text();
        return;
      case 'enum':
        this.#one(type.symbols, `the enum ${type.name}`);
        return;
      case 'union':
        this.skip(this.#one(type.branches, 'a union'), depth + 1);
        return;
      case 'record':
        for (const field of type.fields) this.skip(field.type, depth + 1);
        return;
      case 'array':
        this.#blocks(() => this.skip(type.items, depth + 1));
        return;
      case 'map':
        this.#blocks(() => {
          this.#text();
          this.skip(type.values, depth + 1);
        });
    }
  }

  #blocks(skipItem: () => void): void {
    for (let count = this.#number('long'); count !== 0n; count = this.#number('long')) {
      if (count < 0n) this.#length();
      const before = this.at;
      for (let left = count < 0n ? -count : count; left > 0n; left--) {
        skipItem();
        // Items without bytes are all alike.
        if (this.at === before) break;
      }
    }
  }

  #one<T>(choices: readonly T[], what: string): T {
    const index = Number(this.#number('long'));
    const choice = choices[index];
    if (choice === undefined) throw new Mismatch(`${what} has no choice ${index}`);
    return choice;
  }

  #text(): void {
    try {
      UTF8.decode(this.#take(this.#length()));
    } catch (error) {
      throw error instanceof Mismatch ? error : new Mismatch('a string is not UTF-8');
    }
  }

  #length(): number {
    const length = this.#number('long');
    if (length < 0n) throw new Mismatch('a length is negative');
    return Number(length);
  }

  /** A number of variable length, its sign in the lowest bit. */
  #number(kind: 'int' | 'long'): bigint {
    let raw = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.#take(1)[0] ?? 0;
      raw |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) break;
      if (shift >= 70n) throw new Mismatch(`a ${kind} has more than 10 bytes`);
    }
    if (raw >= 1n << (kind === 'int' ? 32n : 64n)) throw new Mismatch(`a number is too large for ${kind}`);
    return (raw >> 1n) ^ -(raw & 1n);
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.byteLength - this.at) throw new Mismatch('the message ends too early');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }
}
