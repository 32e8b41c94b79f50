import { nearest } from '../../schemas/problems.ts';
import type { Step } from '../../schemas/step.ts';
import { commands, findCommand } from '../commands/index.ts';
import { isJson } from './command-fields.ts';
import type { ReadStep } from './draft.ts';
import { entryOf, jsonOf, kindOf, type Located, type Mapping, plain } from './located.ts';
import type { Report } from './report.ts';

/** Reads a step in canonical form, `{command: group.verb, …}`, which every form understands. */
export function readCanonicalStep(item: Located, report: Report): ReadStep | undefined {
  if (item.kind !== 'mapping') {
    report.error(
      'wrong-value',
      `a step is a mapping with 'command', not ${kindOf(item)}`,
      item,
      'Write {command: interact.click, target: …}.',
    );
    return undefined;
  }
  const command = entryOf(item, 'command');
  if (command?.value.kind !== 'scalar' || command.value.value === null) {
    report.error(
      'missing-key',
      "the step has no 'command'",
      command?.at ?? item,
      'Write command: group.verb, as in interact.click.',
    );
    return undefined;
  }
  const name = command.value.written;
  if (!findCommand(name)) {
    reportUnknownCommand(name, command.value, report);
    return undefined;
  }
  return fromMapping(item, name);
}

function fromMapping(item: Mapping, command: string): ReadStep {
  const origin = { at: item, fields: new Map<string, Located>(), mapping: item };
  const step: Record<string, unknown> & Step = { ...(plain(item) as Record<string, unknown>), command };
  const properties = findCommand(command)?.fields.properties ?? {};
  for (const { key, value } of item.entries) {
    origin.fields.set(key, value);
    if (isJson(command, key) && value.kind !== 'scalar') step[key] = jsonOf(value);
    if (value.kind === 'scalar' && typeof value.value === 'number' && !takesText(properties[key]))
      step[key] = value.value;
  }
  return { step, origin };
}

/** Fields that take any text get a number as it is written (`1.10`), the others its value. */
function takesText(schema: unknown): boolean {
  const { type, pattern } = (schema ?? {}) as { type?: string | string[]; pattern?: string };
  return type === undefined ? schema !== undefined : [type].flat().includes('string') && pattern === undefined;
}

function reportUnknownCommand(name: string, at: Located, report: Report) {
  const names = commands.map((command) => command.name);
  const near = nearest(name, names) ?? names.find((known) => known.endsWith(`.${name.split('.').pop()}`));
  const group = names.filter((known) => known.startsWith(`${name.split('.')[0]}.`));
  const hint = near ? `Did you mean '${near}'?` : group.length > 0 ? `There are ${group.join(', ')}.` : undefined;
  report.error('unknown-command', `there is no command '${name}'`, at, hint ?? 'The catalogue lists all commands.');
}
