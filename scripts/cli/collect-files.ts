import { readdir, stat } from 'node:fs/promises';
import { join, parse, relative, resolve, sep } from 'node:path';
import { UsageError } from './command.ts';

/** A test file: where it lies, and the name it is stored and shown under. */
export interface CollectedFile {
  readonly path: string;
  readonly name: string;
}

const TEST_FILE = /\.(ya?ml|json)$/i;
/** Folders that hold no tests of ours: packages, and what tools and we ourselves leave (`.git`, `.virtuoso`). */
const OTHERS_FOLDER = /^(\.|node_modules$)/;

/**
 * The test files that are named, and those below the folders that are named, sorted, each once.
 * @param options `skip`: a folder that is left out when it is found below another: the report's.
 * @throws UsageError when one does not exist, or there is none.
 */
export async function collectFiles(
  operands: readonly string[],
  { skip }: { skip?: string } = {},
): Promise<CollectedFile[]> {
  if (operands.length === 0) throw new UsageError('Name at least one test file, or a folder of them.');
  const paths = new Set<string>();
  const skipped = skip === undefined ? undefined : resolve(skip);
  for (const operand of operands) for (const path of await filesOf(operand, skipped)) paths.add(path);
  if (paths.size === 0)
    throw new UsageError(`There is no test file (*.yaml, *.yml, *.json) below ${operands.join(', ')}.`);
  return named([...paths]).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesOf(operand: string, skipped: string | undefined): Promise<string[]> {
  const found = await stat(operand).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new UsageError(`There is no file or folder '${operand}'.`);
    throw new UsageError(`'${operand}' cannot be read: ${error.message}.`);
  });
  if (found.isDirectory()) return below(resolve(operand), skipped);
  if (!found.isFile() && !found.isFIFO()) throw new UsageError(`'${operand}' is neither a file nor a folder.`);
  return [resolve(operand)];
}

async function below(folder: string, skipped: string | undefined): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: Error) => {
    throw new UsageError(`The folder '${folder}' cannot be read: ${error.message}.`);
  });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!OTHERS_FOLDER.test(entry.name) && path !== skipped) found.push(...(await below(path, skipped)));
    } else if (TEST_FILE.test(entry.name) && (await stat(path).catch(() => undefined))?.isFile()) found.push(path);
  }
  return found;
}

/** The path from here; a file elsewhere is known by its last names, as many as tell it from the others. */
function named(paths: readonly string[]): CollectedFile[] {
  const inside = paths.filter((path) => isInside(path)).map((path) => ({ path, name: fromHere(path) }));
  const taken = new Set(inside.map(({ name }) => name));
  const elsewhere = paths.filter((path) => !isInside(path)).map((path) => ({ path, parts: partsOf(path) }));
  return [
    ...inside,
    ...elsewhere.map(({ path, parts }) => {
      for (let count = 1; count <= parts.length; count++) {
        const name = parts.slice(-count).join('/');
        const shared = elsewhere.some((other) => other.path !== path && other.parts.slice(-count).join('/') === name);
        if (!shared && !taken.has(name)) return { path, name };
      }
      return { path, name: parts.join('/') };
    }),
  ];
}

const fromHere = (path: string): string => relative(process.cwd(), path).replaceAll(sep, '/');
const isInside = (path: string): boolean => !fromHere(path).startsWith('../') && parse(fromHere(path)).root === '';
const partsOf = (path: string): string[] => path.slice(parse(path).root.length).split(sep);
