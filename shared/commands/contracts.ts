import type { TSchema } from 'typebox';
import { type Contract, contract } from '../../schemas/contract.ts';
import { stepOptions } from '../../schemas/step.ts';
import { commands } from './index.ts';

/** One contract a command: its own fields, those that every step takes, and its name. Keyed by the command's name. */
export const commandContracts: Readonly<Record<string, Contract>> = Object.fromEntries(
  commands.map((command) => {
    const { properties, required, ...rules } = command.fields;
    const options: Record<string, unknown> = { ...stepOptions.properties };
    if (command.kind === 'flow') for (const refused of command.refuses ?? []) delete options[refused];
    const schema = {
      ...rules,
      properties: { command: { const: command.name }, ...options, ...properties },
      required: ['command', ...required],
    };
    return [command.name, contract(`command-${command.name.replace('.', '-')}`, schema as TSchema)];
  }),
);
