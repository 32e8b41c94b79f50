import { nearest } from '../../schemas/problems.ts';
import { commands as vocabulary } from '../../shared/commands/index.ts';
import type { Command } from '../../shared/define/command.ts';
import { UsageError } from './command.ts';
import { alternativesOf, commonFields, type FieldWords, fieldsOf } from './field-words.ts';
import { paint, type Terminal } from './terminal.ts';

/** What people read of a command, or of a group of them. @throws UsageError when there is none of the name */
export const showCommand = (name: string, terminal: Terminal): string => told(findWords(name), terminal);

/** A command by its name, the commands of a group, or all. @throws UsageError when there is none of the name */
export function findWords(wanted: string | undefined): readonly Command[] {
  const found = vocabulary.filter(
    ({ name }) => wanted === undefined || name === wanted || name.startsWith(`${wanted}.`),
  );
  if (found.length > 0) return found;
  const last = vocabulary.find(({ name }) => name.endsWith(`.${wanted}`))?.name;
  const like =
    last ??
    nearest(wanted ?? '', [
      ...vocabulary.map(({ name }) => name),
      ...new Set(vocabulary.map(({ name }) => groupOf(name))),
    ]);
  throw new UsageError(`There is no command or group '${wanted}'.${like ? ` Did you mean '${like}'?` : ''}`);
}

/** What people read of one command, or of several. */
export const told = (found: readonly Command[], terminal: Terminal): string =>
  found.length === 1 && found[0] ? details(found[0], terminal) : list(found, terminal);

const groupOf = (name: string): string => name.split('.')[0] ?? name;

function list(found: readonly Command[], terminal: Terminal): string {
  const width = Math.max(...found.map(({ name }) => name.length));
  let group = '';
  return found
    .map(({ name, summary }) => {
      const heading = groupOf(name) === group ? '' : `\n${paint(terminal, 'bold', groupOf(name))}\n`;
      group = groupOf(name);
      return `${heading}  ${name.padEnd(width)}  ${summary}\n`;
    })
    .join('');
}

function details(command: Command, terminal: Terminal): string {
  const own = fieldsOf(command);
  const alternatives = alternativesOf(command);
  const examples = command.examples.map((example) => `  ${JSON.stringify(example)}\n`);
  return [
    `${paint(terminal, 'bold', command.name)}\n${command.summary}\n\n`,
    `Fields (* is required):\n${table(own, terminal) || '  none\n'}`,
    alternatives.length > 0 ? `  Exactly one of ${alternatives.join(', ')} is given.\n` : '',
    `\nFields of every step:\n${table(commonFields(), terminal)}`,
    `\nExamples:\n${examples.join('')}`,
  ].join('');
}

function table(fields: readonly FieldWords[], terminal: Terminal): string {
  return fields
    .map(({ name, required, type, description }) => {
      const shown = (required ? `${name} *` : name).padEnd(14);
      return `  ${shown} ${paint(terminal, 'cyan', type)}${description ? `  ${description}` : ''}\n`;
    })
    .join('');
}
