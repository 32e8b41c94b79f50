import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { UsageError } from './command.ts';

/** A test file: where it lies, and the name it is stored and shown under. */
export interface CollectedFile {
  readonly path: string;
  readonly name: string;
  /** The folder that its references to other files do not leave: the one that was named, or where we are. */
  readonly root: string;
}

const TEST_FILE = /\.(ya?ml|json)$/i;
/** Packages, and what tools keep for themselves: `.git`, `.virtuoso`, `.gitlab-ci.yml`. */
const NOT_OURS = /^(\.|node_modules$)/;

/**
 * The test files that are named, and those below the folders that are named, sorted, each once and each under a name of
 * its own.
 * @param except a folder that is passed over: the report's.
 * @throws UsageError
 */
export async function collectFiles(operands: readonly string[], except?: string): Promise<CollectedFile[]> {
  if (operands.length === 0) throw new UsageError("Name at least one file or folder: 'virtuoso run tests/'.");
  const paths = new Map<string, string>();
  for (const operand of operands) {
    for (const { path, root } of await filesOf(operand, except === undefined ? undefined : resolve(except)))
      if (!paths.has(path)) paths.set(path, root);
  }
  if (paths.size === 0)
    throw new UsageError(`There is no test file (*.yaml, *.yml, *.json) below ${operands.join(', ')}.`);
  return named([...paths.keys()])
    .map((file) => ({ ...file, root: paths.get(file.path) ?? '' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesOf(operand: string, except: string | undefined): Promise<{ path: string; root: string }[]> {
  const found = await stat(operand).catch(() => undefined);
  if (!found) throw new UsageError(`There is no file or folder '${operand}'.`);
  const path = resolve(operand);
  if (found.isDirectory()) return (await filesBelow(path, except)).map((file) => ({ path: file, root: path }));
  return [{ path, root: isBelowHere(path) ? process.cwd() : dirname(path) }];
}

async function filesBelow(folder: string, except: string | undefined): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new UsageError(`The folder '${folder}' cannot be read: ${error.message}.`);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (NOT_OURS.test(entry.name)) continue;
    if (entry.isDirectory()) {
      if (path !== except) found.push(...(await filesBelow(path, except)));
    } else if (TEST_FILE.test(entry.name) && (await isFile(path))) found.push(path);
  }
  return found;
}

/** A link counts as what it leads to. */
const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() ?? false;

/**
 * The path from here; files elsewhere are known by their last name alone, or by as many as it takes: two files of one
 * name would be stored as one test.
 */
function named(paths: readonly string[]): Omit<CollectedFile, 'root'>[] {
  const partsOf = (path: string) => path.split(/[\\/]/).filter((part) => part !== '');
  const here = paths.filter(isBelowHere).map((path) => ({ path, name: partsOf(relative('.', path)).join('/') }));
  const elsewhere = paths.filter((path) => !isBelowHere(path)).map((path) => ({ path, parts: partsOf(path) }));
  const taken = new Set(here.map(({ name }) => name));
  const tail = (parts: readonly string[], length: number) => parts.slice(-length).join('/');
  return [
    ...here,
    ...elsewhere.map(({ path, parts }) => {
      const isFree = (name: string, length: number) =>
        !taken.has(name) && !elsewhere.some((other) => other.path !== path && tail(other.parts, length) === name);
      let length = 1;
      while (length < parts.length && !isFree(tail(parts, length), length)) length++;
      return { path, name: tail(parts, length) };
    }),
  ];
}

const isBelowHere = (path: string): boolean => path.startsWith(join(process.cwd(), '/'));
