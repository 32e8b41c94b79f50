import { defineCommand, type StepOutcome } from '../define/command.ts';
import type { DialogAnswer, StepContext } from '../engine/step-context.ts';
import { StepError } from '../engine/step-error.ts';
import * as shape from '../test-files/shapes.ts';
import { fields, flag, text } from './fields.ts';

/** The message of the dialog that was answered, when the step before raised it; else the answer waits for the next. */
function answer(context: StepContext, how: DialogAnswer): StepOutcome | undefined {
  const answered = context.armDialog(how);
  return answered ? { value: answered.message } : undefined;
}

const alert = defineCommand({
  name: 'dialog.alert',
  summary: 'Dismisses the alert, or whatever dialog comes next.',
  kind: 'note',
  fields: fields({}),
  examples: [{ command: 'dialog.alert' }],
  aliases: {
    compact: { dialog: shape.words({ dismiss: {} }) },
    simplified: shape.named(
      ['dialog', 'alert'],
      [shape.words({ dismiss: {} }), ...shape.alone, shape.doing(['dismiss'])],
    ),
    sentences: ['dismiss [the] dialog|alert'],
  },
  run: async (_fields, context) => answer(context, dialogAnswer({ command: 'dialog.alert' })),
});

const answers = shape.words({
  accept: { accept: true },
  confirm: { accept: true },
  ok: { accept: true },
  cancel: { accept: false },
});

const confirm = defineCommand({
  name: 'dialog.confirm',
  summary: 'Answers the question of the dialog that is open, or of the next one.',
  kind: 'note',
  fields: fields({}, { accept: flag('OK instead of Cancel.', false) }),
  examples: [{ command: 'dialog.confirm', accept: true }],
  aliases: {
    compact: { dialog: answers },
    simplified: shape.named(
      ['dialog', 'alert'],
      [
        answers,
        shape.doing(['accept', 'confirm', 'ok'], {}, { fixed: { accept: true } }),
        shape.doing(['cancel'], {}, { fixed: { accept: false } }),
      ],
    ),
    sentences: [
      { says: 'accept|confirm [the] dialog|alert', fixed: { accept: true } },
      { says: 'cancel [the] dialog', fixed: { accept: false } },
    ],
  },
  run: async (given, context) => answer(context, dialogAnswer({ command: 'dialog.confirm', ...given })),
});

const prompt = defineCommand({
  name: 'dialog.prompt',
  summary: 'Answers the dialog that asks for text, or the next one that does.',
  kind: 'note',
  fields: fields({}, { accept: flag('OK instead of Cancel.', false), text: text('What to answer; needs accept.') }),
  examples: [{ command: 'dialog.prompt', accept: true, text: 'Ada' }],
  aliases: {
    compact: { dialog: shape.text('text', { accept: true }) },
    simplified: shape.named(
      ['dialog', 'alert'],
      [
        shape.text('text', { accept: true }),
        shape.doing(
          ['accept', 'confirm', 'ok', 'prompt'],
          { text: shape.text('text') },
          { needs: ['text'], fixed: { accept: true } },
        ),
      ],
    ),
  },
  run: async (given, context) => answer(context, dialogAnswer({ command: 'dialog.prompt', ...given })),
});

/**
 * What a dialog step would answer; also asked for ahead, while the step before it runs.
 * @throws StepError invalid-value.
 */
export function dialogAnswer(step: { command: string; accept?: unknown; text?: unknown }): DialogAnswer {
  const accept = step.accept === true;
  if (step.text !== undefined && !accept) {
    throw new StepError('invalid-value', 'a prompt that is dismissed takes no text', { hint: 'Add accept: true.' });
  }
  const kind = step.command === 'dialog.alert' ? 'any' : step.command === 'dialog.confirm' ? 'confirm' : 'prompt';
  return { kind, accept, ...(step.text === undefined ? {} : { text: String(step.text) }) };
}

export const dialogCommands = [alert, confirm, prompt];
