import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import { innerLists } from '../domain/inner-steps.ts';
import { stepsOf } from './check-definition.ts';
import type { Place } from './located.ts';
import { type Block, copyOf } from './read-blocks.ts';
import type { Top } from './top-keys.ts';

/** The blocks of a file may come to so many steps where they are used. */
const MOST_STEPS = 10_000;

/** Puts the steps of the file's blocks where they are used. What no block is comes from the library when it is run. */
export function useBlocks(top: Top): void {
  const { blocks, draft, report } = top;
  const used = new Set<string>();
  const count = { steps: 0 };
  for (const step of [...stepsOf(draft)].map(([, each]) => each)) fill(step, { top, within: [], used, count });
  for (const { name, at, isIncluded } of blocks.values())
    if (!isIncluded && !used.has(name))
      report.warn('unused-block', `the block '${name}' is not used`, at, `Use it with use: ${name}, or remove it.`);
}

interface Filling {
  readonly top: Top;
  /** The blocks around, the outermost first. */
  readonly within: readonly Block[];
  readonly used: Set<string>;
  readonly count: { steps: number };
}

function fill(step: Step, filling: Filling) {
  const { top, within, used, count } = filling;
  if (step.command !== 'control.use' || step.steps !== undefined) return;
  const name = String(step.checkpoint);
  const at = placeOfName(step, top);
  const block = top.blocks.get(name);
  if (!block) return warnOfName(name, at, top);
  used.add(name);
  if (within.includes(block)) {
    const path = [...within, block].map((one) => one.name).join(' → ');
    return top.report.error('circular-use', `the block uses itself: ${path}`, at, 'Remove one of these uses.');
  }
  count.steps += block.steps.length;
  if (count.steps > MOST_STEPS) {
    if (count.steps - block.steps.length <= MOST_STEPS)
      top.report.error('too-many-steps', `the blocks come to more than ${MOST_STEPS} steps`, at, 'Use fewer of them.');
    return;
  }
  giveParameters(step, block, at, top);
  const steps = copyOf(block, top);
  step.steps = steps;
  fillAll(steps, { ...filling, within: [...within, block] });
}

function fillAll(steps: readonly Step[], filling: Filling): void {
  for (const step of steps) {
    fill(step, filling);
    // What was filled in has been filled as a whole.
    if (step.command !== 'control.use') for (const [, inner] of innerLists(step)) fillAll(inner, filling);
  }
}

/** The names are in the file, so what a block does not take is known at once. */
function giveParameters(step: Step, block: Block, at: Place, { report }: Top): void {
  if (!block.parameters) return;
  const given = (step.with ?? {}) as Record<string, unknown>;
  const known = Object.keys(block.parameters);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near ? `Did you mean '${near}'?` : `It takes ${known.join(', ') || 'none'}.`;
    report.error('unknown-parameter', `the block '${block.name}' takes no variable '${name}'`, at, hint);
  }
  const whole = { ...block.parameters, ...given };
  for (const name of known)
    if (whole[name] === null)
      report.error(
        'missing-parameter',
        `the block '${block.name}' needs the variable '${name}'`,
        at,
        `Add it to 'with'.`,
      );
  step.with = whole;
}

function placeOfName(step: Step, { draft }: Top): Place {
  const origin = draft.origins.get(step);
  return origin?.fields.get('checkpoint') ?? origin?.at ?? { start: 0, end: 0 };
}

function warnOfName(name: string, at: Place, { blocks, report }: Top): void {
  const near = nearest(name, [...blocks.keys()]);
  if (near)
    report.warn(
      'unknown-block',
      `the file has no block '${name}': it is looked up in the library`,
      at,
      `Did you mean '${near}'?`,
    );
}
