import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { suggestion } from './live.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;

/** The query of `GET /v1/commands/suggestions`. */
export const suggestionsQuery = contract(
  'suggestions-query',
  Type.Object(
    {
      after: Type.Optional(
        Type.String({
          maxLength: 1000,
          description:
            'Names of the commands before, the last one last, with commas between them: the last two matter most.',
          examples: ['navigate.to,interact.write'],
        }),
      ),
      session: Type.Optional(
        Type.String({
          pattern: '^ses_[a-z0-9]+$',
          description: 'A live session: its commands come before, and its page says what they could be done to.',
        }),
      ),
      limit: Type.Optional(Type.String({ pattern: '^([1-9]|1\\d|20)$', description: 'At most so many, to 20; 5.' })),
    },
    strict,
  ),
);
export type SuggestionsQuery = Static<typeof suggestionsQuery.schema>;

/** What the route answers with. */
export const suggestionAnswers = {
  'command-suggestions': {
    schema: Type.Object(
      {
        after: Type.Array(Type.String(), { description: 'The commands that come before.' }),
        items: Type.Array(
          Type.Object(
            {
              command: Type.String(),
              probability: Type.Number({ minimum: 0, maximum: 1 }),
              steps: Type.Optional(
                Type.Array(suggestion, { description: "What it could be done to on the session's page." }),
              ),
            },
            strict,
          ),
          { description: 'The likeliest first.' },
        ),
        learned: Type.Union([
          Type.Object(
            {
              at: Type.String({ format: 'date-time' }),
              own: Type.Boolean({ description: 'Whether your own habits are known too.' }),
            },
            strict,
          ),
          Type.Null({ description: 'Nothing has been learned yet: that is done each night.' }),
        ]),
      },
      strict,
    ),
  },
};
