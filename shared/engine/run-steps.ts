import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import { findCommand } from '../commands/index.ts';
import { conditionHolds } from './conditions.ts';
import { describeCondition } from './describe-condition.ts';
import { toStepError } from './failures.ts';
import type { Ending } from './flow-context.ts';
import type { LiveSession } from './live-session.ts';
import { runFlow } from './run-flow.ts';
import { aborted, finishStep, runStep } from './run-step.ts';
import type { StepError } from './step-error.ts';
import { answersAfter, firstOf, type ListPlace, type StepPlace, standing } from './step-place.ts';

/**
 * Runs steps in order and records each. After one that ends the list the others are recorded as not run.
 * @returns why the list ended before its time, if it did.
 */
export async function runSteps(
  live: LiveSession,
  steps: readonly Step[],
  place: ListPlace,
): Promise<Ending | undefined> {
  let ending: Ending | undefined;
  for (const [offset, step] of steps.entries()) {
    const at = placeOf(steps, offset, place);
    if (ending) addSkipped(live, step, at, `not run: ${reasonOf(ending, place)}`);
    else ending = await withDialogs(live, step, at);
  }
  return ending;
}

/** Records steps that are not run. */
export function skipSteps(live: LiveSession, steps: readonly Step[], place: ListPlace, reason: string): void {
  for (const [offset, step] of steps.entries()) addSkipped(live, step, placeOf(steps, offset, place), reason);
}

function placeOf(steps: readonly Step[], offset: number, { first, after, path, ...around }: ListPlace): StepPlace {
  const next = offset + 1 < steps.length ? firstOf(steps[offset + 1]) : after;
  const answers = answersAfter(steps, offset, after);
  return { ...around, path: [...path, first + offset], index: around.record.next++, next, answers };
}

function reasonOf({ reach, index, command }: Ending, { path }: ListPlace): string {
  const step = `step ${index} (${command})`;
  return reach === 'step' && path.length > 0 ? `${step} did not pass` : `the session ended at ${step}`;
}

/** Whose work a dialog ends: a step that looks at the page, or lies inside another, has more to do. */
const ASKING = /^(interact\.((double-|right-)?click|key|check|uncheck|select)|mouse\.(click|down|up)|dialog\.\w+)$/;

async function withDialogs(live: LiveSession, step: Step, at: StepPlace): Promise<Ending | undefined> {
  const outermost = at.path.length === 1;
  const answers = step.command.startsWith('dialog.') && step.if === undefined;
  await live.dialogs.begin({ answers, holds: outermost && ASKING.test(step.command) });
  try {
    return await runOne(live, step, at);
  } finally {
    if (outermost) live.dialogs.end();
  }
}

async function runOne(live: LiveSession, step: Step, at: StepPlace): Promise<Ending | undefined> {
  at.watch.onStepStart?.(step, Number(at.path[0]));
  const started = live.now();
  const admitted = await admits(live, step, at);
  if (admitted === false) {
    addSkipped(live, step, at, `not run: the condition does not hold: ${describeCondition(step.if as never)}`);
    return undefined;
  }
  const command = findCommand(step.command);
  if (admitted === true && command?.kind === 'flow') return await runFlow(live, step, command, at);
  const { result, ending } =
    admitted === true
      ? await runStep(live, step, at)
      : finishStep(live, step, at, { started, attempt: { error: admitted }, target: {} });
  takePicture(live, step, result, at);
  at.record.results.push(result);
  at.watch.onStep?.(result);
  return ending;
}

/** Whether the step's own condition holds, or why that cannot be told. */
async function admits(live: LiveSession, step: Step, { signal }: StepPlace): Promise<boolean | StepError> {
  if (step.if === undefined) return true;
  const timeoutMs = step.timeoutMs ?? live.config.timeout ?? configDefaults.timeout;
  try {
    return await conditionHolds(live, step.if, { timeoutMs, signal });
  } catch (error) {
    return signal.aborted
      ? aborted(signal)
      : (live.tabs.ruin() ?? toStepError(error, { command: step.command, timeoutMs, mask: live.mask.text }));
  }
}

function takePicture(live: LiveSession, step: Step, result: StepResult, at: StepPlace): void {
  const when = live.config.screenshots ?? configDefaults.screenshots;
  const bad = result.status === 'failed' || result.status === 'error';
  const wanted = step.screenshot ?? (bad ? when !== 'none' : when === 'every-step' && !at.fewPictures);
  if (!wanted || live.dialogs.pending() || live.tabs.ruin() || live.tabs.list().length === 0) return;
  if (findCommand(step.command)?.kind === 'note' && !bad && live.pictures.share(result)) return;
  live.pictures.take(result, `${at.folder}/${at.index}.jpg`);
}

/** What is not run takes nothing of what happens in the page meanwhile. */
function addSkipped(
  live: LiveSession,
  step: Step,
  { record, index, path, iterations, watch }: StepPlace,
  reason: string,
) {
  const result = live.mask.value<StepResult>({
    command: step.command,
    index,
    ...standing(path, iterations),
    status: 'skipped',
    ...(step.label === undefined ? {} : { label: step.label }),
    started_at: new Date(live.now()).toISOString(),
    duration_ms: 0,
    notes: [reason],
    console: 0,
    network: { requests: 0, failed: 0 },
  });
  record.results.push(result);
  watch.onStep?.(result);
}
