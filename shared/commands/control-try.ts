import type { StepResult } from '../../schemas/step.ts';
import { defineFlow } from '../define/command.ts';
import { firstOf } from '../engine/step-place.ts';
import * as shape from '../test-files/shapes.ts';
import { asText } from './comparisons.ts';
import { fields, steps } from './fields.ts';

const written = shape.keys(
  {
    ...shape.named(['do', 'steps'], shape.steps('steps')),
    catch: shape.steps('catch'),
    finally: shape.steps('finally'),
  },
  { needs: ['steps'], own: ['do'], beside: ['catch', 'finally'] },
);

export const tryCommand = defineFlow({
  name: 'control.try',
  summary: 'Runs steps up to the first that does not pass, then those that mend it, and at last those that always run.',
  refuses: ['timeoutMs'],
  fields: fields(
    { steps: steps('What may fail.', { minItems: 1 }) },
    {
      catch: steps('Run when one of them did not pass, which {{error.message}} tells; none is enough to go on.'),
      finally: steps('Run in any case.', { minItems: 1 }),
    },
    [],
    ['catch', 'finally'],
  ),
  examples: [
    {
      command: 'control.try',
      steps: [{ command: 'assert.exists', target: '#offer', timeoutMs: 100 }],
      catch: [{ command: 'misc.log', text: 'no offer today: {{error.message}}' }],
      finally: [{ command: 'navigate.scroll-top' }],
    },
  ],
  aliases: { compact: { try: written }, simplified: { try: written } },
  run: async ({ steps, catch: mending, finally: always = [] }, flow) => {
    const tried = await flow.steps(steps, 'steps', {
      catches: true,
      ...(always[0] ? { next: firstOf(always[0]) } : {}),
    });
    let { ending } = tried;
    const caught = mending && tried.failure && (ending === undefined || ending.reach === 'step') && tried.failure;
    if (caught) {
      flow.spare(tried);
      ({ ending } = await flow.scope({ error: errorOf(caught) }, () => flow.steps(mending, 'catch')));
    } else if (mending) {
      flow.skip(mending, 'catch', tried.failure ? 'not run: the session has ended' : 'not needed: all steps passed');
    }
    if (ending?.reach === 'instance') flow.skip(always, 'finally', 'not run: nothing can be run any more');
    else ending = (await flow.steps(always, 'finally')).ending ?? ending;
    return { ending };
  },
});

/** What the steps that mend a failure know of it. */
function errorOf({ command, label, error, expected, actual }: StepResult): Record<string, unknown> {
  const compared = expected === undefined ? '' : `expected ${asText(expected)}, `;
  return {
    type: error?.type ?? 'assertion-failed',
    message: error?.message ?? `${compared}found ${asText(actual) || 'nothing'}`,
    command,
    label: label ?? '',
  };
}
