import { deepEqual, equal } from 'node:assert/strict';
import type { Step } from '../../schemas/step.ts';
import { commandContracts } from './contracts.ts';
import { commands, findCommand } from './index.ts';
import { bench } from './testing/bench.ts';
import { examplePage } from './testing/example-page.ts';

/** What must happen before an example can hold. */
const before: Readonly<Record<string, Step[]>> = {
  'assert.url': [{ command: 'navigate.to', url: '/welcome' }],
  'wait.url': [{ command: 'navigate.to', url: '/welcome' }],
  'assert.variable': [{ command: 'data.store-literal', value: 'ada', variable: 'user' }],
  'misc.log': [{ command: 'data.store-literal', value: 'ada', variable: 'user' }],
  'navigate.back': [{ command: 'navigate.to', url: '/welcome' }],
  'navigate.forward': [{ command: 'navigate.to', url: '/welcome' }, { command: 'navigate.back' }],
  'window.close-tab': [{ command: 'navigate.to', url: '/welcome', newTab: true }],
};

/** Examples that are meant to fail. */
const failing = new Set(['control.fail']);

describe('the vocabulary', () => {
  const { open } = bench(
    {
      '/': examplePage,
      '/welcome': examplePage,
      '/help': '<title>Help</title>',
      '/prices.csv': 'tea,3',
      '/api/items': '{"items":[{"name":"Tea"}]}',
    },
    { looksAtOptions: false },
  );

  it('gives every command a summary, an example and a contract that accepts its examples', () => {
    for (const command of commands) {
      equal(findCommand(command.name), command);
      equal(command.summary.endsWith('.'), true, command.name);
      equal(command.examples.length > 0, true, command.name);
      for (const example of command.examples) {
        equal(example.command, command.name);
        deepEqual(commandContracts[command.name]?.problems(example), [], command.name);
      }
    }
    equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  });

  it('refuses fields that a command does not have, by name', () => {
    const problems = commandContracts['interact.click']?.problems({
      command: 'interact.click',
      target: 'x',
      positon: 'CENTER',
    });
    deepEqual(problems, [
      { pointer: '/positon', message: "unknown field 'positon'", hint: "did you mean 'position'?" },
    ]);
  });

  it('takes a variable where a number belongs', () => {
    equal(commandContracts['assert.gt']?.accepts({ command: 'assert.gt', target: 'x', value: '{{limit}}' }), true);
    equal(commandContracts['assert.gt']?.accepts({ command: 'assert.gt', target: 'x', value: 'many' }), false);
  });

  for (const group of [...new Set(commands.map(({ name }) => name.split('.')[0]))]) {
    it(`runs the examples of ${group} as they stand`, async () => {
      const session = await open();
      for (const command of commands.filter(({ name }) => name.startsWith(`${group}.`))) {
        const steps = [{ command: 'navigate.to', url: '/' }, ...(before[command.name] ?? []), ...command.examples];
        const { results: all } = await session.runCheckpoint({ name: command.name, index: 0, steps });
        // What became of steps inside others, their own step tells.
        const results = all.filter(({ path }) => path === undefined);
        const expected = results.map((_, at) =>
          failing.has(command.name) && at === results.length - 1 ? 'failed' : 'passed',
        );
        deepEqual(
          results.map(({ status }) => status),
          expected,
          JSON.stringify(results.at(-1), null, 1),
        );
      }
    });
  }
});
