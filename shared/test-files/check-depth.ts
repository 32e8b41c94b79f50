import { withoutInner } from '../domain/inner-steps.ts';
import { DEEPEST_VALUE, nestingOf } from '../domain/nesting.ts';
import { stepsOf } from './check-definition.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';

/** Tells of steps that stand too deep inside others to be stored. */
export function checkDepth(draft: Draft, report: Report): void {
  for (const [pointer, step] of stepsOf(draft)) {
    // The definition, and a list or mapping for each part of the pointer, stand around what the step says.
    const depth = pointer.split('/').length + nestingOf(withoutInner(step)) - 1;
    if (depth <= DEEPEST_VALUE) continue;
    const hint = 'Put fewer steps inside steps.';
    report.error('too-deep', 'the step stands too deep inside others', placeOf(draft, pointer, false), hint);
    return;
  }
}
