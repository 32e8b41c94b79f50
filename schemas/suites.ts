import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const optional = Type.Optional;

const fields = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.String({ maxLength: 2000 }),
  tests: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    maxItems: 1000,
    uniqueItems: true,
    description: 'Ids of tests, in the order in which they are run.',
  }),
  selector: Type.Object(
    {
      tags: optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
          minItems: 1,
          maxItems: 30,
          description: 'Tests that have one of these tags.',
        }),
      ),
      path: optional(
        Type.String({ minLength: 1, maxLength: 500, description: 'Tests whose files fit this pattern: shop/**.' }),
      ),
    },
    { ...strict, minProperties: 1, description: 'In place of tests: those that fit when the suite is run.' },
  ),
};

/** Body of `POST /v1/suites`. */
export const suiteRequest = contract(
  'suite-request',
  Type.Object(
    {
      name: fields.name,
      description: optional(fields.description),
      tests: optional(fields.tests),
      selector: optional(fields.selector),
    },
    strict,
  ),
);

/** Body of `PATCH /v1/suites/{id}`: what is named is replaced; tests take the place of a selector, and the other way. */
export const suitePatch = contract(
  'suite-patch',
  Type.Object(
    {
      name: optional(fields.name),
      description: optional(Type.Union([fields.description, Type.Null()])),
      tests: optional(fields.tests),
      selector: optional(fields.selector),
    },
    { ...strict, minProperties: 1 },
  ),
);
export type SuitePatch = Static<typeof suitePatch.schema>;
