import type { Condition } from '../../schemas/condition.ts';
import type { Step } from '../../schemas/step.ts';
import { defineFlow } from '../define/command.ts';
import { describeCondition } from '../engine/describe-condition.ts';
import type { Ending, FlowContext, FlowOutcome } from '../engine/flow-context.ts';
import * as shape from '../test-files/shapes.ts';
import { condition, fields, integer, listOrTable, newName, steps } from './fields.ts';
import { itemsOf } from './loop-items.ts';
import { type Iterations, iterationsOf } from './loop-iterations.ts';

/** A loop runs at most so often. */
const MOST = 1000;
/** A loop that waits for a condition gives up after so many iterations, unless it says more. */
const PATIENCE = 100;

const body = shape.named(['do', 'steps'], shape.steps('steps'));
const times = [shape.number('times'), shape.text('times')];
const loop = shape.keys(
  {
    times,
    over: shape.anything('over'),
    until: shape.condition('until'),
    while: shape.condition('while'),
    as: shape.text('as'),
    max: shape.number('max'),
    ...body,
  },
  { needs: ['steps'], own: ['times', 'over'], beside: ['do', 'steps'] },
);
const repeat = shape.keys(
  { times, as: shape.text('as'), ...body },
  { needs: ['steps'], own: ['times'], beside: ['do', 'steps', 'as'] },
);

export const loopCommand = defineFlow({
  name: 'control.loop',
  summary: 'Runs steps again and again: so many times, for each item of a list, or until or while a condition holds.',
  refuses: ['timeoutMs'],
  fields: fields(
    { steps: steps('What is repeated; {{index}} counts the iterations from 0.', { minItems: 1 }) },
    {
      times: integer('How often.', { minimum: 0, maximum: MOST }),
      over: listOrTable('The items: a list, a table of columns and rows, or a variable that holds one.'),
      until: condition('Looked at after each iteration: the loop ends when it holds.'),
      while: condition('Looked at before each iteration: the loop ends when it does not hold.'),
      as: newName('Variable of the item (item); without a list, of the number of the iteration from 1.'),
      max: integer(`No more iterations than this; a loop with a condition fails there (${PATIENCE}).`, {
        minimum: 1,
        maximum: MOST,
      }),
    },
    ['times', 'over', 'until', 'while'],
  ),
  examples: [
    { command: 'control.loop', times: 2, steps: [{ command: 'navigate.scroll-down' }] },
    {
      command: 'control.loop',
      over: ['Tea', 'Cocoa'],
      as: 'drink',
      steps: [{ command: 'assert.exists', target: '{{drink}}' }],
    },
    { command: 'control.loop', until: { visible: 'h1' }, steps: [{ command: 'navigate.refresh' }], max: 3 },
  ],
  aliases: { compact: { loop, repeat }, simplified: { loop, repeat } },
  run: async (given, flow) => {
    const items = itemsOf(given);
    return items ? await overItems(given, items, flow) : await byCondition(given, flow);
  },
});

interface Given {
  readonly steps: Step[];
  readonly over?: unknown;
  readonly until?: Condition;
  readonly while?: Condition;
  readonly as?: string;
  readonly max?: number;
}

async function overItems(given: Given, items: readonly unknown[], flow: FlowContext): Promise<FlowOutcome> {
  const most = Math.min(items.length, given.max ?? items.length);
  if (most < items.length) flow.note(`ends after ${most} of ${items.length} by its max`);
  if (items.length === 0) flow.skip(given.steps, 'steps', 'not run: there is nothing to loop over');
  const iterations = iterationsOf(given, flow);
  let number = 0;
  let ending: Ending | undefined;
  while (number < most && ending === undefined) {
    number++;
    ({ ending } = await iterations.run(number, items[number - 1], number < most));
  }
  iterations.tell();
  return { value: number, ending };
}

async function byCondition(given: Given, flow: FlowContext): Promise<FlowOutcome> {
  const iterations = iterationsOf(given, flow);
  const outcome = await repeated(given, flow, iterations.run);
  if (outcome.value === 0)
    flow.skip(given.steps, 'steps', `not run: the condition does not hold: ${wordsOf(given.while)}`);
  iterations.tell();
  return outcome;
}

async function repeated(given: Given, flow: FlowContext, run: Iterations['run']): Promise<FlowOutcome> {
  const most = given.max ?? PATIENCE;
  for (let number = 1; ; number++) {
    if (given.while && !(await flow.holds(given.while))) return { value: number - 1 };
    if (number > most) return tooLong(given, most);
    const { ending } = await run(number, number, true);
    if (ending) return { value: number, ending };
    if (given.until && (await flow.holds(given.until))) return { value: number };
    if (given.until && number === most) return tooLong(given, most);
  }
}

function tooLong(given: Given, most: number): FlowOutcome {
  const expected = given.until ? wordsOf(given.until) : `not ${wordsOf(given.while)}`;
  return { passed: false, value: most, expected, actual: `not so after ${most} iterations` };
}

const wordsOf = (condition: Condition | undefined): string => (condition ? describeCondition(condition) : '');
