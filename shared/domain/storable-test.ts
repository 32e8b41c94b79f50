import { readTestFile, type TestFile } from '../test-files/read.ts';

/** What a definition may take of a document's 1 MiB, as JSON. */
const LARGEST_DEFINITION = 900_000;

/** Reads a test file that is to be stored: a definition that no document can hold is an error of the file. */
export function readStorableTest(source: Uint8Array | string, options: { name: string }): TestFile {
  const { definition, ...file } = readTestFile(source, options);
  if (!definition) return file;
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes <= LARGEST_DEFINITION) return { definition, ...file };
  const tooLarge = {
    severity: 'error',
    code: 'too-large',
    message: `the test is too large: ${bytes} bytes in canonical form, at most ${LARGEST_DEFINITION} can be stored`,
    line: 1,
    column: 1,
    hint: 'Split it into several files, or its data into several tests.',
    file: options.name,
  } as const;
  return { ...file, diagnostics: [tooLarge, ...file.diagnostics] };
}
