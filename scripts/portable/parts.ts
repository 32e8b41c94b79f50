import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file of an export: JSON lines. */
export interface Part {
  /** Below the folder: `documents/runs.jsonl`. */
  readonly file: string;
  readonly kind: 'documents' | 'objects' | 'rows';
  /** Of the collection, bucket or table. */
  readonly name: string;
  /** Lines. */
  readonly count: number;
  readonly sha256: string;
}

/** What an export holds; written last, so that what has none is not whole. */
export interface Manifest {
  readonly format: 'virtuoso-export';
  readonly version: 1;
  /** RFC 3339: what the documents were at this time. */
  readonly time: string;
  readonly parts: readonly Part[];
  /** Versions of the key that sealed fields are encrypted with, in base64; absent unless they were asked for. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** What is wrong with an export, in a sentence. */
export class ExportError extends Error {}

const MANIFEST = 'export.json';

/** Writes a file of JSON lines; gives how many, and their hash. */
export async function writePart(folder: string, part: Omit<Part, 'count' | 'sha256'>, items: AsyncIterable<unknown>) {
  const hash = createHash('sha256');
  let count = 0;
  const path = join(folder, part.file);
  await mkdir(dirname(path), { recursive: true });
  async function* lines() {
    for await (const item of items) {
      const line = `${JSON.stringify(item)}\n`;
      hash.update(line);
      count++;
      yield line;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return { ...part, count, sha256: hash.digest('hex') } satisfies Part;
}

/** The lines of a part, one at a time. @throws ExportError for a line that is no JSON */
export async function* readPart<T>(folder: string, { file }: Part): AsyncIterable<T> {
  let at = 0;
  for await (const line of createInterface({ input: createReadStream(join(folder, file)), crlfDelay: Infinity })) {
    at++;
    try {
      yield JSON.parse(line) as T;
    } catch (cause) {
      throw new ExportError(`${file}:${at} is not JSON.`, { cause });
    }
  }
}

/** Where an object's bytes lie, by their hash: two objects of the same bytes share a file. */
export const bytesAt = (folder: string, sha256: string): string =>
  join(folder, 'bytes', sha256.slice(0, 2), sha256.slice(2));

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST);
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.part`, path);
}

/** @throws ExportError for a folder that holds no export, or one that was cut short */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new ExportError(`${folder} holds no whole export: there is no ${MANIFEST} in it.`, { cause });
  });
  const manifest = manifestOf(text);
  if (manifest?.format !== 'virtuoso-export' || manifest.version !== 1)
    throw new ExportError(`${join(folder, MANIFEST)} is no export of a form that this version reads.`);
  return manifest;
}

function manifestOf(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return undefined;
  }
}

/** @throws ExportError for a part that is gone, or is not as it was written */
export async function checkParts(folder: string, { parts }: Manifest): Promise<void> {
  for (const { file, sha256 } of parts) {
    const found = await hashOf(join(folder, file));
    if (found !== sha256)
      throw new ExportError(`${file} ${found ? 'was altered since it was exported' : 'is gone from the export'}.`);
  }
}

/** SHA-256 of a file in hex, undefined where there is none. */
export async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}
