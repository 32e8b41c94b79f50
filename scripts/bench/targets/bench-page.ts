import type { Purpose } from '../../../shared/engine/step-context.ts';
import type { Target } from '../../../shared/engine/target.ts';

/**
 * What a target must be resolved to: a selector that the right element matches and no wrong one does; `ambiguous` when
 * nobody could tell, and `none` when the page has no such thing.
 */
export type Answer = string;

/** A target as the author of a test would write it, the right answer, and what the element is wanted for. */
export type TargetCase = readonly [target: Target, answer: Answer, purpose?: Purpose];

/** A page of the benchmark with what is to be found on it. */
export interface BenchPage {
  readonly name: string;
  /** Pages of a group are reported together. */
  readonly group: string;
  readonly html: string;
  /** Purpose of the cases that name none; default `interact`. */
  readonly purpose?: Purpose;
  /** Name of the frame in which the targets are looked for. */
  readonly frame?: string;
  readonly cases: readonly TargetCase[];
}
