import { nearest } from '../../schemas/problems.ts';
import { createDraft, type Draft, remember } from './draft.ts';
import { compact, type FormDefinition, keyFor, type Role, simplified } from './forms.ts';
import { type Entry, isNothing, type Mapping, textAt } from './located.ts';
import { readBlocks } from './read-blocks.ts';
import { readData } from './read-data.ts';
import { readInclude } from './read-include.ts';
import type { Report } from './report.ts';
import { addSteps } from './step-lists.ts';
import type { Files } from './take-in.ts';
import { readBase, readConfigRole, readInfrastructure, readTags, readVariables, type Top, textOf } from './top-keys.ts';
import { useBlocks } from './use-blocks.ts';

/** Reads a file in the compact or the simplified form. */
export function readKeyed(root: Mapping, form: FormDefinition, report: Report, files: Files): Draft {
  const top: Top = { draft: createDraft(root), form, report, said: new Map(), files, blocks: new Map() };
  for (const entry of inOrder(root, form)) readTop(entry, top);
  requireParts(root, top);
  openStart(top);
  if (top.blocks.size > 0) useBlocks(top);
  return top.draft;
}

/** Steps come last: unnamed checkpoints take the test's name. */
function inOrder({ entries }: Mapping, form: FormDefinition): Entry[] {
  const last: readonly (Role | undefined)[] = ['steps', 'checkpoints'];
  const isLast = ({ key }: Entry): boolean => last.includes(form.keys[key]);
  return [...entries.filter((entry) => !isLast(entry)), ...entries.filter(isLast)];
}

function readTop(entry: Entry, top: Top) {
  const { form, report, draft } = top;
  const role = Object.hasOwn(form.keys, entry.key) ? form.keys[entry.key] : undefined;
  if (!role) return reportUnknown(entry, form, report);
  if (isNothing(entry.value)) {
    top.said.set(role, entry);
    return report.error(
      'missing-value',
      `'${entry.key}' has no value`,
      entry.at,
      'Write a value after the colon, or remove the key.',
    );
  }
  const before = top.said.get(role);
  if (before)
    return report.error(
      'same-field',
      `'${entry.key}' says again what '${before.key}' says`,
      entry.at,
      'Keep one of them.',
    );
  if (role === 'steps' || role === 'checkpoints' || role === 'setup' || role === 'teardown') {
    top.said.set(role, entry);
    return addSteps(role, entry, top);
  }
  const { definition } = draft;
  remember(draft, definition, definitionField(role), entry.value);
  if (role === 'infrastructure') return readInfrastructure(entry, top);
  top.said.set(role, entry);
  if (role === 'name') definition.name = textOf(entry, report) ?? '';
  else if (role === 'description') definition.description = textOf(entry, report) ?? '';
  else if (role === 'environment') definition.environment = textOf(entry, report) ?? '';
  else if (role === 'base') readBase(entry, top);
  else if (role === 'tags' || role === 'project') readTags(entry, role, top);
  else if (role === 'config') readConfigRole(entry, top);
  else if (role === 'variables') readVariables(entry, top);
  else if (role === 'data') definition.data = readData(entry, top.files, report);
  else if (role === 'include') readInclude(entry, top);
  else if (role === 'blocks') readBlocks(entry, top);
}

const definitionField = (role: Role): string => (role === 'base' ? 'baseUrl' : role);

function reportUnknown({ key, at }: Entry, form: FormDefinition, report: Report) {
  const other = form === compact ? simplified : compact;
  const role = Object.hasOwn(other.keys, key) ? other.keys[key] : undefined;
  const own = role && keyFor(form, role);
  const near = nearest(key, Object.keys(form.keys));
  const hint = own
    ? `The ${form.name} form writes '${own}'.`
    : near
      ? `Did you mean '${near}'?`
      : `Known here: ${Object.keys(form.keys).join(', ')}.`;
  report.error('unknown-key', `unknown key '${key}' in a ${form.name} test`, at, hint);
}

function requireParts(root: Mapping, { form, said, report }: Top): void {
  for (const role of form.required) {
    const key = keyFor(form, role);
    if (!said.has(role))
      report.error('missing-key', `'${key}' is required in a ${form.name} test`, start(root), `Add '${key}:'.`);
  }
  const steps = keyFor(form, 'steps');
  if (!steps || form.required.includes('steps') || said.has('steps') || said.has('checkpoints')) return;
  report.error(
    'missing-key',
    `'${steps}' is required in a ${form.name} test`,
    start(root),
    `Add '${steps}:' with a list of steps.`,
  );
}

const start = ({ start }: Mapping) => ({ start, end: start });

/** Where a test starts is its first step; when nothing else is said, it is also what relative addresses join. */
function openStart({ draft, said, report }: Top): void {
  const entry = said.get('start');
  const url = entry && !isNothing(entry.value) ? textOf(entry, report) : undefined;
  if (!entry || url === undefined) return;
  const { definition } = draft;
  const step = { command: 'navigate.to', url };
  draft.origins.set(step, { at: entry.value, fields: new Map([['url', entry.value]]) });
  if (definition.baseUrl === undefined && /^https?:\/\//i.test(url)) {
    definition.baseUrl = url;
    remember(draft, definition, 'baseUrl', textAt(url, entry.value));
  }
  const first = definition.setup.length > 0 ? definition.setup : definition.checkpoints[0]?.steps;
  first?.unshift(step);
}
