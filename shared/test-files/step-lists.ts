import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import { keepStep, remember } from './draft.ts';
import { type Entry, entryOf, hintForDash, isNothing, kindOf, type Located, type Mapping } from './located.ts';
import { inPosition } from './read-journey.ts';
import { readStep } from './read-step.ts';
import { type Top, textOf } from './top-keys.ts';

/** Reads the lists of steps of a keyed form into the definition. */
export function addSteps(role: 'steps' | 'checkpoints' | 'setup' | 'teardown', entry: Entry, top: Top) {
  const { definition } = top.draft;
  if (role === 'checkpoints') return addCheckpoints(entry, top);
  if (entry.value.kind !== 'list') {
    const [first] = entry.value.kind === 'mapping' ? entry.value.entries : [];
    const hint = hintForDash(first?.key) ?? 'Write a dash before each step: - …';
    return top.report.error(
      'wrong-value',
      `'${entry.key}' is a list of steps, not ${kindOf(entry.value)}`,
      entry.value,
      hint,
    );
  }
  if (role !== 'steps') definition[role] = readList(entry.value.items, top);
  else if (entry.value.items.length === 0) reportEmpty(entry, top);
  else addGroups(entry.value.items, top);
}

function reportEmpty({ key, at }: Entry, { report }: Top): void {
  report.error('empty-steps', `'${key}' has no steps`, at, 'Write at least one step.');
}

function readList(items: readonly Located[], top: Top): Step[] {
  return items.flatMap((item) => {
    const read = readStep(item, top.form.name, top.report);
    return read ? [keepStep(top.draft, read)] : [];
  });
}

/** Steps outside of groups are checkpoints of the test's name; each group is one of its own name. */
function addGroups(items: readonly Located[], top: Top): void {
  let loose: Located[] = [];
  const flush = (): void => {
    if (loose.length > 0) addCheckpoint(freeName(top), loose, loose[0] as Located, top);
    loose = [];
  };
  for (const item of items) {
    if (item.kind !== 'mapping' || !entryOf(item, 'group')) {
      loose.push(item);
      continue;
    }
    flush();
    addNamed(item, 'group', top.form.name === 'compact' ? 'do' : 'steps', top);
  }
  flush();
}

/** The test's name, numbered where steps stand between groups. */
function freeName({ draft: { definition } }: Top): string {
  const name = definition.name || 'test';
  const used = definition.checkpoints.filter((one) => one.name === name || one.name.startsWith(`${name} (`)).length;
  return used === 0 ? name : `${name} (${used + 1})`;
}

function addCheckpoint(name: string, items: readonly Located[], at: Located, top: Top): { steps: Step[] } {
  const { draft } = top;
  const checkpoint = { name, steps: readList(items, top) };
  draft.definition.checkpoints.push(checkpoint);
  remember(draft, checkpoint, 'name', at);
  return checkpoint;
}

/** A mapping with a name and a list of steps. */
function addNamed(item: Mapping, nameKey: string, stepsKey: string, top: Top) {
  const { report } = top;
  const known = [nameKey, stepsKey, ...(top.form.name === 'journey' ? ['position', 'description'] : [])];
  for (const { key, at } of item.entries) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    const hint = near ? `Did you mean '${near}'?` : `Known here: ${known.join(', ')}.`;
    report.error('unknown-key', `unknown key '${key}' beside '${nameKey}'`, at, hint);
  }
  const name = entryOf(item, nameKey);
  const steps = entryOf(item, stepsKey);
  if (!name || !steps) {
    const missing = name ? stepsKey : nameKey;
    return report.error(
      'missing-key',
      `'${missing}' is required beside '${name ? nameKey : stepsKey}'`,
      item,
      `Add '${missing}:'.`,
    );
  }
  if (isNothing(name.value))
    return report.error('missing-value', `'${nameKey}' has no value`, name.at, 'Write a name after the colon.');
  const text = textOf(name, report);
  if (steps.value.kind !== 'list') {
    if (isNothing(steps.value)) return reportEmpty(steps, top);
    return report.error(
      'wrong-value',
      `'${stepsKey}' is a list of steps, not ${kindOf(steps.value)}`,
      steps.value,
      'Write a dash before each step.',
    );
  }
  if (steps.value.items.length === 0) return reportEmpty(steps, top);
  const nested = steps.value.items.find((step) => nameKey === 'group' && entryOf(step, 'group'));
  if (nested)
    return report.error(
      'nested-group',
      'a group cannot stand inside another',
      nested,
      'Move it out, beside the group.',
    );
  if (text === undefined) return;
  const checkpoint = addCheckpoint(text, steps.value.items, name.value, top);
  if (top.form.name === 'journey') addDescription(checkpoint, item, top);
}

/** A checkpoint has no description of its own: it becomes a comment before its steps. */
function addDescription(checkpoint: { steps: Step[] }, item: Mapping, { draft, report }: Top): void {
  const description = entryOf(item, 'description');
  const text = description && textOf(description, report);
  if (!description || text === undefined) return;
  const step = { command: 'misc.comment', text };
  checkpoint.steps.unshift(step);
  draft.origins.set(step, { at: description.value, fields: new Map([['text', description.value]]) });
}

function addCheckpoints(entry: Entry, top: Top) {
  const { report } = top;
  if (entry.value.kind !== 'list')
    return report.error(
      'wrong-value',
      `'${entry.key}' is a list of {name, steps}, not ${kindOf(entry.value)}`,
      entry.value,
      'Write - name: … and steps: below it.',
    );
  if (entry.value.items.length === 0) return reportEmpty(entry, top);
  for (const item of top.form.name === 'journey' ? inPosition(entry.value.items, report) : entry.value.items) {
    if (item.kind === 'mapping') addNamed(item, 'name', 'steps', top);
    else
      report.error(
        'wrong-value',
        `a checkpoint is a mapping with 'name' and 'steps', not ${kindOf(item)}`,
        item,
        'Write - name: … and steps: below it.',
      );
  }
}
