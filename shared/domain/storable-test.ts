import type { Diagnostic } from '../../schemas/test-definition.ts';
import type { ReadOptions, TestFile } from '../test-files/read.ts';
import type { Opened } from '../test-files/take-in.ts';

/** What a definition may take of a document's 1 MiB, as JSON. */
const LARGEST_DEFINITION = 900_000;
/** What the definitions of a suite may take of one write's 10 MiB together. */
const LARGEST_SUITE = 9_000_000;
/** Files may take in files, so deep. */
const DEEPEST = 10;

/**
 * Reads a test file that is to be stored: a definition that no document can hold is an error of the file. What reads test
 * files is loaded by the first one: an instance that is asked for something else starts without it.
 */
export async function readStorableTest(source: Uint8Array | string, options: ReadOptions): Promise<TestFile> {
  const { readTestFile } = await import('../test-files/read.ts');
  const { definition, suite, ...file } = readTestFile(source, options);
  const sizes = [definition, ...(suite?.tests.map((test) => test.definition) ?? [])].map((one) =>
    one === undefined ? 0 : Buffer.byteLength(JSON.stringify(one)),
  );
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const largest = Math.max(...sizes);
  const refusal =
    largest > LARGEST_DEFINITION
      ? tooLarge('test', largest, LARGEST_DEFINITION, options.name)
      : all > LARGEST_SUITE
        ? tooLarge('suite', all, LARGEST_SUITE, options.name)
        : undefined;
  if (refusal) return { ...file, diagnostics: [refusal, ...file.diagnostics] };
  return { ...(definition ? { definition } : {}), ...(suite ? { suite } : {}), ...file };
}

/**
 * The same, with the files that the test file takes in.
 * @param load gives a file that is stored beside it, undefined when there is none.
 * @param library names of the checkpoints that the library has, where they are to be looked at.
 */
export async function readStoredTest(
  source: Uint8Array | string,
  name: string,
  load: (path: string) => Promise<Uint8Array | undefined>,
  library?: readonly string[],
): Promise<TestFile> {
  const loaded = new Map<string, Uint8Array | undefined>();
  for (let depth = 0; ; depth++) {
    const wanted = new Set<string>();
    const open = (path: string): Opened => {
      const stored = loaded.get(path);
      if (stored) return { source: stored };
      if (!loaded.has(path)) wanted.add(path);
      const hint = 'Store that file first, or write what it holds into this one.';
      return { problem: `there is no '${path}' among your stored files`, hint };
    };
    const file = await readStorableTest(source, { name, open, ...(library ? { library } : {}) });
    if (wanted.size === 0 || depth === DEEPEST) return file;
    for (const path of wanted) loaded.set(path, await load(path));
  }
}

function tooLarge(what: string, bytes: number, most: number, file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'too-large',
    message: `the ${what} is too large: ${bytes} bytes in canonical form, at most ${most} can be stored`,
    line: 1,
    column: 1,
    hint: 'Split it into several files, or its data into several tests.',
    file,
  };
}
