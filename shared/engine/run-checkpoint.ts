import type { Step, StepResult } from '../../schemas/step.ts';
import { configDefaults } from '../../schemas/test-definition.ts';
import { findCommand } from '../commands/index.ts';
import type { LiveSession } from './live-session.ts';
import { runStep } from './run-step.ts';

export interface CheckpointInput {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Position in the session, from 0: names the folder of its artifacts. */
  readonly index: number;
  /** Number of the first step, when the steps are a part of a checkpoint; default 0. */
  readonly firstStep?: number;
}

export interface CheckpointOptions {
  /** Ends the checkpoint promptly. */
  readonly signal?: AbortSignal;
  onStepStart?(step: Step, index: number): void;
  /** The result may still lose its picture, when none can be taken. */
  onStep?(result: StepResult): void;
}

export interface CheckpointResult {
  readonly status: 'passed' | 'failed' | 'error';
  readonly results: StepResult[];
  /** The session must end: no further checkpoint can run. */
  readonly stop: boolean;
}

/** Runs the steps in order. Every step gets a result; it never throws for what happens in a page. */
export async function runCheckpoint(
  live: LiveSession,
  checkpoint: CheckpointInput,
  options: CheckpointOptions,
): Promise<CheckpointResult> {
  const signal = options.signal ?? new AbortController().signal;
  const folder = `${live.artifactPrefix}/${checkpoint.index}`;
  const results: StepResult[] = [];
  let ended: string | undefined;
  for (const [offset, step] of checkpoint.steps.entries()) {
    const index = (checkpoint.firstStep ?? 0) + offset;
    if (ended !== undefined) {
      results.push(skipped(live, step, index, ended));
      options.onStep?.(results.at(-1) as StepResult);
      continue;
    }
    options.onStepStart?.(step, index);
    const { result, stop } = await runStep(live, step, { index, next: checkpoint.steps[offset + 1], folder, signal });
    takePicture(live, step, result, `${folder}/${index}.jpg`);
    results.push(result);
    options.onStep?.(result);
    if (stop) ended = `not run: the session ended at step ${index} (${step.command})`;
  }
  const unstored = await live.pictures.stored();
  const last = results.at(-1);
  if (unstored.length > 0 && last) last.notes = [...(last.notes ?? []), ...unstored.map(live.mask.text)];
  return { status: statusOf(results), results, stop: ended !== undefined };
}

function takePicture(live: LiveSession, step: Step, result: StepResult, name: string): void {
  const when = live.config.screenshots ?? configDefaults.screenshots;
  const bad = result.status === 'failed' || result.status === 'error';
  const wanted = step.screenshot ?? (when === 'every-step' || (when === 'failures' && bad));
  if (!wanted || live.tabs.ruin() || live.tabs.list().length === 0) return;
  if (findCommand(step.command)?.kind === 'note' && !bad && live.pictures.share(result)) return;
  live.pictures.take(result, name);
}

function skipped(live: LiveSession, step: Step, index: number, reason: string): StepResult {
  return live.mask.value<StepResult>({
    command: step.command,
    index,
    status: 'skipped',
    ...(step.label === undefined ? {} : { label: step.label }),
    started_at: new Date(live.now()).toISOString(),
    duration_ms: 0,
    notes: [reason],
    console: 0,
    network: { requests: 0, failed: 0 },
  });
}

function statusOf(results: readonly StepResult[]): CheckpointResult['status'] {
  if (results.some(({ status }) => status === 'error')) return 'error';
  return results.some(({ status }) => status === 'failed') ? 'failed' : 'passed';
}
