import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { hookRequest } from './requests.ts';
import { Type } from './type.ts';

const { sender: _sender, ...asked } = hookRequest.schema.properties;
const none = Type.Null();

/**
 * Body of `PATCH /v1/hooks/{id}`: what is named changes, null takes it away (RFC 7396). Tests take the place of a suite,
 * and a suite that of tests.
 */
export const hookPatch = contract(
  'hook-patch',
  Type.Object(
    {
      name: Type.Optional(asked.name),
      active: Type.Optional(Type.Boolean({ description: 'false: its sender starts nothing meanwhile.' })),
      events: Type.Optional(Type.Union([asked.events, none])),
      tests: asked.tests,
      suite: asked.suite,
      environment: Type.Optional(Type.Union([asked.environment, none])),
      baseUrl: Type.Optional(Type.Union([asked.baseUrl, none])),
      variables: asked.variables,
    },
    { additionalProperties: false, minProperties: 1 },
  ),
);
export type HookPatch = Static<typeof hookPatch.schema>;
