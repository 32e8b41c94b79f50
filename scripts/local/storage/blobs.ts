import { randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  type ReadStream,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checksums, Digest } from './digest.ts';
import { invalid } from './errors.ts';

/** Bytes that have been received whole. */
export interface Content extends Checksums {
  readonly blob: string;
  readonly size: number;
}

type Bytes = AsyncIterable<Uint8Array>;

/** So many bytes are written in one go, once all are there: that takes less time than to do it beside other work. */
const SMALL = 128 * 1024;

/**
 * The objects' bytes: a file a blob in `FOLDER/ab/ID`; large ones are written below `FOLDER/partial` first. A blob that no
 * row of the store names is an orphan of a crash; `sweep` removes it.
 */
export class Blobs {
  readonly #folder: string;
  readonly #partial: string;
  /** Folders of blobs that are there: at most 256. */
  readonly #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#partial = join(folder, 'partial');
    mkdirSync(this.#partial, { recursive: true });
  }

  /**
   * Stores a stream of bytes. Nothing is left of it when the stream breaks.
   * @param largest refuses more bytes than this.
   * @throws HttpError 400.
   */
  async receive(source: Bytes, largest = Number.POSITIVE_INFINITY): Promise<Content> {
    const blob = randomUUID();
    const digest = new Digest();
    const held: Uint8Array[] = [];
    let file: FileHandle | undefined;
    try {
      for await (const chunk of source) {
        if (digest.size + chunk.length > largest) throw invalid(`The upload exceeds ${largest} bytes.`);
        digest.update(chunk);
        held.push(chunk);
        if (digest.size <= SMALL) continue;
        file ??= await open(join(this.#partial, blob), 'wx');
        await file.writeFile(Buffer.concat(held.splice(0)));
      }
      if (file) {
        await file.close();
        renameSync(join(this.#partial, blob), this.#place(blob));
      } else writeFileSync(this.#place(blob), Buffer.concat(held), { flag: 'wx' });
      return { blob, size: digest.size, ...digest.checksums() };
    } catch (error) {
      await file?.close().catch(() => undefined);
      for (const path of [join(this.#partial, blob), this.#place(blob)]) rmSync(path, { force: true });
      throw error;
    }
  }

  /** Reads bytes `start` to `end`, inclusive. The file is open when this returns: deleting the object does not break it. */
  read(blob: string, start = 0, end = Number.POSITIVE_INFINITY): ReadStream {
    const path = this.#place(blob);
    return createReadStream(path, { fd: openSync(path, 'r'), start, end });
  }

  remove(blob: string): void {
    rmSync(this.#place(blob), { force: true });
  }

  /** How many bytes of an upload have arrived. */
  partialSize(id: string): number {
    return statSync(join(this.#partial, id), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Adds to an upload; what arrived before the stream broke stays. */
  async append(id: string, source: Bytes, digest: Digest | undefined): Promise<void> {
    const file = await open(join(this.#partial, id), 'a');
    try {
      for await (const chunk of source) {
        await file.writeFile(chunk);
        digest?.update(chunk);
      }
    } finally {
      await file.close();
    }
  }

  truncatePartial(id: string, size: number): void {
    if (existsSync(join(this.#partial, id))) truncateSync(join(this.#partial, id), size);
  }

  /** Reads an upload from its start. */
  readPartial(id: string): ReadStream {
    return createReadStream(join(this.#partial, id));
  }

  /** Puts an upload's bytes into place as a blob. The upload keeps them too, until `removePartial`. */
  promote(id: string): string {
    const blob = randomUUID();
    linkSync(join(this.#partial, id), this.#place(blob));
    return blob;
  }

  removePartial(id: string): void {
    rmSync(join(this.#partial, id), { force: true });
  }

  /** Removes the files that the store knows nothing of. */
  sweep(isBlob: (blob: string) => boolean, isUpload: (id: string) => boolean): void {
    for (const name of readdirSync(this.#folder)) {
      const known = name === 'partial' ? isUpload : isBlob;
      for (const file of readdirSync(join(this.#folder, name)))
        if (!known(file)) rmSync(join(this.#folder, name, file));
    }
  }

  #place(blob: string): string {
    const folder = join(this.#folder, blob.slice(0, 2));
    if (!this.#made.has(folder)) mkdirSync(folder, { recursive: true });
    this.#made.add(folder);
    return join(folder, blob);
  }
}
