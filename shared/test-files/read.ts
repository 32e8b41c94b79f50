import type { Diagnostic, TestDefinition } from '../../schemas/test-definition.ts';
import { readCanonical } from './canonical.ts';
import { checkDefinition } from './check-definition.ts';
import { decode } from './decode.ts';
import { detectForm, type Form } from './detect-form.ts';
import type { Draft } from './draft.ts';
import { compact, extended, simplified } from './forms.ts';
import { isNothing, type Mapping } from './located.ts';
import { readJourney } from './read-journey.ts';
import { readKeyed } from './read-keyed.ts';
import { createReport, type Report } from './report.ts';
import { warn } from './warnings.ts';
import { parseYaml } from './yaml-tree.ts';

/** What a test file holds. Without a definition there is at least one diagnostic that is an error. */
export interface TestFile {
  /** The form, as far as it could be told. */
  readonly form?: Form;
  readonly definition?: TestDefinition;
  /** In the order of the file. */
  readonly diagnostics: Diagnostic[];
}

/**
 * Reads a test file, YAML or JSON, in any of the forms. Never throws: whatever is wrong is a diagnostic with line,
 * column, the offending text and how to mend it.
 * @param source at most 10 MiB of UTF-8.
 * @param options `name`: what diagnostics call the file.
 */
export function readTestFile(source: Uint8Array | string, { name }: { name: string }): TestFile {
  const decoded = decode(source, name);
  if ('diagnostics' in decoded) return decoded;
  const report = createReport(decoded.text, name);
  const root = parseYaml(decoded.text, report);
  if (!root || isNothing(root)) {
    if (!report.failed) reportEmpty(decoded.text, report);
    return { diagnostics: [...report.diagnostics] };
  }
  const form = detectForm(root, report);
  if (!form || form === 'suite' || root.kind !== 'mapping')
    return { ...(form ? { form } : {}), diagnostics: [...report.diagnostics] };
  const draft = readers[form](root, report);
  checkDefinition(draft, report);
  if (!report.failed) warn(draft, report);
  return { form, ...(report.failed ? {} : { definition: draft.definition }), diagnostics: [...report.diagnostics] };
}

const readers: Readonly<Record<Exclude<Form, 'suite'>, (root: Mapping, report: Report) => Draft>> = {
  canonical: readCanonical,
  compact: (root, report) => readKeyed(root, compact, report),
  simplified: (root, report) => readKeyed(root, simplified, report),
  extended: (root, report) => readKeyed(root, extended, report),
  journey: readJourney,
};

function reportEmpty(text: string, report: Report): void {
  const message = text.trim() === '' ? 'the file is empty' : 'the file holds nothing but comments';
  report.error(
    'empty-file',
    message,
    { start: 0, end: 0 },
    "Write a test: 'test: NAME' and 'do:' with a list of steps.",
  );
}
