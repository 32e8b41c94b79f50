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
  let wrong = 0;
  for (const file of files) {
    const bytes = await bytesOf(file);
    if (typeof bytes === 'string') {
      wrong++;
      terminal.write(`${file.name}: error: ${bytes}\n\n`);
      continue;
    }
    const { definition, diagnostics } = readTestFile(bytes, { name: file.name });
    const source = new TextDecoder().decode(bytes);
    for (const diagnostic of diagnostics) tell(diagnostic, file, source, terminal);
    if (definition) ready.push({ file, bytes, definition });
    else wrong++;
  }
  return { ready, wrong };
}

/** The file's bytes, or why they cannot be had; a file that is too large is not read at all. */
async function bytesOf({ path }: CollectedFile): Promise<Uint8Array | string> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_FILE) return await readFile(path);
    return `the file is larger than ${LARGEST_FILE / 1024 / 1024} MiB. Split it into several tests.`;
  } catch (error) {
    return `the file cannot be read: ${(error as Error).message}.`;
  }
}

function tell(diagnostic: Diagnostic, file: CollectedFile, source: string, terminal: Terminal): void {
  terminal.write(`${formatDiagnostic({ ...diagnostic, file: file.name }, { source, colour: terminal.colour })}\n\n`);
}
