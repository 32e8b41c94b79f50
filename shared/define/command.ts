import type { Static, TObject } from 'typebox';
import type { Step } from '../../schemas/step.ts';
import type { StepContext } from '../engine/step-context.ts';
import type { Aliases } from '../test-files/shapes.ts';

/**
 * What a command gives back when it could be executed. A command that cannot be executed throws a StepError.
 * `passed: false` is for assertions that do not hold, with what was expected and what was found.
 */
export interface StepOutcome {
  readonly passed?: boolean;
  readonly value?: unknown;
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** The session ends after this step, without having failed. */
  readonly stop?: boolean;
}

/** One command of the vocabulary: everything there is to say about it stands in its definition. */
export interface CommandDefinition<Fields extends TObject = TObject> {
  /** `group.verb`. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** `assertion` may fail; `action` may change the page; `read` and `note` never do. */
  readonly kind: 'assertion' | 'action' | 'read' | 'note';
  /** JSON Schema of the command's own fields, without those that every step takes. */
  readonly fields: Fields;
  /** Steps that are valid as they stand, each run by a test. */
  readonly examples: readonly Step[];
  /** How test files write the command. */
  readonly aliases?: Aliases;
  /** Milliseconds that the step takes by its author's wish; they come on top of its timeout. */
  lasts?(fields: Static<Fields>): number;
  run(fields: Static<Fields>, context: StepContext): Promise<StepOutcome | undefined>;
}

/** Declares a command; the type of `run`'s fields follows from their schema. */
export function defineCommand<Fields extends TObject>(definition: CommandDefinition<Fields>): CommandDefinition {
  return definition as unknown as CommandDefinition;
}
