import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { nearest } from '../../schemas/problems.ts';
import type { WrittenFile } from '../../shared/test-files/write.ts';
import { collectFiles } from './collect-files.ts';
import { type CliCommand, UsageError, type Values } from './command.ts';
import { readFileWith } from './read-tests.ts';
import { terminalOf } from './terminal.ts';

const forms = ['canonical', 'compact', 'simplified', 'extended', 'journey'] as const;
type TargetForm = (typeof forms)[number];

export const convert: CliCommand = {
  summary: 'Writes a test file in another form. What the form cannot say is refused by name, never left out.',
  operands: 'FILE',
  options: {
    to: { type: 'string', value: 'FORM', description: `One of ${forms.join(', ')}.` },
    output: {
      type: 'string',
      value: 'FILE',
      description: 'Where to: JSON for *.json, else YAML. Without it, standard output in the format of the input.',
    },
  },
  examples: [
    'virtuoso convert hello.yaml --to simplified',
    'virtuoso convert tests/checkout.json --to compact --output checkout.yaml',
  ],
  run: convertCommand,
};

async function convertCommand(operands: readonly string[], values: Values): Promise<number> {
  const form = formOf(values.to as string | undefined);
  const output = values.output as string | undefined;
  const [file, second] = await collectFiles(operands);
  if (!file || second) throw new UsageError("Name one file: 'virtuoso convert hello.yaml --to simplified'.");
  const problems = terminalOf(process.stderr, { colour: !values['no-color'] });
  const read = await readFileWith(file, problems);
  if (!read) return 2;
  const { writeTestFile } = await import('../../shared/test-files/write.ts');
  const format = extname(output ?? file.path).toLowerCase() === '.json' ? 'json' : 'yaml';
  const written = writeTestFile(read, form, format);
  if (!('text' in written)) {
    problems.write(`${file.name}: error: ${written.message}.\n`);
    return 2;
  }
  await save(written, output);
  return 0;
}

function formOf(given: string | undefined): TargetForm {
  const known = forms.find((form) => form === given);
  if (known) return known;
  if (given === undefined) throw new UsageError(`Say which form: --to ${forms.join(' | ')}.`);
  const like = nearest(given, forms);
  throw new UsageError(
    `There is no form '${given}' to write. ${like ? `Did you mean '${like}'?` : `There are ${forms.join(', ')}.`}`,
  );
}

async function save({ text }: WrittenFile, output: string | undefined): Promise<void> {
  if (output === undefined) return terminalOf(process.stdout, { colour: false }).write(text);
  try {
    await writeFile(output, text);
  } catch (error) {
    throw new UsageError(`'${output}' cannot be written: ${(error as Error).message}.`);
  }
}
