import type { Step, StepResult } from '../../../schemas/step.ts';
import type { Command } from '../../define/command.ts';
import { stepAt } from '../../domain/inner-steps.ts';
import { commands, findCommand } from '../index.ts';

/** What tests have seen of a command on a real page. */
interface Seen {
  readonly statuses: Set<StepResult['status']>;
  /** Options that were given another value than their default. */
  readonly options: Set<string>;
}

/** A command's row: true when tests show it, false when none does, undefined where there is nothing to show. */
export interface Covered {
  readonly command: string;
  readonly pass: boolean | undefined;
  readonly fail: boolean | undefined;
  readonly error: boolean | undefined;
  readonly options: readonly string[];
  readonly unseen: readonly string[];
}

const seen = new Map<string, Seen>();

/** Notes what the steps of a checkpoint came to, those inside others too. */
export function observe(steps: readonly Step[], results: readonly StepResult[], withOptions: boolean): void {
  let own = 0;
  for (const { path, status } of results) {
    const step = stepAt(steps, path ?? [own++]);
    const command = step && findCommand(step.command);
    if (!step || !command || status === 'skipped') continue;
    const noted = seen.get(command.name) ?? { statuses: new Set(), options: new Set() };
    seen.set(command.name, noted);
    noted.statuses.add(status);
    if (!withOptions) continue;
    for (const option of optionsOf(command)) if (isGiven(step, command, option)) noted.options.add(option);
  }
}

/** What the tests that ran so far show of every command. */
export function coverage(): Covered[] {
  return commands.map((command) => {
    const { statuses, options: given } = seen.get(command.name) ?? { statuses: new Set(), options: new Set() };
    const options = optionsOf(command);
    return {
      command: command.name,
      pass: command.name === 'control.fail' ? undefined : statuses.has('passed'),
      fail: command.kind === 'assertion' ? statuses.has('failed') : undefined,
      error: command.kind === 'note' ? undefined : statuses.has('error'),
      options,
      unseen: options.filter((option) => !given.has(option)),
    };
  });
}

interface FieldsSchema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly required?: readonly string[];
}

const schemaOf = ({ fields }: Command): FieldsSchema => fields as unknown as FieldsSchema;

function optionsOf(command: Command): string[] {
  const { properties, required = [] } = schemaOf(command);
  return Object.keys(properties).filter((name) => !required.includes(name));
}

const isGiven = (step: Step, command: Command, option: string): boolean =>
  step[option] !== undefined && step[option] !== schemaOf(command).properties[option]?.default;
