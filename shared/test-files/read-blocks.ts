import type { Step } from '../../schemas/step.ts';
import { keepStep, type ReadStep } from './draft.ts';
import { type Entry, entryOf, isNothing, kindOf, type Located, type Mapping, type Place, plain } from './located.ts';
import { readStep } from './read-step.ts';
import type { Top } from './top-keys.ts';

/** Steps of a file that its steps use by name. */
export interface Block {
  readonly name: string;
  readonly at: Place;
  readonly steps: readonly ReadStep[];
  /** It stands in another file, which others may use too. */
  readonly isIncluded?: boolean;
  /** What `with` may give, null where it must; undefined takes anything. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
}

const written = 'Write NAME: with a list of steps below it, or NAME: {with: {PARAMETER: DEFAULT}, do: [STEPS]}.';

/** Reads `blocks`: names with lists of steps. */
export function readBlocks({ key, value }: Entry, top: Top, isIncluded = false) {
  const { report } = top;
  if (value.kind !== 'mapping')
    return report.error('wrong-value', `'${key}' is a mapping of names, not ${kindOf(value)}`, value, written);
  for (const entry of value.entries) {
    const body =
      entry.value.kind === 'mapping' ? bodyOf(entry.value, top) : { list: entry.value, parameters: undefined };
    if (!body) continue;
    const steps = readList(entry, body.list, top);
    if (steps.length > 0)
      addBlock({ name: entry.key, at: entry.at, steps, isIncluded, parameters: body.parameters }, top);
  }
}

function addBlock(block: Block, { blocks, report }: Top): void {
  if (blocks.has(block.name))
    report.error('duplicate-block', `two blocks are named '${block.name}'`, block.at, 'Give each a name of its own.');
  blocks.set(block.name, block);
}

/** A list of steps in a file of its own is a block of the file's name. */
export function readBlockFile(name: string, list: Located, at: Place, top: Top): void {
  const steps = readList({ key: name, at, value: list }, list, top);
  if (steps.length > 0) addBlock({ name, at, steps, isIncluded: true, parameters: undefined }, top);
}

function bodyOf(mapping: Mapping, { report }: Top): (Pick<Block, 'parameters'> & { list: Located }) | undefined {
  const list = entryOf(mapping, 'do') ?? entryOf(mapping, 'steps');
  const given = entryOf(mapping, 'with');
  for (const entry of mapping.entries)
    if (entry !== list && entry !== given)
      report.error('unknown-key', `unknown key '${entry.key}' in a block`, entry.at, 'Known here: with, do.');
  if (given && given.value.kind !== 'mapping')
    report.error('wrong-value', `'with' is a mapping, not ${kindOf(given.value)}`, given.value, written);
  if (!list) report.error('missing-key', "the block has no 'do'", mapping, written);
  const parameters = given?.value.kind === 'mapping' ? (plain(given.value) as Record<string, unknown>) : {};
  return list && { list: list.value, parameters };
}

function readList({ key, at }: Entry, list: Located, { form, report }: Top): ReadStep[] {
  if (list.kind === 'list' && list.items.length > 0)
    return list.items.flatMap((item) => readStep(item, form.name, report) ?? []);
  if (list.kind === 'list' || isNothing(list))
    report.error('empty-steps', `the block '${key}' has no steps`, at, 'Write at least one step.');
  else report.error('wrong-value', `a block is a list of steps, not ${kindOf(list)}`, list, written);
  return [];
}

/** A copy of a block's steps, for one place where they are used; problems with them are told where the block stands. */
export function copyOf({ steps }: Block, top: Top): Step[] {
  return steps.map((read) => keepStep(top.draft, copyStep(read)));
}

function copyStep({ step, origin, inner = [] }: ReadStep): ReadStep {
  const copies = inner.map(copyStep);
  const copyOfInner = new Map(inner.map((one, at) => [one.step, copies[at]?.step]));
  const fields = Object.entries(step).map(([field, value]) => [
    field,
    Array.isArray(value) ? value.map((item) => copyOfInner.get(item as Step) ?? item) : value,
  ]);
  return { step: Object.fromEntries(fields) as Step, origin, inner: copies };
}
