import type { Step, StepResult } from '../../schemas/step.ts';
import { counts } from '../domain/verdict.ts';
import type { LiveSession } from './live-session.ts';
import { runSteps } from './run-steps.ts';
import type { CheckpointRecord } from './step-place.ts';

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
  /** @param position of the step in the checkpoint; for a step inside others, of the outermost one. */
  onStepStart?(step: Step, position: number): void;
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
  const first = checkpoint.firstStep ?? 0;
  const record: CheckpointRecord = { results: [], next: first };
  live.memory.enter(checkpoint.name);
  const ending = await runSteps(live, checkpoint.steps, {
    record,
    path: [],
    first,
    after: undefined,
    iterations: [],
    catches: false,
    fewPictures: false,
    folder: `${live.artifactPrefix}/${checkpoint.index}`,
    signal: options.signal ?? new AbortController().signal,
    watch: options,
  });
  const { results } = record;
  const unstored = await live.pictures.stored();
  const last = results.at(-1);
  if (unstored.length > 0 && last) last.notes = [...(last.notes ?? []), ...unstored.map(live.mask.text)];
  const status = statusOf(results);
  live.memory.leave(status === 'passed');
  return { status, results, stop: ending !== undefined };
}

function statusOf(results: readonly StepResult[]): CheckpointResult['status'] {
  const broken = results.filter(counts);
  if (broken.some(({ status }) => status === 'error')) return 'error';
  return broken.length > 0 ? 'failed' : 'passed';
}
