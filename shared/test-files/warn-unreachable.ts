import type { Step } from '../../schemas/step.ts';
import { innerLists } from '../domain/inner-steps.ts';
import { stepsOf } from './check-definition.ts';
import { type Draft, placeOf } from './draft.ts';
import type { Report } from './report.ts';

/** Tells of steps that no run can reach: those after an end, and those of a loop that runs no time. */
export function warnOfUnreachable(draft: Draft, report: Report): void {
  const { setup, checkpoints } = draft.definition;
  const main = checkpoints.flatMap(({ steps }, at) =>
    steps.map((step, i) => ({ step, at: `/checkpoints/${at}/steps/${i}` })),
  );
  const session = [...setup.map((step, i) => ({ step, at: `/setup/${i}` })), ...main];
  warnAfterEnd(session, draft, report);
  for (const [pointer, step] of stepsOf(draft)) {
    for (const [field, steps] of innerLists(step))
      warnAfterEnd(
        steps.map((inner, i) => ({ step: inner, at: `${pointer}/${field}/${i}` })),
        draft,
        report,
      );
    if (step.command === 'control.loop' && runsNoTime(step))
      report.warn(
        'unreachable-steps',
        'the loop never runs its steps',
        placeOf(draft, pointer, false),
        'Remove the loop.',
      );
  }
}

const runsNoTime = ({ times, over }: Step): boolean => times === 0 || (Array.isArray(over) && over.length === 0);

function warnAfterEnd(steps: readonly { step: Step; at: string }[], draft: Draft, report: Report): void {
  const end = steps.findIndex(({ step }) => step.command === 'control.stop' && step.if === undefined);
  const next = end < 0 ? undefined : steps[end + 1];
  if (!next) return;
  const rest = steps.length - end - 1;
  const message = `the session has ended before: ${rest === 1 ? 'this step is' : `these ${rest} steps are`} never run`;
  report.warn('unreachable-steps', message, placeOf(draft, next.at, false), "Remove them, or the 'stop' before them.");
}
