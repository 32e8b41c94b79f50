import { type CliCommand, UsageError, type Values } from './command.ts';
import { terminalOf } from './terminal.ts';

export const commands: CliCommand = {
  summary: 'Prints the vocabulary: all commands, those of a group, or one with its fields and examples.',
  operands: '[GROUP|COMMAND]',
  options: { json: { type: 'boolean', description: 'Prints JSON Schemas and examples.' } },
  examples: ['virtuoso commands', 'virtuoso commands interact', 'virtuoso commands interact.click'],
  run: commandsCommand,
};

async function commandsCommand([wanted, ...rest]: readonly string[], values: Values): Promise<number> {
  if (rest.length > 0) throw new UsageError("Name one group or command: 'virtuoso commands interact.click'.");
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  // Loaded only now: it brings the whole vocabulary.
  const { findWords, told } = await import('./vocabulary-words.ts');
  const found = findWords(wanted);
  if (values.json) {
    const catalogue = found.map(({ name, summary, fields, examples }) => ({ name, summary, fields, examples }));
    terminal.write(`${JSON.stringify(catalogue, null, 2)}\n`);
  } else terminal.write(told(found, terminal));
  return 0;
}
