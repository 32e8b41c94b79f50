import { readFile, stat } from 'node:fs/promises';
import type { Diagnostic, TestDefinition } from '../../schemas/test-definition.ts';
import { LARGEST_FILE } from '../../shared/test-files/decode.ts';
import { formatDiagnostic } from '../../shared/test-files/diagnostics.ts';
import type { CollectedFile } from './collect-files.ts';
import type { Terminal } from './terminal.ts';

/** A test file that can be run. */
export interface ReadyTest {
  readonly file: CollectedFile;
  readonly bytes: Uint8Array;
  readonly definition: TestDefinition;
}

/** What became of a list of files. */
export interface CheckedFiles {
  readonly ready: readonly ReadyTest[];
  readonly wrong: number;
}

/** Reads files and tells what is wrong with those that cannot be run, with the place and the mending. */
export async function checkFiles(files: readonly CollectedFile[], terminal: Terminal): Promise<CheckedFiles> {
  // Loaded only now: it brings the whole vocabulary, which help and bad usage do without.
  const { readTestFile } = await import('../../shared/test-files/read.ts');
  const ready: ReadyTest[] = [];
  for (const file of files) {
    const bytes = await bytesOf(file);
    if (!(bytes instanceof Uint8Array)) {
      tell(bytes, '', file, terminal);
      continue;
    }
    const { definition, diagnostics } = readTestFile(bytes, { name: file.name });
    const source = new TextDecoder().decode(bytes);
    for (const diagnostic of diagnostics) tell(diagnostic, source, file, terminal);
    if (definition) ready.push({ file, bytes, definition });
  }
  return { ready, wrong: files.length - ready.length };
}

/** A file that is too large is not read at all. */
async function bytesOf({ path }: CollectedFile): Promise<Uint8Array | Diagnostic> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_FILE) return await readFile(path);
    const most = `at most ${LARGEST_FILE / 1024 / 1024} MiB are read`;
    return refusal('file-too-large', `the file has ${(size / 1024 / 1024).toFixed(1)} MiB; ${most}`, {
      hint: 'Split it into several tests.',
    });
  } catch (error) {
    return refusal('unreadable-file', `the file cannot be read: ${(error as Error).message}`);
  }
}

const refusal = (code: string, message: string, more: { hint?: string } = {}): Diagnostic => ({
  ...{ severity: 'error', code, message, line: 1, column: 1 },
  ...more,
});

function tell(diagnostic: Diagnostic, source: string, { name }: CollectedFile, terminal: Terminal): void {
  const { colour } = terminal;
  const options = source === '' ? { colour } : { colour, source };
  terminal.write(`${formatDiagnostic({ ...diagnostic, file: name }, options)}\n\n`);
}
