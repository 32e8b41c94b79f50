import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { UsageError } from './command.ts';

/** A test file: where it lies, and the name it is stored and shown under. */
export interface CollectedFile {
  readonly path: string;
  readonly name: string;
}

const TEST_FILE = /\.(ya?ml|json)$/i;

/** The test files that are named, and those below the folders that are named, sorted. @throws UsageError */
export async function collectFiles(operands: readonly string[]): Promise<CollectedFile[]> {
  if (operands.length === 0) throw new UsageError("Name at least one file or folder: 'virtuoso run tests/'.");
  const files = new Map<string, CollectedFile>();
  for (const operand of operands) {
    for (const path of await filesOf(operand)) files.set(path, { path, name: nameOf(path) });
  }
  if (files.size === 0)
    throw new UsageError(`There is no test file (*.yaml, *.yml, *.json) below ${operands.join(', ')}.`);
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function filesOf(operand: string): Promise<string[]> {
  const found = await stat(operand).catch(() => undefined);
  if (!found) throw new UsageError(`There is no file or folder '${operand}'.`);
  if (!found.isDirectory()) return [operand];
  const entries = await readdir(operand, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEST_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

/** The path from here; a file elsewhere is known by its name alone. */
function nameOf(path: string): string {
  const name = relative(process.cwd(), path).replaceAll('\\', '/');
  return name.startsWith('../') || name === '' ? basename(path) : name;
}
