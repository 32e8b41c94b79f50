import type { Condition } from '../../schemas/condition.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import type { StepOutcome } from '../define/command.ts';

/** Why the steps after one are not run. */
export interface Ending {
  /**
   * How far it reaches: out of the step around, until a try catches it or an option holds it (`step`); to the end of
   * the session, past every try (`session`); or nothing can be run any more, not even a `finally` (`instance`).
   */
  readonly reach: 'step' | 'session' | 'instance';
  /** The step that brought it about. */
  readonly index: number;
  readonly command: string;
}

/** What became of steps inside a step. */
export interface Ran {
  readonly results: readonly StepResult[];
  /** Set when not all of them were run. */
  readonly ending: Ending | undefined;
  /** The first failure that counts. */
  readonly failure: StepResult | undefined;
}

/** What a command that runs steps came to. */
export interface FlowOutcome extends Omit<StepOutcome, 'stop'> {
  readonly ending?: Ending | undefined;
}

/** How steps inside a step are run. */
export interface NestedOptions {
  /** Ends at the first step that does not pass, so that the command can react to it. */
  readonly catches?: boolean;
  /** Number of the iteration, from 1. */
  readonly iteration?: number;
  /** What runs right after them inside the same command, undefined when that is uncertain; default: what comes after it. */
  readonly next?: Step | undefined;
  /** Pictures are taken of what does not pass only. */
  readonly fewPictures?: boolean;
}

/** What a command that runs the steps inside its own works with. */
export interface FlowContext {
  /** Whether the condition holds: one look, or looks until the step's own `timeoutMs` is over. @throws StepError. */
  holds(condition: Condition): Promise<boolean>;
  /** Runs steps that stand in the field `branch`. */
  steps(steps: readonly Step[], branch: string, options?: NestedOptions): Promise<Ran>;
  /** Records steps that are not run, and why. */
  skip(steps: readonly Step[], branch: string, reason: string): void;
  /** Failures among these results do not count any more: a try has caught them. */
  spare(ran: Ran): void;
  /** Takes results out of the record, which is bounded. */
  forget(ran: Ran): void;
  /** True when the record should not grow any more than it must. */
  full(): boolean;
  /** Sets variables for as long as the work takes. */
  scope<T>(variables: Readonly<Record<string, unknown>>, work: () => Promise<T>): Promise<T>;
  /** Adds a sentence to the step's record. */
  note(sentence: string): void;
}
