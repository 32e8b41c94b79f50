import type { Step } from '../../schemas/step.ts';
import type { TestDefinition } from '../../schemas/test-definition.ts';
import { plural } from '../../shared/reports/format.ts';
import { stepSentence } from '../../shared/reports/step-words.ts';
import { collectFiles } from './collect-files.ts';
import type { CliCommand, Values } from './command.ts';
import { checkFiles } from './read-tests.ts';
import { paint, type Terminal, terminalOf } from './terminal.ts';
import { printable } from './terminal-text.ts';

export const plan: CliCommand = {
  name: 'plan',
  summary: 'Reads test files and prints their canonical steps, or what is wrong with them and where.',
  operands: 'FILES|FOLDERS…',
  options: { json: { type: 'boolean', description: 'Prints the canonical definitions as JSON.' } },
  examples: ['virtuoso plan hello.yaml', 'virtuoso plan tests/ --json'],
  run: planCommand,
};

async function planCommand(operands: readonly string[], values: Values): Promise<number> {
  const colour = !values['no-color'];
  const terminal = terminalOf(process.stdout, { colour });
  const problems = terminalOf(process.stderr, { colour });
  const { ready, wrong } = await checkFiles(await collectFiles(operands), problems);
  if (values.json) {
    const definitions = ready.map(({ file, definition }) => ({ file: file.name, definition }));
    terminal.write(`${JSON.stringify(definitions, null, 2)}\n`);
  } else for (const { file, definition } of ready) terminal.write(`${renderPlan(file.name, definition, terminal)}\n`);
  return wrong > 0 ? 2 : 0;
}

/** A test's steps as people read them. */
export function renderPlan(file: string, definition: TestDefinition, terminal: Pick<Terminal, 'colour'>): string {
  const { name, tags, baseUrl, data, setup, checkpoints, teardown } = definition;
  const facts = [
    file,
    ...(baseUrl === undefined ? [] : [`at ${baseUrl}`]),
    ...(data.length > 0 ? [`× ${plural(data.length, 'row')}`] : []),
    ...tags.map((tag) => `#${tag}`),
  ];
  const groups = [{ name: 'Setup', steps: setup }, ...checkpoints, { name: 'Teardown', steps: teardown }];
  return [
    `${paint(terminal, 'bold', printable(name))} ${paint(terminal, 'dim', printable(facts.join(' ')))}`,
    ...groups.flatMap((group) => (group.steps.length === 0 ? [] : renderGroup(group, terminal))),
    '',
  ].join('\n');
}

function renderGroup({ name, steps }: TestDefinition['checkpoints'][number], terminal: Pick<Terminal, 'colour'>) {
  return [
    `  ${printable(name)}`,
    ...steps.map((step, i) => {
      const command = paint(terminal, 'dim', step.command.padEnd(22));
      const options = optionsOf(step);
      const more = options ? paint(terminal, 'dim', ` (${printable(options)})`) : '';
      return `  ${String(i + 1).padStart(4)}  ${command} ${printable(stepSentence(step))}${more}`;
    }),
  ];
}

/** What the step's author asks for beside the command itself. */
function optionsOf({ label, timeoutMs, onFailure, optional, retry, screenshot }: Step): string {
  return [
    ...(label === undefined ? [] : [label]),
    ...(timeoutMs === undefined ? [] : [`within ${timeoutMs} ms`]),
    ...(optional ? ['optional'] : []),
    ...(onFailure === undefined ? [] : [`on failure: ${onFailure}`]),
    ...(retry === undefined ? [] : [`up to ${retry.count} more times`]),
    ...(screenshot === undefined ? [] : [screenshot ? 'with a screenshot' : 'without a screenshot']),
  ].join(', ');
}
