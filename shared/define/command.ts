import type { Static, TObject } from 'typebox';
import type { Step, StepOptions, StepResult } from '../../schemas/step.ts';
import type { FlowContext, FlowOutcome } from '../engine/flow-context.ts';
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
  /** What the command kept. */
  readonly artifacts?: NonNullable<StepResult['artifacts']>;
  /** The session ends after this step, without having failed. */
  readonly stop?: boolean;
}

/** What every command says of itself, however it runs. */
interface Described<Fields extends TObject> {
  /** `group.verb`. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  /** JSON Schema of the command's own fields, without those that every step takes. */
  readonly fields: Fields;
  /** Steps that are valid as they stand, each run by a test. */
  readonly examples: readonly Step[];
  /** How test files write the command. */
  readonly aliases?: Aliases;
}

/** One command of the vocabulary: everything there is to say about it stands in its definition. */
export interface CommandDefinition<Fields extends TObject = TObject> extends Described<Fields> {
  /** `assertion` may fail; `action` may change the page; `read` and `note` never do. */
  readonly kind: 'assertion' | 'action' | 'read' | 'note';
  /** Milliseconds that the step takes by its author's wish; they come on top of its timeout. */
  lasts?(fields: Static<Fields>): number;
  run(fields: Static<Fields>, context: StepContext): Promise<StepOutcome | undefined>;
}

/** A command that runs the steps inside its own: a branch, a loop. Its fields of steps and conditions come as they are written. */
export interface FlowDefinition<Fields extends TObject = TObject> extends Described<Fields> {
  readonly kind: 'flow';
  /** Options of steps that it does not take. */
  readonly refuses?: readonly (keyof StepOptions & string)[];
  run(fields: Static<Fields>, flow: FlowContext): Promise<FlowOutcome>;
}

export type Command = CommandDefinition | FlowDefinition;

/** Declares a command; the type of `run`'s fields follows from their schema. */
export function defineCommand<Fields extends TObject>(definition: CommandDefinition<Fields>): CommandDefinition {
  return definition as unknown as CommandDefinition;
}

/** Declares a command that runs the steps inside its own. */
export function defineFlow<Fields extends TObject>(definition: Omit<FlowDefinition<Fields>, 'kind'>): FlowDefinition {
  return { ...definition, kind: 'flow' } as unknown as FlowDefinition;
}
