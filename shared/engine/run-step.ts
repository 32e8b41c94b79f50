import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import { dialogAnswer } from '../commands/dialog.ts';
import { findCommand } from '../commands/index.ts';
import type { CommandDefinition, StepOutcome } from '../define/command.ts';
import { toStepError } from './failures.ts';
import type { Ending } from './flow-context.ts';
import type { LiveSession } from './live-session.ts';
import { asGiven } from './parse-target.ts';
import { resolveFields } from './resolve-fields.ts';
import { type RunningStep, stepContext } from './running-step.ts';
import type { DialogAnswer } from './step-context.ts';
import { StepError } from './step-error.ts';
import { type StepPlace, standing } from './step-place.ts';
import type { Target } from './target.ts';
import { sleepUntil, unlessAborted } from './waiting.ts';

export interface StepEnd {
  readonly result: StepResult;
  /** Why the steps after it are not run, if so. */
  readonly ending: Ending | undefined;
}

/** What one try came to. */
export interface Attempt {
  readonly outcome?: StepOutcome;
  readonly error?: StepError;
}

/** How long a crash may be behind the navigation that it ended. */
const CRASH_MS = 250;
/** Playwright's own timeout says more than ours: it comes first by this much. */
const GRACE_MS = 400;

/** Runs one step to its end, retries included. It never throws: what goes wrong is in the result. */
export async function runStep(live: LiveSession, step: Step, place: StepPlace): Promise<StepEnd> {
  const started = live.now();
  const target: RunningStep['target'] = { healing: { taken: new Map() } };
  const command = findCommand(step.command);
  const attempt =
    command && command.kind !== 'flow'
      ? await attempts(live, command, step, place, target)
      : { error: unknownCommand(step.command) };
  const end = finishStep(live, step, place, { started, attempt, target });
  // The fingerprint of what was healed stays the one of the element that its author meant.
  if (end.result.status === 'passed' && !target.healing.healed)
    for (const [given, print] of target.healing.taken) live.memory.learn(given, print);
  return end;
}

/** The record of a step that has ended, and what that means for those after it. */
export function finishStep(live: LiveSession, step: Step, place: StepPlace, story: Story): StepEnd {
  const result = record(live, step, place, story);
  return { result, ending: endingOf(live, step, result, story.attempt, place) };
}

async function attempts(
  live: LiveSession,
  command: CommandDefinition,
  step: Step,
  place: StepPlace,
  target: RunningStep['target'],
): Promise<Attempt> {
  const most = 1 + (step.retry?.count ?? 0);
  for (let number = 1; ; number++) {
    const attempt = await tryOnce(live, command, step, place, target);
    const good = !attempt.error && attempt.outcome?.passed !== false;
    const hopeless = attempt.error && (attempt.error.type === 'aborted' || live.tabs.ruin() !== undefined);
    if (good && number > 1) live.notes.push(`passed at attempt ${number} of ${most}`);
    if (good || hopeless || number === most) return attempt;
    const paused = await sleepUntil(step.retry?.delayMs ?? 0, place.signal).then(
      () => true,
      () => false,
    );
    if (!paused) return { error: aborted(place.signal) };
  }
}

async function tryOnce(
  live: LiveSession,
  command: CommandDefinition,
  step: Step,
  place: StepPlace,
  target: RunningStep['target'],
): Promise<Attempt> {
  let timeoutMs = step.timeoutMs ?? live.config.timeout ?? configDefaults.timeout;
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(aborted(place.signal));
  let timer: NodeJS.Timeout | undefined;
  try {
    if (place.signal.aborted) throw aborted(place.signal);
    place.signal.addEventListener('abort', onAbort, { once: true });
    live.tabs.onRuin((error) => controller.abort(error));
    const fields = resolveFields(command, step, live.sources);
    const isAnswer = step.command.startsWith('dialog.');
    live.dialogs.ahead(comingAnswers(live, isAnswer ? [step, ...place.answers] : place.answers), isAnswer);
    timeoutMs += command.lasts?.(fields) ?? 0;
    timer = setTimeout(() => controller.abort(outOfTime(timeoutMs)), timeoutMs + GRACE_MS);
    if (command.kind === 'action' && step.target === undefined) await live.pictures.settled();
    if (command.name === 'navigate.to' && live.tabs.list().length === 0) await live.tabs.start();
    const running = {
      command,
      signal: controller.signal,
      deadline: live.now() + timeoutMs,
      target,
      artifactFolder: place.folder,
    };
    const work = unlessAborted(command.run(fields, stepContext(live, running)), controller.signal);
    return { outcome: (await Promise.race([work, live.dialogs.opened()])) ?? {} };
  } catch (error) {
    const closed = closedByItself(live, command, error);
    if (closed) return closed;
    const found = toStepError(error, { command: step.command, timeoutMs, mask: live.mask.text });
    if (found.type === 'navigation-failed') await ruinMayCome(live);
    return { error: live.tabs.ruin() ?? found };
  } finally {
    clearTimeout(timer);
    live.tabs.onRuin(undefined);
    place.signal.removeEventListener('abort', onAbort);
  }
}

/** A renderer that crashes ends a navigation a moment before it is known to have crashed. */
async function ruinMayCome(live: LiveSession): Promise<void> {
  if (live.tabs.ruin()) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, CRASH_MS);
    live.tabs.onRuin(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A click on "Close" closes the tab that it is still busy in: the page did what it was asked. */
function closedByItself(live: LiveSession, command: CommandDefinition, error: unknown): Attempt | undefined {
  const closed = error instanceof Error && /has been closed|Target closed/.test(error.message);
  const mayClose = /^(interact\.(click|double-click|key)|mouse\.(down|up)|misc\.execute)$/.test(command.name);
  if (!closed || !mayClose || live.tabs.ruin()) return undefined;
  return { outcome: {} };
}

/** The answers that dialog steps hold ready, up to the first that cannot be read: it says itself why, in its turn. */
function comingAnswers(live: LiveSession, steps: readonly Step[]): DialogAnswer[] {
  const answers: DialogAnswer[] = [];
  for (const step of steps) {
    const command = findCommand(step.command);
    try {
      if (!command) break;
      answers.push(dialogAnswer({ command: step.command, ...resolveFields(command, step, live.sources) }));
    } catch {
      break;
    }
  }
  return answers;
}

export interface Story {
  readonly started: number;
  readonly attempt: Attempt;
  readonly target: Partial<RunningStep['target']>;
}

function record(
  live: LiveSession,
  step: Step,
  { index, path, iterations }: StepPlace,
  { started, attempt, target }: Story,
): StepResult {
  const { outcome, error } = attempt;
  const failed = outcome?.passed === false;
  const status = error ? 'error' : failed ? 'failed' : 'passed';
  const spared = step.optional === true && status !== 'passed';
  if (spared) live.notes.push(`optional: ${error ? error.message : 'the assertion did not hold'}`);
  const { problems, ...activity } = live.activity.take();
  const notes = live.notes.splice(0);
  const result: StepResult = {
    command: step.command,
    index,
    ...standing(path, iterations),
    status: spared ? 'skipped' : status,
    ...(step.label === undefined ? {} : { label: step.label }),
    started_at: new Date(started).toISOString(),
    duration_ms: Math.max(0, Math.round(live.now() - started)),
    ...(step.target === undefined ? {} : { target: targetRecord(step.target as Target, target, error) }),
    ...(target.healing?.healed ? { healed: target.healing.healed } : {}),
    ...(error && target.healing?.proposed ? { proposed: target.healing.proposed } : {}),
    ...(outcome?.value === undefined ? {} : { value: outcome.value }),
    ...(outcome && 'expected' in outcome ? { expected: outcome.expected ?? null } : {}),
    ...(outcome && 'actual' in outcome ? { actual: outcome.actual ?? null } : {}),
    ...(error
      ? { error: { type: error.type, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } }
      : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(outcome?.artifacts === undefined ? {} : { artifacts: [...outcome.artifacts] }),
    ...activity,
    ...(problems.length > 0 ? { problems } : {}),
  };
  return live.mask.value(result);
}

function targetRecord(
  given: Target,
  { found }: Story['target'],
  error: StepError | undefined,
): NonNullable<StepResult['target']> {
  return { given: asGiven(given), ...found, ...(error?.candidates ? { candidates: [...error.candidates] } : {}) };
}

function endingOf(
  live: LiveSession,
  step: Step,
  { status }: StepResult,
  { outcome, error }: Attempt,
  { index, catches }: StepPlace,
): Ending | undefined {
  const end = (reach: Ending['reach']): Ending => ({ reach, index, command: step.command });
  if (live.tabs.ruin() || error?.type === 'aborted') return end('instance');
  if (outcome?.stop) return end('session');
  if ((status !== 'failed' && status !== 'error') || step.onFailure === 'continue') return undefined;
  if (step.onFailure === 'stop') return end('session');
  const leaves = catches || (status === 'error' && (live.config.onFailure ?? configDefaults.onFailure) === 'stop');
  return leaves ? end('step') : undefined;
}

/** Why a step was not run to its end, by what ended it. */
export const aborted = ({ reason }: AbortSignal): StepError =>
  reason instanceof Error && reason.name === 'TimeoutError'
    ? new StepError('aborted', "the test's time was over while the step ran", {
        hint: 'Raise config.testTimeout, or split the test.',
      })
    : new StepError('aborted', 'the run was ended while the step ran', { hint: 'Start it again.' });

const outOfTime = (timeoutMs: number): StepError =>
  new StepError('timeout', `the step did not end in ${timeoutMs} ms`, {
    hint: 'The page is busy or waits for something. Give the step a longer timeoutMs if that is as it should be.',
  });

function unknownCommand(name: string): StepError {
  return new StepError('unknown-command', `there is no command '${name}'`, { hint: 'See the catalogue of commands.' });
}
