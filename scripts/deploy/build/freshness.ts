import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a folder was made of: settings, and a hash of each source by its path from the project's folder. */
interface Origin {
  readonly settings: string;
  readonly inputs: Readonly<Record<string, string | null>>;
}

const FILE = 'inputs.json';

/** Knows whether what a build has made is of the very sources that are there now. */
export class Freshness {
  readonly #project: string;
  readonly #settings: string;
  readonly #hashes = new Map<string, string | null>();

  /** @param settings what else the result depends on, as text. */
  constructor(project: string, settings: string) {
    this.#project = project;
    this.#settings = settings;
  }

  isFresh(folder: string): boolean {
    const origin = read(join(folder, FILE));
    if (origin?.settings !== this.#settings) return false;
    return Object.entries(origin.inputs).every(([path, hash]) => this.#hash(path) === hash);
  }

  /** Remembers what the folder was made of. */
  record(folder: string, inputs: Iterable<string>): void {
    const hashes = Object.fromEntries([...inputs].map((path) => [path, this.#hash(path)]));
    writeFileSync(join(folder, FILE), JSON.stringify({ settings: this.#settings, inputs: hashes } satisfies Origin));
  }

  #hash(path: string): string | null {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const hash = hashOf(join(this.#project, path));
    this.#hashes.set(path, hash);
    return hash;
  }
}

function read(file: string): Origin | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Origin;
  } catch {
    // Never built, or the build was cut short.
    return undefined;
  }
}

function hashOf(file: string): string | null {
  try {
    return createHash('sha1').update(readFileSync(file)).digest('base64url');
  } catch {
    return null;
  }
}
