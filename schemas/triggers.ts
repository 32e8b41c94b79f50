import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { runRequest } from './requests.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const optional = Type.Optional;
/** Stored timestamps are Dates in code and native timestamps in Firestore. */
const time = Type.Unsafe<Date>(Type.Object({}));

export const triggerEvents = ['message', 'object'] as const;

const patterns = (names: string, description: string) =>
  optional(
    Type.Unsafe<Record<string, string>>({
      type: 'object',
      patternProperties: { [names]: { type: 'string', maxLength: 200 } },
      additionalProperties: false,
      maxProperties: 20,
      description,
    }),
  );

/** What a message has to be like. Patterns: `*` stands for anything but slashes, `**` for anything. */
const match = Type.Object(
  {
    attributes: patterns('^[^/]{1,256}$', 'Patterns of the values of its attributes: {"branch": "release/*"}.'),
    data: patterns(
      '^[^/]{1,256}$',
      'Patterns of values in its data, which is JSON, by their paths: {"build.status": "SUCCESS"}.',
    ),
  },
  strict,
);

/** What starts a run when something happens. */
export const triggerEntity = contract(
  'trigger',
  Type.Object({
    id: Type.String(),
    created_at: time,
    updated_at: time,
    user_id: Type.String(),
    name: Type.String(),
    on: Type.Enum([...triggerEvents]),
    active: Type.Boolean(),
    /** Of messages: which ones. */
    match: optional(match),
    /** Of messages: SHA-256 of the token that they carry, in hexadecimal. */
    token_hash: optional(Type.String()),
    /** Of objects: a pattern of their names below the user's folder. */
    path: optional(Type.String()),
    run: runRequest.schema,
  }),
);
export type TriggerEntity = Static<typeof triggerEntity.schema>;

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  active: Type.Boolean({ description: 'false: nothing is started.' }),
  path: Type.String({
    minLength: 1,
    maxLength: 500,
    description:
      'Pattern of the names of your objects in the bucket of tests, below tests/{user}/: builds/**. A test file is imported at the same time: it is run by its metadata run: on-upload.',
  }),
  run: Type.Unsafe<Static<typeof runRequest.schema>>({
    ...runRequest.schema,
    description: 'What is run, as in POST /v1/runs. The tests of a suite or a tag are those that there are by then.',
  }),
};

/** Body of `POST /v1/triggers`. */
export const triggerRequest = contract(
  'trigger-request',
  Type.Object(
    {
      name: fields.name,
      on: Type.Enum([...triggerEvents], {
        description:
          'message: of the topic run-requests, with the attributes trigger (the id) and token; object: one that lands among yours.',
      }),
      active: optional(fields.active),
      match: optional(match),
      path: optional(fields.path),
      run: fields.run,
    },
    strict,
  ),
);
export type TriggerRequest = Static<typeof triggerRequest.schema>;

/** Body of `PATCH /v1/triggers/{id}`: what is named is replaced. */
export const triggerPatch = contract(
  'trigger-patch',
  Type.Object(
    {
      name: optional(fields.name),
      active: optional(fields.active),
      match: optional(match),
      path: optional(fields.path),
      run: optional(fields.run),
    },
    { ...strict, minProperties: 1 },
  ),
);
export type TriggerPatch = Static<typeof triggerPatch.schema>;
