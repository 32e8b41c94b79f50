import { readCanonical } from './canonical.ts';
import { detectForm, type Form } from './detect-form.ts';
import type { Draft } from './draft.ts';
import { compact, extended, simplified } from './forms.ts';
import type { Located, Mapping } from './located.ts';
import { readJourney } from './read-journey.ts';
import { readKeyed } from './read-keyed.ts';
import type { Report } from './report.ts';
import type { Files } from './take-in.ts';

/** The forms of one test. */
export type TestForm = Exclude<Form, 'suite'>;

const readers: Readonly<Record<TestForm, (root: Mapping, report: Report, files: Files) => Draft>> = {
  canonical: readCanonical,
  compact: (root, report, files) => readKeyed(root, compact, report, files),
  simplified: (root, report, files) => readKeyed(root, simplified, report, files),
  extended: (root, report, files) => readKeyed(root, extended, report, files),
  journey: readJourney,
};

/** What one document of a file, or one test of a suite, was read as. */
export type ReadRoot =
  | { readonly form: TestForm; readonly draft: Draft }
  | { readonly form: 'suite'; readonly root: Mapping };

/** Reads one test in whichever form it has; a suite is only recognised. Undefined when the report says why not. */
export function readRoot(root: Located, files: Files, report: Report): ReadRoot | undefined {
  const form = detectForm(root, report);
  if (!form || root.kind !== 'mapping') return undefined;
  const own = { ...root, entries: root.entries.filter(({ key }) => !key.startsWith('x-')) };
  return form === 'suite' ? { form, root: own } : { form, draft: readers[form](own, report, files) };
}
