import type { Diagnostic, TestDefinition } from '../../schemas/test-definition.ts';
import { checkDefinition } from './check-definition.ts';
import { checkDepth } from './check-depth.ts';
import { decode } from './decode.ts';
import type { Form } from './detect-form.ts';
import type { Draft } from './draft.ts';
import type { Located } from './located.ts';
import { readRoot, type TestForm } from './read-root.ts';
import { readSuite, type SuiteDraft, suiteOf } from './read-suite.ts';
import { createReport, type Report } from './report.ts';
import { type Files, type Open, stemOf } from './take-in.ts';
import { warnOfLibrary } from './warn-library.ts';
import { warn, warnOfSuite } from './warnings.ts';
import { parseYaml } from './yaml-tree.ts';

/** One test of a suite. */
export interface SuiteTest {
  readonly form: TestForm;
  readonly definition: TestDefinition;
}

/** Several tests of one file, each with a name of its own; what they share is in each of them. */
export interface Suite {
  readonly name: string;
  readonly description?: string;
  readonly tests: readonly SuiteTest[];
}

/** What a test file holds. Without a definition and a suite there is at least one diagnostic that is an error. */
export interface TestFile {
  /** The form, as far as it could be told. Several documents in one file are a suite. */
  readonly form?: Form;
  readonly definition?: TestDefinition;
  readonly suite?: Suite;
  /** In the order of the file; what is wrong with a file that it takes in comes behind. */
  readonly diagnostics: Diagnostic[];
}

/** What diagnostics call the file, and how the files are had that it takes in; without that, there are none. */
export interface ReadOptions {
  readonly name: string;
  readonly open?: Open;
  /** Names of the checkpoints that the library has; without it, what a test uses from there is not looked at. */
  readonly library?: readonly string[];
}

/**
 * Reads a test file, YAML or JSON, in any of the forms. Never throws: whatever is wrong is a diagnostic with line,
 * column, the offending text and how to mend it.
 * @param source at most 10 MiB of UTF-8.
 */
export function readTestFile(source: Uint8Array | string, { name, open = nowhere, library }: ReadOptions): TestFile {
  const decoded = decode(source, name);
  if ('diagnostics' in decoded) return decoded;
  const report = createReport(decoded.text, name);
  const roots = parseYaml(decoded.text, report);
  if (roots?.length === 0) reportEmpty(decoded.text, report);
  const files: Files = { open, within: [name], count: { taken: 0 } };
  const read = roots?.length ? readRoots(roots, files, library, report) : {};
  return { ...read, diagnostics: [...report.diagnostics] };
}

function readRoots(
  roots: readonly Located[],
  files: Files,
  library: ReadOptions['library'],
  report: Report,
): Omit<TestFile, 'diagnostics'> {
  const [root, second] = roots;
  if (!root) return {};
  const [name = ''] = files.within;
  if (second) return finishSuite(suiteOf(stemOf(name), roots, files, report), library, report);
  const read = readRoot(root, files, report);
  if (!read) return {};
  if (read.form === 'suite') return finishSuite(readSuite(read.root, files, report), library, report);
  finish(read.draft, report);
  if (!report.failed) {
    warn(read.draft, report);
    if (library) warnOfLibrary(read.draft, library, report);
  }
  return { form: read.form, ...(report.failed ? {} : { definition: read.draft.definition }) };
}

function finish(draft: Draft, report: Report): void {
  checkDefinition(draft, report);
  checkDepth(draft, report);
}

function finishSuite(
  { name, description, tests, shared }: SuiteDraft,
  library: ReadOptions['library'],
  report: Report,
): Omit<TestFile, 'diagnostics'> {
  for (const { draft } of tests) finish(draft, report);
  if (report.failed) return { form: 'suite' };
  warnOfSuite(
    shared,
    tests.map(({ draft }) => draft),
    report,
  );
  if (library) for (const { draft } of tests) warnOfLibrary(draft, library, report);
  const suite = {
    name,
    ...(description === undefined ? {} : { description }),
    tests: tests.map(({ form, draft }) => ({ form, definition: draft.definition })),
  };
  return { form: 'suite', suite };
}

const nowhere: Open = (path) => ({
  problem: `'${path}' cannot be read: only this file is here`,
  hint: 'Write what it holds into this file, or store it beside this one first.',
});

function reportEmpty(text: string, report: Report): void {
  const message = text.trim() === '' ? 'the file is empty' : 'the file holds nothing but comments';
  report.error(
    'empty-file',
    message,
    { start: 0, end: 0 },
    "Write a test: 'test: NAME' and 'do:' with a list of steps.",
  );
}
