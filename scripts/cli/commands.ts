import { nearest } from '../../schemas/problems.ts';
import type { CommandDefinition } from '../../shared/define/command.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { alternativesOf, commonFields, type FieldWords, fieldsOf } from './field-words.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';

export const commands: CliCommand = {
  name: 'commands',
  summary: 'Prints the vocabulary: all commands, those of a group, or one with its fields and examples.',
  operands: '[GROUP|COMMAND]',
  options: { json: { type: 'boolean', description: 'Prints JSON Schemas and examples.' } },
  examples: ['virtuoso commands', 'virtuoso commands interact', 'virtuoso commands interact.click --json'],
  run: commandsCommand,
};

async function commandsCommand([wanted, ...rest]: readonly string[], values: Values): Promise<number> {
  if (rest.length > 0) throw new UsageError("Name one group or command: 'virtuoso commands interact.click'.");
  const { commands: vocabulary } = await import('../../shared/commands/index.ts');
  const found = findCommands(vocabulary, wanted);
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const [only] = found;
  if (values.json) {
    const catalogue = found.map(({ name, summary, kind, fields, examples }) => ({
      ...{ name, summary, kind, fields, examples },
    }));
    terminal.write(`${JSON.stringify(catalogue, null, 2)}\n`);
  } else terminal.write(only && only.name === wanted ? renderCommand(only, terminal) : renderList(found, terminal));
  return 0;
}

/** The commands of a name or a group; all when none is wanted. @throws UsageError with the nearest name */
export function findCommands(vocabulary: readonly CommandDefinition[], wanted: string | undefined) {
  if (wanted === undefined) return vocabulary;
  const found = vocabulary.filter(({ name }) => name === wanted || groupOf(name) === wanted);
  if (found.length > 0) return found;
  const groups = [...new Set(vocabulary.map(({ name }) => groupOf(name)))];
  // A verb alone is what people remember: `click`.
  const verbs = vocabulary.filter(({ name }) => name.endsWith(`.${wanted}`)).map(({ name }) => name);
  const like = verbs[0] ?? nearest(wanted, [...vocabulary.map(({ name }) => name), ...groups]);
  const mending = like ? `Did you mean '${like}'?` : `The groups are ${groups.join(', ')}.`;
  throw new UsageError(`There is no command or group '${wanted}'. ${mending}`);
}

const groupOf = (name: string): string => name.split('.')[0] ?? name;

/** Commands by group, with their summaries. */
export function renderList(found: readonly CommandDefinition[], terminal: Pick<Terminal, 'colour'>): string {
  const width = Math.max(...found.map(({ name }) => name.length));
  const groups = [...Map.groupBy(found, ({ name }) => groupOf(name))];
  return groups
    .map(([group, members]) => {
      const lines = members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`);
      return `${paint(terminal, 'bold', group)}\n${lines.join('')}`;
    })
    .join('\n');
}

/** All there is to say of a command. */
export function renderCommand(command: CommandDefinition, terminal: Pick<Terminal, 'colour'>): string {
  const alternatives = alternativesOf(command);
  const own = fieldsOf(command);
  return [
    paint(terminal, 'bold', command.name),
    command.summary,
    '',
    'Fields (* is required):',
    ...(own.length > 0 ? table(own, terminal) : ['  none']),
    ...(alternatives.length > 0 ? [`  Exactly one of ${alternatives.join(', ')} is given.`] : []),
    '',
    'Fields of every step:',
    ...table(commonFields(), terminal),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${JSON.stringify(example)}`),
    '',
  ].join('\n');
}

function table(fields: readonly FieldWords[], terminal: Pick<Terminal, 'colour'>): string[] {
  const names = fields.map(({ name, required }) => `${name}${required ? ' *' : ''}`);
  const width = Math.max(...names.map(({ length }) => length));
  return fields.map(
    ({ type, description }, i) =>
      `  ${names[i]?.padEnd(width)}  ${paint(terminal, 'cyan', type)}${description ? `  ${description}` : ''}`,
  );
}
