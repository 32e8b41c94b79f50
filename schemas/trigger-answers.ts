import { body, listOf, viewOf } from './answer-views.ts';
import { triggerEntity } from './triggers.ts';
import { Type } from './type.ts';

const options = { without: ['token_hash'], asStored: ['match', 'run'] };
const trigger = viewOf(triggerEntity, options);

/** What the routes of triggers answer with. */
export const triggerAnswers = {
  trigger: body(trigger),
  'trigger-made': body(
    viewOf(triggerEntity, {
      ...options,
      more: { token: Type.Optional(Type.String({ description: 'What messages carry. Shown this once.' })) },
    }),
  ),
  triggers: listOf(trigger),
} as const;
