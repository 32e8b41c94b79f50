import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { nearest } from '../../schemas/problems.ts';
import type { LiveTerminal } from './live-terminal.ts';
import { TypedError } from './read-typed.ts';

/** A word of the terminal's own, in place of a step. */
interface Word {
  readonly name: string;
  readonly operands?: string;
  readonly summary: string;
  run(terminal: LiveTerminal, operand: string): Promise<void> | void;
}

const forms = ['canonical', 'compact', 'simplified', 'extended', 'journey'];

export const words: readonly Word[] = [
  {
    name: 'page',
    summary: 'Shows the page: address, tree, tabs, an open dialog, what went wrong.',
    run: (terminal) => terminal.showPage(),
  },
  {
    name: 'suggest',
    summary: 'Lists what could come next; a number alone does it.',
    run: (terminal) => terminal.showSuggestions(),
  },
  { name: 'history', summary: 'Lists what was done.', run: (terminal) => terminal.showHistory() },
  {
    name: 'checkpoint',
    operands: 'NAME',
    summary: 'Begins a checkpoint: the steps from here on are its.',
    run: async (terminal, name) => {
      if (name === '') throw new TypedError('Name the checkpoint: checkpoint Log in.');
      await terminal.session.beginCheckpoint(name);
    },
  },
  {
    name: 'save',
    operands: 'FILE [FORM]',
    summary: `Writes what has passed as a test; FORM is ${forms.join(', ')}.`,
    run: save,
  },
  {
    name: 'help',
    operands: '[COMMAND]',
    summary: 'Shows this, or a command with its fields.',
    run: (terminal, name) => (name === '' ? terminal.write(help()) : terminal.showCommand(name)),
  },
  { name: 'exit', summary: 'Ends the session. Ctrl-D does too.', run: (terminal) => terminal.leave() },
];

async function save(terminal: LiveTerminal, operand: string): Promise<void> {
  const [file, form = 'compact', ...rest] = operand.split(/\s+/).filter(Boolean);
  if (file === undefined || rest.length > 0) throw new TypedError('Name one file: save login.yaml compact.');
  if (!forms.includes(form)) {
    const like = nearest(form, forms);
    throw new TypedError(
      `There is no form '${form}'. ${like ? `Did you mean '${like}'?` : `There are ${forms.join(', ')}.`}`,
    );
  }
  if (existsSync(file)) throw new TypedError(`${file} is there already: choose another name.`);
  const extension = extname(file);
  const { text } = await terminal.session.save(
    basename(file, extension),
    form,
    extension === '.json' ? 'json' : 'yaml',
  );
  await writeFile(file, text, { flag: 'wx' }).catch((error: Error) => {
    throw new TypedError(`${file} cannot be written: ${error.message}.`);
  });
  terminal.write(`Saved ${file}.\n`);
}

function help(): string {
  const rows = words.map(({ name, operands = '', summary }) => [`${name} ${operands}`.trim(), summary]);
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return [
    'Type a step:',
    "  click Log in                    write 'ada' in 'Email'        see Welcome",
    '  t: { Email: ada@example.com }   interact.click target: Log in',
    '',
    'Or one of these:',
    ...rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`),
    '',
    "'virtuoso commands' lists the vocabulary.",
    '',
  ].join('\n');
}
