import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Step } from '../../../schemas/step.ts';
import type { Done } from '../../../shared/analytics/next-commands.ts';
import { innerLists } from '../../../shared/domain/inner-steps.ts';
import { asGiven } from '../../../shared/engine/parse-target.ts';
import type { Target } from '../../../shared/engine/target.ts';
import { readTestFile } from '../../../shared/test-files/read.ts';

/** A test of the corpus, as far as suggestions see it. */
export interface CorpusTest {
  readonly path: string;
  /** Whose it is: tests of one folder are of one product, and written by the same people. */
  readonly product: string;
  readonly form: string;
  /** Its steps in the order of the file, those inside others after them. */
  readonly steps: readonly Done[];
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
  const parts = [setup, ...checkpoints.map(({ steps }) => steps), teardown];
  const steps = parts.flatMap((part) => part.flatMap(withInner).map(doneOf));
  const alone = dirname(path) === folder && folder === folders[0];
  return { path, product: alone ? path : dirname(path), form: form ?? '', steps };
}

const withInner = (step: Step): Step[] => [step, ...innerLists(step).flatMap(([, steps]) => steps.flatMap(withInner))];

/** A step as suggestions see it. @param at its place in its checkpoint, from 0 */
export function doneOf({ command, target }: Step, at: number): Done {
  return { command, target: target === undefined ? '' : asGiven(target as Target), begins: at === 0 };
}
