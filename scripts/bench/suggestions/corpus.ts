import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Step } from '../../../schemas/step.ts';
import { readTestFile } from '../../../shared/test-files/read.ts';

/** A test of the corpus, as far as suggestions see it. */
export interface CorpusTest {
  readonly path: string;
  /** Whose it is: tests of one folder are of one product, and written by the same people. */
  readonly product: string;
  readonly form: string;
  /** The commands in the order of the file, those inside others after them. */
  readonly commands: readonly string[];
}

/** The folders of tests that suggestions are judged by. */
const folders = ['./corpus', '../../demo/tests', '../../demo/failing'].map((path) => join(import.meta.dirname, path));

/** Reads all tests. @throws Error for a file that is no valid test */
export function readCorpus(): CorpusTest[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readOne(join(entry.parentPath, entry.name), folder))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  );
}

function readOne(path: string, folder: string): CorpusTest {
  const { form, definition, diagnostics } = readTestFile(readFileSync(path), { name: path });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (!definition || problem) throw new Error(`${path}:${problem?.line}: ${problem?.message}`);
  const { setup, checkpoints, teardown } = definition;
  const commands = [...setup, ...checkpoints.flatMap(({ steps }) => steps), ...teardown].flatMap(commandsOf);
  const alone = dirname(path) === folder && folder === folders[0];
  return { path, product: alone ? path : dirname(path), form: form ?? '', commands };
}

const INSIDE = ['steps', 'then', 'else', 'catch', 'finally'] as const;

function commandsOf(step: Step): string[] {
  const inside = INSIDE.flatMap((field) => (step as Record<string, unknown>)[field] ?? []) as Step[];
  return [step.command, ...inside.flatMap(commandsOf)];
}
