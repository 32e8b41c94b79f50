import type { TestDefinition } from '../../schemas/test-definition.ts';
import { stepSentence } from '../../shared/reports/step-words.ts';
import { collectFiles } from './collect-files.ts';
import type { CliCommand, Values } from './command.ts';
import { oneLine } from './one-line.ts';
import { checkFiles } from './read-tests.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';

export const plan: CliCommand = {
  summary: 'Reads test files and prints their canonical steps, or what is wrong with them and where.',
  operands: 'FILES|FOLDERS…',
  options: {
    json: { type: 'boolean', description: 'Prints the canonical definitions as JSON.' },
    strict: {
      type: 'boolean',
      description: 'Ends with exit code 1 where there are warnings, with 2 where there are errors.',
    },
  },
  examples: ['virtuoso plan hello.yaml', 'virtuoso plan tests/ --json', 'virtuoso plan tests/ --strict'],
  run: planCommand,
};

async function planCommand(operands: readonly string[], values: Values): Promise<number> {
  const terminal = terminalOf(process.stdout, { colour: !values['no-color'] });
  const problems = terminalOf(process.stderr, { colour: !values['no-color'] });
  const { ready, wrong, warnings } = await checkFiles(await collectFiles(operands), problems);
  if (values.json) {
    const definitions = ready.map(({ file, definition }) => ({ file: file.name, definition }));
    terminal.write(`${JSON.stringify(definitions, null, 2)}\n`);
  } else for (const { file, definition } of ready) terminal.write(`${render(file.name, definition, terminal)}\n`);
  if (wrong > 0) return 2;
  return values.strict && warnings > 0 ? 1 : 0;
}

function render(name: string, definition: TestDefinition, terminal: Terminal): string {
  const groups = [
    { name: 'Setup', steps: definition.setup },
    ...definition.checkpoints,
    { name: 'Teardown', steps: definition.teardown },
  ].filter(({ steps }) => steps.length > 0);
  const rows = definition.data.length > 0 ? ` × ${definition.data.length} rows` : '';
  return [
    `${paint(terminal, 'bold', oneLine(definition.name))} ${paint(terminal, 'dim', oneLine(`${name}${rows}`))}`,
    ...groups.flatMap((group) => [
      `  ${oneLine(group.name)}`,
      ...group.steps.map(
        (step, i) => `  ${String(i + 1).padStart(4)}  ${step.command.padEnd(22)} ${oneLine(stepSentence(step))}`,
      ),
    ]),
    '',
  ].join('\n');
}
