import type { LibraryEntity } from '../../schemas/entities.ts';
import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { innerLists } from './inner-steps.ts';
import { DEEPEST_VALUE, nestingOf } from './nesting.ts';

/** Where checkpoints are looked up. */
export interface Lookup {
  find(reference: string): Promise<LibraryEntity | undefined>;
  names(): Promise<string[]>;
}

/** Why a test cannot be run with what it uses; the message is for people. */
export class UseProblem extends Error {
  override readonly name = 'UseProblem';
}

/** Library checkpoints may use others, so deep. */
const DEEPEST = 8;
/** All that a test uses may have so many steps. */
const MOST_STEPS = 10_000;

/** Looks everything up once: all tests of a run have the same versions. */
export function remembering(lookup: Lookup): Lookup {
  const found = new Map<string, Promise<LibraryEntity | undefined>>();
  return {
    names: () => lookup.names(),
    find(reference) {
      const known = found.get(reference) ?? lookup.find(reference);
      found.set(reference, known);
      return known;
    },
  };
}

/**
 * The definition with the steps of all that it uses in it, so that a run does not change with the library.
 * @throws UseProblem for what is not in the library, uses itself, or is used with the wrong variables.
 */
export async function lookUpUses(definition: TestDefinition, lookup: Lookup): Promise<TestDefinition> {
  const count = { steps: 0 };
  const expand = (steps: readonly Step[]): Promise<Step[]> => expandAll(steps, { lookup, within: [], count });
  const checkpoints = [];
  for (const checkpoint of definition.checkpoints)
    checkpoints.push({ ...checkpoint, steps: await expand(checkpoint.steps) });
  const [setup, teardown] = [await expand(definition.setup), await expand(definition.teardown)];
  return { ...definition, setup, checkpoints, teardown };
}

interface Place {
  readonly lookup: Lookup;
  /** The checkpoints around, the outermost first. */
  readonly within: readonly LibraryEntity[];
  readonly count: { steps: number };
}

async function expandAll(steps: readonly Step[], place: Place): Promise<Step[]> {
  const expanded: Step[] = [];
  for (const step of steps) expanded.push(await expandOne(step, place));
  return expanded;
}

async function expandOne(step: Step, place: Place): Promise<Step> {
  if (step.command === 'control.use' && step.steps === undefined) return await lookUp(step, place);
  const lists = innerLists(step);
  if (lists.length === 0) return step;
  const inner: Record<string, Step[]> = {};
  for (const [field, steps] of lists) inner[field] = await expandAll(steps, place);
  return { ...step, ...inner };
}

async function lookUp(step: Step, place: Place): Promise<Step> {
  const { lookup, within, count } = place;
  const reference = String(step.checkpoint);
  const found = await lookup.find(reference);
  if (!found) throw new UseProblem(await notFound(reference, lookup));
  const path = [...within, found].map(titleOf).join(' → ');
  if (within.some(({ id }) => id === found.id)) throw new UseProblem(`A library checkpoint uses itself: ${path}.`);
  if (within.length >= DEEPEST)
    throw new UseProblem(`Library checkpoints use each other more than ${DEEPEST} deep: ${path}.`);
  count.steps += found.steps.length;
  if (count.steps > MOST_STEPS)
    throw new UseProblem(`What the test uses from the library has more than ${MOST_STEPS} steps.`);
  const given = variablesFor(found, (step.with ?? {}) as Record<string, unknown>);
  const steps = await expandAll(found.steps as Step[], { ...place, within: [...within, found] });
  const complete = { ...step, checkpoint: titleOf(found), with: given, steps };
  // A checkpoint's document has the steps in a list.
  if (nestingOf([complete]) > DEEPEST_VALUE)
    throw new UseProblem(`The steps of '${path}' stand too deep inside others.`);
  return complete;
}

const titleOf = ({ name, version }: LibraryEntity): string => `${name}@${version}`;

async function notFound(reference: string, lookup: Lookup): Promise<string> {
  const names = await lookup.names();
  const name = reference.replace(/@\d+$/, '');
  if (names.includes(name)) return `The library has '${name}', but not the version '${reference}'.`;
  const near = nearest(name, names);
  const hint = near
    ? ` Did you mean '${near}'?`
    : names.length > 0
      ? ` It has ${names.slice(0, 20).join(', ')}.`
      : ' It is empty.';
  return `The library has no checkpoint '${reference}'.${hint}`;
}

/** What the checkpoint's steps see: the defaults and what was given. */
function variablesFor(found: LibraryEntity, given: Record<string, unknown>): Record<string, unknown> {
  const known = found.parameters.map(({ name }) => name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    const hint = near ? `Did you mean '${near}'?` : `It takes ${known.join(', ') || 'none'}.`;
    throw new UseProblem(`'${titleOf(found)}' takes no variable '${unknown}'. ${hint}`);
  }
  const missing = found.parameters.find((one) => !('default' in one) && !Object.hasOwn(given, one.name));
  if (missing) throw new UseProblem(`'${titleOf(found)}' needs the variable '${missing.name}': give it in 'with'.`);
  const defaults = found.parameters.flatMap((one) => ('default' in one ? [[one.name, one.default]] : []));
  return { ...Object.fromEntries(defaults), ...given };
}
