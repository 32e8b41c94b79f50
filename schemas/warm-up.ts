import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { sessionTask } from './requests.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;

/** Type of the event that is about nothing: it has an instance of who receives it be there before it is needed. */
export const WARM_UP = 'virtuoso.warm-up';

/** A CloudEvent in structured form: tasks, and functions that react to events, take it alike. */
export const warmUp = contract(
  'warm-up',
  Type.Object(
    {
      specversion: Type.Literal('1.0'),
      id: Type.String(),
      source: Type.String(),
      type: Type.Literal(WARM_UP),
      data: Type.Object(
        {
          until: Type.String({ format: 'date-time', description: 'How long the instance is to be kept from others.' }),
        },
        strict,
      ),
    },
    strict,
  ),
);
export type WarmUp = Static<typeof warmUp.schema>;

/** What run-session is sent: a session, or the wish that a browser be there. */
export const browserTask = contract('browser-task', Type.Union([sessionTask.schema, warmUp.schema]));
