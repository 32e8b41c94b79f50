import { nearest } from '../../schemas/problems.ts';
import { stepsOf } from './check-definition.ts';
import type { Draft } from './draft.ts';
import type { Report } from './report.ts';

/** Tells of steps that use what the library does not have just now: it may have it when the test is run. */
export function warnOfLibrary(draft: Draft, names: readonly string[], report: Report): void {
  for (const [, step] of stepsOf(draft)) {
    if (step.command !== 'control.use' || step.steps !== undefined || typeof step.checkpoint !== 'string') continue;
    const name = step.checkpoint.replace(/@\d+$/, '');
    if (step.checkpoint.startsWith('lib_') || names.includes(name)) continue;
    const origin = draft.origins.get(step);
    const at = origin?.fields.get('checkpoint') ?? origin?.at ?? { start: 0, end: 0 };
    const near = nearest(name, names);
    const hint = near ? `Did you mean '${near}'?` : 'Store it with POST /v1/library before the test is run.';
    report.warn('unknown-checkpoint', `the library has no checkpoint '${step.checkpoint}'`, at, hint);
  }
}
