// biome-ignore-all lint/suspicious/noThenProperty: the vocabulary's word.
import { defineFlow } from '../define/command.ts';
import { describeCondition } from '../engine/describe-condition.ts';
import * as shape from '../test-files/shapes.ts';
import { condition, fields, steps } from './fields.ts';

const written = shape.keys(
  {
    ...shape.named(['cond', 'condition'], shape.condition('condition')),
    then: shape.steps('then'),
    else: shape.steps('else'),
  },
  { needs: ['condition'], own: ['condition'], beside: ['then', 'else'] },
);

export const branchCommand = defineFlow({
  name: 'control.if',
  summary: 'Runs one of two lists of steps; with timeoutMs it gives the condition so long to come true.',
  fields: fields(
    { condition: condition('What is looked at.'), then: steps('Run when it holds.', { minItems: 1 }) },
    { else: steps('Run when it does not.', { minItems: 1 }) },
  ),
  examples: [
    {
      command: 'control.if',
      condition: { visible: 'Log in' },
      then: [{ command: 'interact.click', target: 'Log in' }],
      else: [{ command: 'control.fail', message: 'nobody can log in' }],
    },
  ],
  aliases: { compact: { if: written }, simplified: { if: written } },
  run: async ({ condition, then: taken, else: otherwise = [] }, flow) => {
    const holds = await flow.holds(condition);
    const words = describeCondition(condition);
    if (!holds) flow.skip(taken, 'then', `not taken: the condition does not hold: ${words}`);
    const { ending } = holds ? await flow.steps(taken, 'then') : await flow.steps(otherwise, 'else');
    if (holds) flow.skip(otherwise, 'else', `not taken: the condition holds: ${words}`);
    return { value: holds, ending };
  },
});
