import { compact, type FormName, simplified } from './forms.ts';
import { entryOf, kindOf, type Located, type Mapping, type Place } from './located.ts';
import { NO_TEST } from './no-test.ts';
import type { Report } from './report.ts';

/** The forms of test files. */
export type Form = 'canonical' | FormName | 'suite';

const isLibrary = ({ entries }: Mapping): boolean =>
  entries.some(({ key }) => key === 'blocks') &&
  entries.every(({ key }) => key === 'blocks' || key === 'include' || key.startsWith('x-'));

interface Evidence {
  readonly form: Form;
  /** What was seen, in words. */
  readonly seen: string;
  readonly at: Place;
}

const beginnings =
  "A compact test has 'test' and 'do', a simplified or extended one 'name' and 'steps', a canonical one 'name' and 'checkpoints' with 'command' in each step, a journey 'journey', a suite 'metadata' and 'tests'.";

/** Finds the form of a file by its keys and steps; undefined when there is none, or two, which is reported. */
export function detectForm(root: Located, report: Report): Form | undefined {
  if (root.kind !== 'mapping') {
    report.error('unknown-form', `a test file is a mapping of keys to values, not ${kindOf(root)}`, root, beginnings);
    return undefined;
  }
  if (isLibrary(root)) {
    const message = 'the file holds blocks for others to include, and no test';
    report.error(NO_TEST, message, root.entries[0]?.at ?? root, 'Include it in a test; it is read with that.');
    return undefined;
  }
  const found = firstOfEach(evidenceIn(root));
  const [first, second] = found;
  if (first && second) {
    const message = `the file fits two forms: ${first.form} (${first.seen}) and ${second.form} (${second.seen})`;
    report.error(
      'two-forms',
      message,
      later(first.at, second.at),
      `Keep to one form: remove what makes it ${second.form}, or what makes it ${first.form}.`,
    );
    return undefined;
  }
  const form = first?.form ?? weakly(root);
  if (!form)
    report.error('unknown-form', 'the file is in none of the known forms', root.entries[0]?.at ?? root, beginnings);
  return form;
}

const later = (a: Place, b: Place): Place => (a.start > b.start ? a : b);

function firstOfEach(evidence: readonly Evidence[]): Evidence[] {
  return evidence.filter(({ form }, at) => evidence.findIndex((other) => other.form === form) === at);
}

function evidenceIn(root: Mapping): Evidence[] {
  const evidence: Evidence[] = [];
  const see = (form: Form, seen: string, at: Place): number => evidence.push({ form, seen, at });
  for (const { key, at, value } of root.entries) {
    if (key === 'test' || key === 'do') see('compact', `the key '${key}'`, at);
    if (['starting_url', 'project'].includes(key)) see('simplified', `the key '${key}'`, at);
    if (key === 'journey') see('journey', `the key '${key}'`, at);
    if (['tests', 'workflows', 'metadata'].includes(key)) see('suite', `the key '${key}'`, at);
    const steps = key === 'checkpoints' ? stepsOfCheckpoints(value) : STEP_LISTS.includes(key) ? stepsIn(value) : [];
    const typed = steps.find(isExtended);
    if (typed) see('extended', "a step with 'type'", typed);
    else if (key === 'steps') see('simplified', "the key 'steps'", at);
    else if (key === 'checkpoints') {
      const step = stepsOfCheckpoints(value).find((candidate) => !isCanonical(candidate));
      const canonical = stepsOfCheckpoints(value).find(isCanonical);
      if (step) see('simplified', "a step in 'checkpoints' without 'command'", step);
      else if (canonical) see('canonical', "the steps in 'checkpoints' with 'command'", canonical);
    }
  }
  // Only the canonical form has nothing but steps in canonical form in all of its lists.
  const shared = ['setup', 'teardown'].flatMap((key) => stepsIn(entryOf(root, key)?.value));
  const plain = shared.find((step) => !isCanonical(step));
  if (plain && evidence.length > 0 && evidence.every(({ form }) => form === 'canonical'))
    see('simplified', "a step without 'command'", plain);
  // The extended form has the keys of the simplified one, and steps in canonical form may stand in both.
  const has = (wanted: Form): boolean => evidence.some(({ form }) => form === wanted);
  const hidden: Form[] = has('extended') ? ['simplified', 'canonical'] : has('simplified') ? ['canonical'] : [];
  return evidence.filter(({ form }) => !hidden.includes(form));
}

const STEP_LISTS: readonly string[] = ['steps', 'setup', 'teardown'];

/** Without any step to judge by: whose keys are they? */
function weakly(root: Mapping): Form | undefined {
  const known = (keys: Readonly<Record<string, unknown>>) =>
    root.entries.filter(({ key }) => Object.hasOwn(keys, key)).length;
  const asCompact = known(compact.keys);
  const asSimplified = known(simplified.keys);
  if (asCompact === 0 && asSimplified === 0) return undefined;
  return asCompact > asSimplified ? 'compact' : 'simplified';
}

const stepsIn = (value: Located | undefined): readonly Located[] => (value?.kind === 'list' ? value.items : []);

const stepsOfCheckpoints = (value: Located): Located[] =>
  stepsIn(value).flatMap((checkpoint) => stepsIn(entryOf(checkpoint, 'steps')?.value));

function isCanonical(step: Located): boolean {
  const command = entryOf(step, 'command')?.value;
  return command?.kind === 'scalar' && command.written.includes('.');
}

function isExtended(step: Located): boolean {
  const type = entryOf(step, 'type')?.value;
  return (
    type?.kind === 'scalar' &&
    ['command', 'target', 'selector', 'element', 'value', 'text', 'variable', 'meta', 'description'].some(
      (key) => entryOf(step, key) !== undefined,
    )
  );
}
