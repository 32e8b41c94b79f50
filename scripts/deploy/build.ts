import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { functions as registry } from '../../functions/index.ts';
import { Freshness } from './build/freshness.ts';

export interface BuildOptions {
  /** Names of the functions to build; all of the registry when absent. */
  readonly functions?: readonly string[];
  /** Folder that gets a folder a function; `.build` of the project when absent. */
  readonly outDir?: string;
  readonly minify?: boolean;
}

/** What a build has made. */
export interface Built {
  /** The functions' folders, by their names. */
  readonly folders: ReadonlyMap<string, string>;
  /** Names of those that had changed. */
  readonly rebuilt: readonly string[];
}

/** The project's folder. */
export const PROJECT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * Builds the functions' bundles: a folder each, that Cloud Functions and the local cloud run as it is. A function whose
 * sources have not changed since its last build is left alone.
 * @throws Error when a source cannot be bundled, or a bundle would carry what belongs into the build alone.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<Built> {
  const {
    functions: names = registry.map(({ name }) => name),
    outDir = join(PROJECT, '.build'),
    minify = false,
  } = options;
  mkdirSync(outDir, { recursive: true });
  const folders = new Map(names.map((name) => [name, join(outDir, name)]));
  const freshness = new Freshness(PROJECT, JSON.stringify({ minify, recipe: recipe() }));
  const stale = [...folders].filter(([, folder]) => !freshness.isFresh(folder));
  if (stale.length > 0) {
    // Loaded only now: it brings the bundler, and what compiles contracts.
    const { rebuild } = await import('./build/rebuild.ts');
    await rebuild(stale, { project: PROJECT, clients: join(outDir, '.clients'), minify, freshness });
  }
  return { folders, rebuilt: stale.map(([name]) => name) };
}

/** A hash of how bundles are made: the build's own code, and the versions of the packages. */
function recipe(): string {
  const own = readdirSync(join(import.meta.dirname, 'build')).filter((file) => !file.includes('.test.'));
  const files = [
    ...own.map((file) => join('scripts/deploy/build', file)),
    'scripts/deploy/build.ts',
    'package-lock.json',
  ];
  const hash = createHash('sha1');
  for (const file of files) hash.update(readFileSync(join(PROJECT, file)));
  return hash.digest('base64url');
}

if (import.meta.main) {
  const begun = performance.now();
  const { folders, rebuilt } = await buildFunctions({ minify: process.argv.includes('--minify') });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${folders.size} functions, ${rebuilt.length} built anew in ${seconds} s`);
}
