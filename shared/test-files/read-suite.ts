import { nearest } from '../../schemas/problems.ts';
import { createDraft, type Draft } from './draft.ts';
import type { FormDefinition } from './forms.ts';
import { inherit } from './inherit.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, type Mapping, type Place } from './located.ts';
import { readKeyed } from './read-keyed.ts';
import { type ReadRoot, readRoot, type TestForm } from './read-root.ts';
import type { Report } from './report.ts';
import { type Files, takeIn } from './take-in.ts';
import { textOf } from './top-keys.ts';
import { MOST_TESTS } from './yaml-document.ts';

/** A test of a suite, as it was read. */
export interface SuiteDraft {
  readonly name: string;
  readonly description?: string;
  readonly tests: readonly { readonly form: TestForm; readonly draft: Draft }[];
  /** What the tests have from the suite. */
  readonly shared: Draft;
}

/** What all tests of a suite share: the keys that the tests of the simplified form have, too. */
const sharedParts: FormDefinition = {
  name: 'simplified',
  keys: { config: 'config', variables: 'variables', setup: 'setup', teardown: 'teardown' },
  required: [],
};

const ownKeys = ['metadata', ...Object.keys(sharedParts.keys), 'tests', 'workflows'];

/** Reads a suite: what its tests share, and each of them in any form or from a file of its own. */
export function readSuite(root: Mapping, files: Files, report: Report): SuiteDraft {
  for (const { key, at } of root.entries) {
    if (ownKeys.includes(key)) continue;
    const near = nearest(key, ownKeys);
    const hint = near
      ? `Did you mean '${near}'?`
      : `Known here: ${ownKeys.join(', ')}; put what names it below metadata.`;
    report.error('unknown-key', `unknown key '${key}' in a suite`, at, hint);
  }
  const parts = root.entries.filter(({ key }) => Object.hasOwn(sharedParts.keys, key));
  const shared = readKeyed({ ...root, entries: parts }, sharedParts, report, files);
  const { name, description } = readMetadata(entryOf(root, 'metadata'), root, shared, report);
  const tests = itemsOf(root, report).flatMap((item) => {
    const read = readTest(item, files, report);
    if (read) inherit(read.draft, shared);
    return read ? [read] : [];
  });
  reportSameNames(tests, report);
  return { name, ...(description === undefined ? {} : { description }), tests, shared };
}

function itemsOf(root: Mapping, report: Report): readonly Located[] {
  const [list, second] = ['tests', 'workflows'].flatMap((key) => entryOf(root, key) ?? []);
  if (second) report.error('same-field', "'workflows' says again what 'tests' says", second.at, 'Keep one of them.');
  const start = { start: root.start, end: root.start };
  if (!list) report.error('missing-key', "'tests' is required in a suite", start, "Add 'tests:' with a list of tests.");
  else if (list.value.kind !== 'list')
    report.error(
      'wrong-value',
      `'${list.key}' is a list of tests, not ${kindOf(list.value)}`,
      list.at,
      'Write a dash before each test.',
    );
  else if (list.value.items.length === 0)
    report.error('empty-tests', `'${list.key}' has no tests`, list.at, 'Write at least one test.');
  else if (list.value.items.length > MOST_TESTS)
    report.error('too-many-tests', `a suite has at most ${MOST_TESTS} tests`, list.at, 'Split it into several files.');
  else return list.value.items;
  return [];
}

/** One test: written out, or `file: path`. */
function readTest(item: Located, files: Files, report: Report): Exclude<ReadRoot, { form: 'suite' }> | undefined {
  const file = entryOf(item, 'file');
  if (!file || item.kind !== 'mapping') return one(readRoot(item, files, report), item, report);
  const beside = item.entries.find(({ key }) => key !== 'file');
  if (beside) {
    report.error('unknown-key', `unknown key '${beside.key}' beside 'file'`, beside.at, 'Write it into that file.');
    return undefined;
  }
  const path = isNothing(file.value) ? undefined : textOf(file, report);
  if (path === undefined) {
    if (isNothing(file.value)) report.error('missing-value', "'file' has no value", file.at, 'Write file: path.yaml.');
    return undefined;
  }
  const taken = takeIn(path, file.value, files, report);
  const [root, second] = taken?.roots ?? [];
  if (second) reportSuite(`'${path}' holds several tests`, file.value, report);
  else if (root && taken) return one(readRoot(root, taken.files, report), file.value, report);
  return undefined;
}

function one(read: ReadRoot | undefined, at: Place, report: Report): Exclude<ReadRoot, { form: 'suite' }> | undefined {
  if (read?.form !== 'suite') return read;
  reportSuite('a suite cannot stand in another', at, report);
  return undefined;
}

function reportSuite(message: string, at: Place, report: Report): void {
  report.error('nested-suite', message, at, 'Name each of its tests here.');
}

/** What names and describes a suite; the rest belongs to all its tests. */
function readMetadata(entry: Entry | undefined, root: Mapping, shared: Draft, report: Report) {
  const { definition } = shared;
  const metadata = entry?.value.kind === 'mapping' ? entry.value : undefined;
  if (entry && !metadata)
    report.error(
      'wrong-value',
      `'metadata' is a mapping, not ${kindOf(entry.value)}`,
      entry.at,
      'Write metadata: {name: …}.',
    );
  const said: { name?: string; description?: string } = {};
  for (const one of metadata?.entries ?? []) {
    if (isNothing(one.value))
      report.error('missing-value', `'${one.key}' has no value`, one.at, 'Write a value, or remove the key.');
    else if (one.key === 'tags') definition.tags.push(...tagsOf(one, report));
    else readText(one, said, shared, report);
  }
  const at = entry?.at ?? { start: root.start, end: root.start };
  if (said.name === undefined && (!entry || metadata))
    report.error('missing-key', "'metadata' needs a 'name'", at, 'Write metadata: {name: …}.');
  return { name: said.name ?? '', description: said.description };
}

/** Keys of the metadata that are kept as tags of the tests: `team:checkout`. */
const kept = ['project', 'author', 'owner', 'team', 'version'];
const metadataKeys = ['name', 'description', 'tags', 'environment', 'base_url', 'baseUrl', ...kept];

function readText(entry: Entry, said: { name?: string; description?: string }, { definition }: Draft, report: Report) {
  const { key, at } = entry;
  if (!metadataKeys.includes(key)) {
    const near = nearest(key, metadataKeys);
    const hint = near ? `Did you mean '${near}'?` : `Known here: ${metadataKeys.join(', ')}.`;
    return report.error('unknown-key', `unknown key '${key}' in 'metadata'`, at, hint);
  }
  const text = textOf(entry, report);
  if (text === undefined) return;
  if (key === 'name' || key === 'description') said[key] = text;
  else if (key === 'environment') definition.environment = text;
  else if (kept.includes(key)) definition.tags.push(`${key}:${text}`);
  else definition.baseUrl = text;
}

function tagsOf(entry: Entry, report: Report): string[] {
  if (entry.value.kind !== 'list')
    return (textOf(entry, report) ?? '')
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean);
  return entry.value.items.map((value) => textOf({ ...entry, value }, report) ?? '');
}

/** The tests of a suite are known by their names. */
export function reportSameNames(tests: SuiteDraft['tests'], report: Report): void {
  const seen = new Set<string>();
  for (const { draft } of tests) {
    const { name } = draft.definition;
    const at = draft.origins.get(draft.definition)?.fields.get('name') ?? draft.origins.get(draft.definition)?.at;
    if (name !== '' && seen.has(name) && at)
      report.error('duplicate-name', `two tests are named '${name}'`, at, 'Give each test a name of its own.');
    seen.add(name);
  }
}

/** Several documents in one file are a suite without anything that they share. */
export function suiteOf(name: string, roots: readonly Located[], files: Files, report: Report): SuiteDraft {
  const tests = roots.flatMap((root) => one(readRoot(root, files, report), root, report) ?? []);
  reportSameNames(tests, report);
  return { name, tests, shared: createDraft({ start: 0, end: 0 }) };
}
