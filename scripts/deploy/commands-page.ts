import { readFile, writeFile } from 'node:fs/promises';
import type { Step } from '../../schemas/step.ts';
import { commands } from '../../shared/commands/index.ts';
import type { Command } from '../../shared/define/command.ts';
import { writeTestFile } from '../../shared/test-files/write.ts';
import { alternativesOf, commonFields, type FieldWords, fieldsOf } from '../cli/field-words.ts';

const page = new URL('../../shared/commands/COMMANDS.md', import.meta.url);

const head = `# Commands

Every command of the vocabulary: its fields, an example in the canonical form, and the same in the compact one. This page is
written from the commands' definitions; every example is run by a test. \`virtuoso commands\` prints the same, and
\`GET /v1/commands\` gives it with JSON Schemas.

A field that is required has an asterisk. Every step also takes:
`;

/** The vocabulary as a page. */
export function commandsPage(): string {
  const groups = Map.groupBy(commands, ({ name }) => name.split('.')[0] ?? '');
  const sections = [...groups].map(([group, own]) => `## ${group}\n\n${own.map(section).join('\n')}`);
  return `${head}\n${table(commonFields())}\n\n${sections.join('\n')}`;
}

function section(command: Command): string {
  const fields = fieldsOf(command);
  const alternatives = alternativesOf(command);
  const [example] = command.examples;
  return [
    `### ${command.name}\n\n${command.summary}\n`,
    fields.length > 0 ? `${table(fields)}\n` : '',
    alternatives.length > 0 ? `Exactly one of ${alternatives.map((name) => `\`${name}\``).join(', ')} is given.\n` : '',
    example ? `\`\`\`json\n${JSON.stringify(example)}\n\`\`\`\n\n\`\`\`yaml\n${compact(example)}\n\`\`\`\n` : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function table(fields: readonly FieldWords[]): string {
  const rows = fields.map(
    ({ name, required, type, description }) =>
      `| \`${name}\`${required ? ' *' : ''} | ${cell(type)} | ${cell(description)} |`,
  );
  return ['| field | takes | |', '| --- | --- | --- |', ...rows].join('\n');
}

/** A step as an item of a compact file's list. */
function compact(step: Step): string {
  const definition = { name: 'x', tags: [], config: {}, variables: {}, data: [], setup: [], teardown: [] };
  const written = writeTestFile(
    { definition: { ...definition, checkpoints: [{ name: 'x', steps: [step] }] } },
    'compact',
    'yaml',
  );
  if (!('text' in written)) throw new Error(`${step.command} cannot be written in the compact form`);
  const lines = written.text.trimEnd().split('\n');
  return lines.slice(lines.indexOf('do:') + 1).join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.main) {
  const wanted = commandsPage();
  const found = await readFile(page, 'utf8').catch(() => '');
  if (found !== wanted && process.argv.includes('--check')) {
    console.error('shared/commands/COMMANDS.md is not what the definitions say: run `npm run fix`.');
    process.exitCode = 1;
  } else await writeFile(page, wanted);
}
