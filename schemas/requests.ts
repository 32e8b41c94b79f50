import type { Static, TSchema } from 'typebox';
import { contract } from './contract.ts';
import {
  deliveryLanes,
  deliveryStatuses,
  hookSenders,
  userRoles,
  webhookFormats,
  webhookPayloads,
  webhookSignatures,
} from './entities.ts';
import { priorities } from './priorities.ts';
import { quotasPatch } from './quotas.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;

/** How tests are run, whichever they are. */
const runSettings = {
  failFast: Type.Optional(
    Type.Boolean({
      description: 'The first test that fails, its retries spent, ends the run: the others are cancelled.',
    }),
  ),
  baseUrl: Type.Optional(Type.String({ format: 'uri', description: 'Replaces the base URL of the tests.' })),
  variables: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
  timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, description: 'A step, in ms.' })),
  environment: Type.Optional(
    Type.String({ minLength: 1, description: "Name of an environment: in place of the tests' own." }),
  ),
  parallel: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, description: 'Its sessions at once, at most; the others wait.' }),
  ),
  priority: Type.Optional(
    Type.Enum([...priorities], { description: 'Which of your runs go first where some must wait; default normal.' }),
  ),
  runTimeout: Type.Optional(
    Type.Integer({
      minimum: 1000,
      maximum: 24 * 3600_000,
      description: 'The whole run from its start, in ms: what has not ended by then is cancelled, the run is in error.',
    }),
  ),
  updateSnapshots: Type.Optional(
    Type.Enum(['missing', 'changed', 'none'], {
      description: 'Which visual baselines are written: missing ones (default), changed ones too, or none.',
    }),
  ),
};

/** Body of `POST /v1/runs`. */
export const runRequest = contract(
  'run-request',
  Type.Object(
    {
      tests: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 1000, description: 'Ids of tests.' })),
      suite: Type.Optional(Type.String({ minLength: 1, description: 'Id of a suite: all its tests.' })),
      tags: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
          minItems: 1,
          maxItems: 30,
          description: 'All tests that have one of these tags.',
        }),
      ),
      definition: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'A test in canonical form, run without being stored.',
        }),
      ),
      ...runSettings,
    },
    strict,
  ),
);
export type RunRequest = Static<typeof runRequest.schema>;

/** Body of `POST /v1/runs/{id}/rerun`: what is not named is as it was. */
export const rerunRequest = contract(
  'rerun-request',
  Type.Object(
    {
      failedOnly: Type.Optional(
        Type.Boolean({ description: 'Only the tests and rows whose last attempt did not pass.' }),
      ),
      ...runSettings,
    },
    strict,
  ),
);

const environmentName = Type.String({ pattern: '^[A-Za-z0-9][\\w.-]{0,99}$', description: 'Unique among yours.' });
const names = '^(?!__)[A-Za-z_][\\w.-]{0,99}$';
const texts = <V extends TSchema>(value: V, description: string) =>
  Type.Optional(
    Type.Unsafe<Record<string, Static<V>>>({
      type: 'object',
      patternProperties: { [names]: value },
      additionalProperties: false,
      maxProperties: 100,
      description,
    }),
  );
const text = Type.String({ maxLength: 4096 });
const secret = Type.String({ minLength: 1, maxLength: 4096 });

/** Body of `POST /v1/environments`. */
export const environmentRequest = contract(
  'environment-request',
  Type.Object(
    {
      name: environmentName,
      parent: Type.Optional(environmentName),
      variables: texts(text, 'What ENV:NAME stands for in steps.'),
      secrets: texts(secret, 'The same, masked in every record; never shown again.'),
      files: texts(text, "Names of your objects in the tests' bucket, for file.upload."),
    },
    strict,
  ),
);
export type EnvironmentRequest = Static<typeof environmentRequest.schema>;

/** Body of `PATCH /v1/environments/{id}`: what is named changes, null takes it away (RFC 7396). */
export const environmentPatch = contract(
  'environment-patch',
  Type.Object(
    {
      parent: Type.Optional(Type.Union([environmentName, Type.Null()])),
      variables: texts(Type.Union([text, Type.Null()]), 'Changed variables.'),
      secrets: texts(Type.Union([secret, Type.Null()]), 'Changed secrets.'),
      files: texts(Type.Union([text, Type.Null()]), 'Changed files.'),
    },
    strict,
  ),
);
export type EnvironmentPatch = Static<typeof environmentPatch.schema>;

const optional = Type.Optional;
/** RFC 9110, 5.6.2 and 5.5. */
const headerName = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$";
const headerValue = Type.String({ pattern: '^[\\x21-\\x7e]([\\t\\x20-\\x7e]*[\\x21-\\x7e])?$', maxLength: 4096 });
const headersOf = <V extends TSchema>(value: V) =>
  optional(
    Type.Unsafe<Record<string, Static<V>>>({
      type: 'object',
      patternProperties: { [headerName]: value },
      additionalProperties: false,
      maxProperties: 20,
      description: 'Sent along with every delivery; kept encrypted, their values are never shown again.',
    }),
  );
const endpointUrl = Type.String({ format: 'uri', maxLength: 2048 });
const rateLimit = Type.Number({ minimum: 0.1, maximum: 100, description: 'Attempts a second, at most.' });
const concurrency = Type.Integer({
  minimum: 1,
  maximum: 100,
  description: 'Attempts at a time, at most. Default: ten of each instance that delivers.',
});
const webhookOptions = {
  events: optional(
    Type.Array(Type.String({ pattern: '^(\\*|[a-z_]+\\.(\\*|[a-z_]+))$' }), {
      minItems: 1,
      maxItems: 50,
      description: 'Types, or run.*, or *.',
    }),
  ),
  active: optional(Type.Boolean({ description: 'false pauses it: what happens meanwhile is not sent.' })),
  filters: optional(
    Type.Object(
      {
        tags: optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
            minItems: 1,
            maxItems: 50,
            description: 'Only of tests with one of these tags, and of runs with such a test.',
          }),
        ),
        onlyChanges: optional(
          Type.Boolean({
            description: 'Of runs and sessions only that they ended with another verdict than the time before.',
          }),
        ),
      },
      strict,
    ),
  ),
  payload: optional(
    Type.Enum([...webhookPayloads], { description: 'full (default), or thin: ids and links, the rest is asked for.' }),
  ),
  format: optional(
    Type.Enum([...webhookFormats], {
      description:
        "json (default), the message of Slack's or Microsoft Teams' incoming webhooks, or the body of a GitHub check run.",
    }),
  ),
  ordered: optional(
    Type.Boolean({
      description:
        'What tells of one run is sent in the order in which it happened: the next once the one before is delivered or given up.',
    }),
  ),
};

/** Body of `POST /v1/webhooks`. */
export const webhookRequest = contract(
  'webhook-request',
  Type.Object(
    {
      url: endpointUrl,
      description: optional(Type.String({ maxLength: 500 })),
      headers: headersOf(headerValue),
      rateLimit: optional(rateLimit),
      concurrency: optional(concurrency),
      signature: optional(
        Type.Enum([...webhookSignatures], { description: 'v1 (default) HMAC-SHA256, or v1a Ed25519.' }),
      ),
      ...webhookOptions,
    },
    strict,
  ),
);
export type WebhookRequest = Static<typeof webhookRequest.schema>;

/** Body of `PATCH /v1/webhooks/{id}`: what is named changes, null takes it away (RFC 7396); filters are replaced. */
export const webhookPatch = contract(
  'webhook-patch',
  Type.Object(
    {
      url: optional(endpointUrl),
      description: optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
      headers: headersOf(Type.Union([headerValue, Type.Null()])),
      rateLimit: optional(Type.Union([rateLimit, Type.Null()])),
      concurrency: optional(Type.Union([concurrency, Type.Null()])),
      ...webhookOptions,
    },
    { ...strict, minProperties: 1 },
  ),
);
export type WebhookPatch = Static<typeof webhookPatch.schema>;

/** Query of `GET /v1/webhooks/{id}/preview`. */
export const previewQuery = contract(
  'preview-query',
  Type.Object({ type: optional(Type.String({ description: 'Type of the event. Default: run.completed.' })) }, strict),
);

/** An address of e-mail in the form that people use: something, an at sign, a domain with a dot. */
const email = Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', maxLength: 254 });
const personName = Type.String({ minLength: 1, maxLength: 200 });
const settings = Type.Record(Type.String({ maxLength: 100 }), Type.Unknown(), { maxProperties: 100 });

/** Body of `POST /v1/users`. */
export const userRequest = contract(
  'user-request',
  Type.Object({ email, name: personName, role: Type.Optional(Type.Enum([...userRoles])) }, strict),
);
export type UserRequest = Static<typeof userRequest.schema>;

/** Body of `PATCH /v1/users/me`. */
export const selfPatch = contract(
  'self-patch',
  Type.Object({ name: Type.Optional(personName), settings: Type.Optional(settings) }, { ...strict, minProperties: 1 }),
);

/** Body of `PATCH /v1/users/{id}`. */
export const userPatch = contract(
  'user-patch',
  Type.Object(
    {
      name: Type.Optional(personName),
      role: Type.Optional(Type.Enum([...userRoles])),
      disabled: Type.Optional(Type.Boolean({ description: 'A disabled user is let in by no key and no token.' })),
      quotas: Type.Optional(quotasPatch),
    },
    { ...strict, minProperties: 1 },
  ),
);

/** Body of `POST /v1/api-keys`. */
export const apiKeyRequest = contract(
  'api-key-request',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 100, description: 'What the key is for.' }),
      scopes: Type.Optional(
        Type.Array(Type.String(), {
          minItems: 1,
          maxItems: 50,
          description: 'What the key may do; all that its user may, when absent.',
        }),
      ),
      expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
      userId: Type.Optional(Type.String({ description: "Another user's id: for administrators." })),
    },
    strict,
  ),
);
export type ApiKeyRequest = Static<typeof apiKeyRequest.schema>;

/** Body of `POST /v1/commands/validate`. */
export const stepsRequest = contract(
  'steps-request',
  Type.Object(
    { steps: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 1000, description: 'Steps in canonical form.' }) },
    strict,
  ),
);

/** Query of lists. */
export const listQuery = contract(
  'list-query',
  Type.Object(
    { pageSize: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })), pageToken: Type.Optional(Type.String()) },
    strict,
  ),
);

/** Body of `POST /v1/hooks`. */
export const hookRequest = contract(
  'hook-request',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 100 }),
      sender: Type.Enum([...hookSenders], {
        description: 'Whose signatures are verified: github, gitlab, or generic (Standard Webhooks).',
      }),
      events: optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
          minItems: 1,
          maxItems: 50,
          description: 'Events that start a run, as the sender names them (push, Push Hook, a type). Default: all.',
        }),
      ),
      tests: optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 1000 })),
      suite: optional(Type.String({ minLength: 1, description: 'The tests that it has when the run starts.' })),
      environment: optional(Type.String({ minLength: 1, maxLength: 100 })),
      baseUrl: optional(Type.String({ format: 'uri' })),
      variables: optional(Type.Record(Type.String(), Type.Unknown())),
    },
    strict,
  ),
);

const instant = Type.String({ format: 'date-time' });

/** Query of `GET /v1/webhooks/{id}/deliveries`. */
export const deliveriesQuery = contract(
  'deliveries-query',
  Type.Object(
    {
      ...listQuery.schema.properties,
      status: optional(Type.Enum([...deliveryStatuses])),
      type: optional(Type.String({ maxLength: 100, description: 'Type of the event.' })),
      since: optional(instant),
      until: optional(instant),
    },
    strict,
  ),
);

/** Body of `POST /v1/webhooks/{id}/recover`. */
export const recoverRequest = contract(
  'recover-request',
  Type.Object({ since: instant, until: optional(instant) }, strict),
);

const fileName = Type.Optional(Type.String({ description: "The file's name, with its folders." }));

/** Query of `POST /v1/tests`. */
export const uploadQuery = contract(
  'upload-query',
  Type.Object(
    { name: fileName, run: Type.Optional(Type.Literal('on-upload', { description: 'Starts a run of the test.' })) },
    strict,
  ),
);

/** Query of `POST /v1/tests/plan`. */
export const planQuery = contract('plan-query', Type.Object({ name: fileName }, strict));

/** Query of `GET /v1/tests/{id}/export`. */
export const exportQuery = contract(
  'export-query',
  Type.Object(
    {
      form: Type.Optional(
        Type.Enum(['canonical', 'compact', 'simplified', 'extended', 'journey'], {
          description: 'Default: canonical.',
        }),
      ),
      format: Type.Optional(
        Type.Enum(['yaml', 'json'], { description: 'Default: what the header Accept asks for, else yaml.' }),
      ),
    },
    strict,
  ),
);

/** Payloads of tasks. */
export const sessionTask = contract('session-task', Type.Object({ session_id: Type.String() }, strict));
export const deliveryTask = contract(
  'delivery-task',
  Type.Object(
    {
      delivery_id: Type.String(),
      attempt: Type.Optional(
        Type.Integer({ minimum: 0, description: 'Attempts before this one; a task that comes again makes none.' }),
      ),
      webhook_id: Type.Optional(Type.String()),
      lane: Type.Optional(Type.Enum([...deliveryLanes], { description: 'Which queue it is of. Default: prompt.' })),
      again: Type.Optional(Type.Boolean({ description: 'Somebody wants it sent again, whatever has become of it.' })),
    },
    strict,
  ),
);
