import { readFile, stat } from 'node:fs/promises';
import type { Diagnostic, TestDefinition } from '../../schemas/test-definition.ts';
import { LARGEST_FILE } from '../../shared/test-files/decode.ts';
import { formatDiagnostic } from '../../shared/test-files/diagnostics.ts';
import { NO_TEST } from '../../shared/test-files/no-test.ts';
import type { Suite, TestFile } from '../../shared/test-files/read.ts';
import { LONGEST_NAME, storedName } from '../../shared/test-files/stored-name.ts';
import type { CollectedFile } from './collect-files.ts';
import { oneLine } from './one-line.ts';
import { openBeside } from './open-beside.ts';
import type { Terminal } from './terminal.ts';

/** A test that can be run. */
export interface ReadyTest {
  readonly file: CollectedFile;
  /** What is sent: the file as it is, or, where it takes in others, what it says with them. */
  readonly bytes: Uint8Array;
  readonly definition: TestDefinition;
  /** The file holds other tests, too. */
  readonly inSuite: boolean;
}

/** What became of a list of files. */
export interface CheckedFiles {
  readonly ready: readonly ReadyTest[];
  readonly wrong: number;
  readonly warnings: number;
}

/** Reads files and tells what is wrong with those that cannot be run, with the place and the mending. */
export async function checkFiles(files: readonly CollectedFile[], terminal: Terminal): Promise<CheckedFiles> {
  const ready: ReadyTest[] = [];
  let wrong = 0;
  let warnings = 0;
  // Files of blocks are read with the tests that include them.
  const libraries: CollectedFile[] = [];
  for (const file of files) {
    if (storedName(file.name) === undefined) {
      wrong++;
      tellError(
        file,
        `the file's name has control characters, or more than ${LONGEST_NAME} bytes. Rename it.`,
        terminal,
      );
      continue;
    }
    const { read, bytes } = await readTold(file, terminal, NO_TEST);
    if (read.diagnostics.some(({ code }) => code === NO_TEST)) {
      libraries.push(file);
      continue;
    }
    warnings += read.diagnostics.filter(({ severity }) => severity === 'warning').length;
    const tests = testsOf(read, file, bytes);
    if (tests.length === 0) wrong++;
    ready.push(...tests);
  }
  if (ready.length === 0) {
    for (const file of libraries) await readTold(file, terminal);
    wrong += libraries.length;
  }
  return { ready, wrong, warnings };
}

/** What one file holds, with what is wrong told. Undefined when it cannot be run. */
export async function readFileWith(
  file: CollectedFile,
  terminal: Terminal,
): Promise<{ definition: TestDefinition } | { suite: Suite } | undefined> {
  const { definition, suite } = (await readTold(file, terminal)).read;
  return definition ? { definition } : suite && { suite };
}

async function readTold(
  file: CollectedFile,
  terminal: Terminal,
  untold?: string,
): Promise<{ read: TestFile; bytes: Uint8Array }> {
  // Loaded only now: it brings the whole vocabulary, which help and bad usage do without.
  const { readTestFile } = await import('../../shared/test-files/read.ts');
  const bytes = await bytesOf(file);
  if (typeof bytes === 'string') {
    tellError(file, bytes, terminal);
    return { read: { diagnostics: [] }, bytes: new Uint8Array() };
  }
  const texts = new Map([[file.name, new TextDecoder().decode(bytes)]]);
  const read = readTestFile(bytes, { name: file.name, open: openBeside(file, texts) });
  for (const diagnostic of read.diagnostics) if (diagnostic.code !== untold) tell(diagnostic, texts, terminal);
  return { read, bytes: texts.size > 1 ? wholeOf(read) : bytes };
}

function testsOf({ definition, suite }: TestFile, file: CollectedFile, bytes: Uint8Array): ReadyTest[] {
  if (definition) return [{ file, bytes, definition, inSuite: false }];
  return suite?.tests.map((test) => ({ file, bytes, definition: test.definition, inSuite: true })) ?? [];
}

/** A file with what it takes in, in canonical form. */
function wholeOf({ definition, suite }: TestFile): Uint8Array {
  const metadata = suite && {
    name: suite.name,
    ...(suite.description === undefined ? {} : { description: suite.description }),
  };
  const whole = suite ? { metadata, tests: suite.tests.map((test) => test.definition) } : definition;
  return Buffer.from(JSON.stringify(whole ?? null));
}

/** The file's bytes, or why they cannot be had; a file that is too large is not read at all. */
async function bytesOf({ path }: Pick<CollectedFile, 'path'>): Promise<Uint8Array | string> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_FILE) return await readFile(path);
    return `the file is larger than ${LARGEST_FILE / 1024 / 1024} MiB. Split it into several tests.`;
  } catch (error) {
    return `the file cannot be read: ${(error as Error).message}.`;
  }
}

function tellError({ name }: CollectedFile, error: string, terminal: Terminal): void {
  terminal.write(`${oneLine(name)}: error: ${error}\n\n`);
}

function tell(diagnostic: Diagnostic, texts: ReadonlyMap<string, string>, terminal: Terminal): void {
  const source = texts.get(diagnostic.file ?? '');
  const options = { ...(source === undefined ? {} : { source }), colour: terminal.colour };
  terminal.write(`${formatDiagnostic(diagnostic, options)}\n\n`);
}
