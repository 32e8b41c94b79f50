import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import type { FlowDefinition } from '../define/command.ts';
import { counts, isCause } from '../domain/verdict.ts';
import { conditionHolds } from './conditions.ts';
import { toStepError } from './failures.ts';
import type { Ending, FlowContext, FlowOutcome, NestedOptions } from './flow-context.ts';
import type { LiveSession } from './live-session.ts';
import { resolveFields } from './resolve-fields.ts';
import { aborted, finishStep } from './run-step.ts';
import { runSteps, skipSteps } from './run-steps.ts';
import type { StepError } from './step-error.ts';
import type { ListPlace, StepPlace } from './step-place.ts';
import { sleepUntil } from './waiting.ts';

/** From so many results on a checkpoint's loops record only what they must. */
const MANY_RESULTS = 1000;

interface Attempt {
  readonly outcome?: FlowOutcome;
  readonly error?: StepError;
  readonly inner: readonly StepResult[];
}

/** Runs a step that runs the steps inside it, retries included; its result stands before theirs. */
export async function runFlow(
  live: LiveSession,
  step: Step,
  command: FlowDefinition,
  at: StepPlace,
): Promise<Ending | undefined> {
  const started = live.now();
  const { results } = at.record;
  const before = results.length;
  const notes: string[] = [];
  const attempt = await attempts(live, step, command, at, notes);
  live.notes.push(...notes);
  const end = finishStep(live, step, at, { started, attempt, target: {} });
  const { result, ending } = settle(step, end, attempt);
  const own = (result.status === 'failed' || result.status === 'error') && !result.inherited;
  const wanted = step.screenshot ?? (own && (live.config.screenshots ?? configDefaults.screenshots) !== 'none');
  if (wanted && !live.tabs.ruin() && live.tabs.list().length > 0)
    live.pictures.take(result, `${at.folder}/${at.index}.jpg`);
  results.splice(before, 0, result);
  at.watch.onStep?.(result);
  return ending;
}

/** What the steps inside make of the step: its status, and whether what ended them ends more. */
function settle(
  step: Step,
  { result, ending }: { result: StepResult; ending: Ending | undefined },
  { outcome, inner }: Attempt,
): { result: StepResult; ending: Ending | undefined } {
  const broken = inner.filter(counts);
  const worst = broken.find(({ status }) => status === 'error') ?? broken[0];
  const left = outcome?.ending;
  const final = left !== undefined && left.reach !== 'step';
  // An own failure, or none at all, is treated as that of any step.
  if (result.status !== 'passed' || !worst) return { result, ending: final ? left : ending };
  if (step.optional && !final) {
    for (const one of broken) one.spared = 'optional';
    const notes = [...(result.notes ?? []), 'optional: a step inside did not pass'];
    return { result: { ...result, status: 'skipped', notes }, ending: undefined };
  }
  const { index } = result;
  const stopped: Ending = { reach: 'session', index, command: step.command };
  const goesOn = final ? left : step.onFailure === 'stop' ? stopped : step.onFailure === 'continue' ? undefined : left;
  return { result: { ...result, status: worst.status, inherited: true }, ending: goesOn };
}

async function attempts(
  live: LiveSession,
  step: Step,
  command: FlowDefinition,
  at: StepPlace,
  notes: string[],
): Promise<Attempt> {
  const most = 1 + (step.retry?.count ?? 0);
  for (let number = 1; ; number++) {
    const attempt = await tryOnce(live, step, command, at, notes);
    const { outcome, error, inner } = attempt;
    const good = !error && outcome?.passed !== false && !inner.some(counts);
    const over = error?.type === 'aborted' || (outcome?.ending && outcome.ending.reach !== 'step');
    if (good && number > 1) notes.push(`passed at attempt ${number} of ${most}`);
    if (good || over || number === most || live.tabs.ruin()) return attempt;
    for (const one of inner.filter(counts)) one.spared = 'retry';
    const paused = await sleepUntil(step.retry?.delayMs ?? 0, at.signal).then(
      () => true,
      () => false,
    );
    if (!paused) return { error: aborted(at.signal), inner: [] };
  }
}

async function tryOnce(
  live: LiveSession,
  step: Step,
  command: FlowDefinition,
  at: StepPlace,
  notes: string[],
): Promise<Attempt> {
  const { results } = at.record;
  const before = results.length;
  const timeoutMs = step.timeoutMs ?? live.config.timeout ?? configDefaults.timeout;
  try {
    if (at.signal.aborted) throw aborted(at.signal);
    const fields = resolveFields(command, step, live.sources);
    const outcome = await command.run(fields, flowContext(live, step, at, notes));
    return { outcome, inner: results.slice(before) };
  } catch (error) {
    const known = at.signal.aborted ? aborted(at.signal) : live.tabs.ruin();
    return {
      error: known ?? toStepError(error, { command: step.command, timeoutMs, mask: live.mask.text }),
      inner: results.slice(before),
    };
  }
}

function flowContext(live: LiveSession, step: Step, at: StepPlace, notes: string[]): FlowContext {
  const { results } = at.record;
  const listPlace = (branch: string, options: NestedOptions = {}): ListPlace => ({
    ...at,
    path: [...at.path, branch],
    first: 0,
    iterations: options.iteration === undefined ? at.iterations : [...at.iterations, options.iteration],
    catches: options.catches ?? at.catches,
    fewPictures: at.fewPictures || options.fewPictures === true,
    after: 'next' in options ? options.next : at.next,
  });
  return {
    holds: (condition) =>
      conditionHolds(live, condition, {
        waitMs: step.timeoutMs,
        timeoutMs: step.timeoutMs ?? live.config.timeout ?? configDefaults.timeout,
        signal: at.signal,
      }),
    async steps(steps, branch, options) {
      const before = results.length;
      const ending = await runSteps(live, steps, listPlace(branch, options));
      const ran = results.slice(before);
      return { results: ran, ending, failure: ran.find(isCause) };
    },
    skip: (steps, branch, reason) => skipSteps(live, steps, listPlace(branch), reason),
    spare: ({ results: ran }) => {
      for (const one of ran.filter(counts)) one.spared = 'try';
    },
    forget({ results: [first, ...more] }) {
      if (first) results.splice(results.indexOf(first), 1 + more.length);
    },
    full: () => results.length >= MANY_RESULTS,
    scope: (variables, work) => scoped(live, variables, work),
    note: (sentence) => void notes.push(sentence),
  };
}

async function scoped<T>(
  { variables }: LiveSession,
  given: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(given).map(
    (name) => [name, variables.has(name) ? variables.get(name) : undefined] as const,
  );
  for (const [name, value] of Object.entries(given)) variables.set(name, value);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) variables.delete(name);
      else variables.set(name, value);
    }
  }
}
