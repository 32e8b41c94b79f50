import { defineFlow } from '../define/command.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, mapping, steps, text } from './fields.ts';

const written = shape.keys(
  { ...shape.named(['checkpoint', 'name'], shape.text('checkpoint')), with: shape.anything('with') },
  { needs: ['checkpoint'], own: ['checkpoint'], beside: ['with'] },
);

export const useCommand = defineFlow({
  name: 'control.use',
  summary: 'Runs the steps of a block of the file, or of a checkpoint of the library.',
  refuses: ['timeoutMs'],
  fields: fields(
    {
      checkpoint: text('A block of the file, or a library checkpoint: its id, its name or name@version.', {
        minLength: 1,
      }),
    },
    {
      with: mapping('Variables that its steps see.'),
      steps: steps('What is run; looked up when the run is planned, unless it is given.', { minItems: 1 }),
    },
  ),
  examples: [
    {
      command: 'control.use',
      checkpoint: 'log in',
      with: { user: 'ada' },
      steps: [{ command: 'misc.log', text: 'logging in as {{user}}' }],
    },
  ],
  aliases: { compact: { use: written }, simplified: { use: written } },
  run: async ({ checkpoint, with: given = {}, steps }, flow) => {
    if (steps === undefined) {
      throw new StepError('invalid-value', `the steps of '${checkpoint}' were not looked up`, {
        hint: 'They are when a run is planned; give them in the field steps.',
      });
    }
    const { ending } = await flow.scope(given, () => flow.steps(steps, 'steps'));
    return { ending };
  },
});
