import type { Step, StepResult } from '../../schemas/step.ts';
import type { CheckpointOptions } from './run-checkpoint.ts';

/** The results of a checkpoint so far: a step before those inside it, otherwise in the order in which they ran. */
export interface CheckpointRecord {
  readonly results: StepResult[];
  /** Number of the next step. */
  next: number;
}

/** What a list of steps and each step in it share. */
interface Surroundings {
  readonly record: CheckpointRecord;
  /** Numbers of the iterations of the loops around, from 1, the outermost first. */
  readonly iterations: readonly number[];
  /** A try around waits for a step that does not pass. */
  readonly catches: boolean;
  /** Pictures are taken of what does not pass only. */
  readonly fewPictures: boolean;
  /** Name of the checkpoint's folder of artifacts. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly watch: CheckpointOptions;
}

/** Where a list of steps stands. */
export interface ListPlace extends Surroundings {
  /** `[2, 'then']`; empty for the checkpoint's own steps. */
  readonly path: readonly (number | string)[];
  /** Position of the first step, when the list is a part of one. */
  readonly first: number;
  /** What runs after the list, as far as that is certain. */
  readonly after: Step | undefined;
}

/** Where a step stands. */
export interface StepPlace extends Surroundings {
  readonly index: number;
  /** `[2, 'then', 0]`. */
  readonly path: readonly (number | string)[];
  /** The step after it, if any, as far as that is certain. */
  readonly next: Step | undefined;
  /** The dialog steps that come right after it, in their order. */
  readonly answers: readonly Step[];
}

/** Where a result stands, when it is that of a step inside another. */
export function standing(
  path: StepPlace['path'],
  iterations: StepPlace['iterations'],
): Pick<StepResult, 'path' | 'iterations'> {
  return {
    ...(path.length > 1 ? { path: [...path] } : {}),
    ...(iterations.length > 0 ? { iterations: [...iterations] } : {}),
  };
}

/** The dialog steps right after a step of a list: the answers to what it asks, one after the other. */
export function answersAfter(steps: readonly Step[], offset: number, after: Step | undefined): Step[] {
  const answers: Step[] = [];
  for (let at = offset + 1; at <= steps.length; at++) {
    const step = at < steps.length ? steps[at] : after;
    const first = firstOf(step);
    if (first?.command.startsWith('dialog.')) answers.push(first);
    if (answers.at(-1) !== step) break;
  }
  return answers;
}

/** The step that is run first when this one is, where that is certain. */
export function firstOf(step: Step | undefined): Step | undefined {
  if (step === undefined || step.if !== undefined || step.command === 'control.if') return undefined;
  if (!step.command.startsWith('control.') || !Array.isArray(step.steps)) return step;
  const mayBeEmpty = step.over !== undefined || step.while !== undefined || typeof step.times === 'string';
  return mayBeEmpty || step.times === 0 ? undefined : firstOf((step.steps as Step[])[0]);
}
