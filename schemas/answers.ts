import type { TSchema } from 'typebox';
import { analyticsAnswers } from './analytics-answers.ts';
import { type AnswerBody, body, listOf, strict, time, viewOf, withField } from './answer-views.ts';
import {
  apiKeyEntity,
  deliveryEntity,
  environmentEntity,
  hookEntity,
  libraryEntity,
  runEntity,
  sessionEntity,
  suiteEntity,
  testEntity,
  userEntity,
  webhookEntity,
} from './entities.ts';
import { erasureAnswer } from './erasure.ts';
import { liveAnswers } from './live-answers.ts';
import { quotasShown } from './quotas.ts';
import { scheduleAnswers } from './schedule-answers.ts';
import { storedFileAnswers } from './stored-files.ts';
import { suggestionAnswers } from './suggestions.ts';
import { diagnostic, testDefinition } from './test-definition.ts';
import { triggerAnswers } from './trigger-answers.ts';
import { Type } from './type.ts';

const url = Type.String({ format: 'uri' });

const test = viewOf(testEntity, { without: ['last_outcome', 'source'], asStored: ['definition'] });
const suite = viewOf(suiteEntity, { without: ['source'] });
const run = viewOf(runEntity, {
  without: ['settled_by', 'contended'],
  asStored: ['selection'],
  more: {
    queued: Type.Optional(
      Type.Object(
        {
          position: Type.Integer({
            minimum: 1,
            description: 'Of its first session among those that wait for the same.',
          }),
          waitsFor: Type.Enum(['slot', 'browser'], {
            description:
              'slot: all sessions that you may have at once are under way; browser: all browsers are in use.',
          }),
          estimatedWaitMs: Type.Optional(
            Type.Integer({ description: 'By how long your last sessions took, and how many are under way.' }),
          ),
        },
        { ...strict, description: 'While nothing of it has been begun.' },
      ),
    ),
  },
});
const session = viewOf(sessionEntity, {
  without: ['lease', 'variables', 'awaited', 'held', 'hands_on', 'passed_to', 'rank', 'browser_ms', 'stored_bytes'],
  asStored: ['config', 'row'],
  more: {
    progress: Type.Optional(
      Type.Object(
        { checkpoint: Type.String(), step: Type.String(), done: Type.Integer(), total: Type.Integer() },
        strict,
      ),
    ),
  },
});
const checkpoint = viewOf(libraryEntity, { asStored: ['steps'] });
const environment = viewOf(environmentEntity, {
  without: ['secrets'],
  asStored: ['variables', 'files'],
  more: { secrets: Type.Array(Type.String({ description: 'Names only.' })) },
});
const webhookShown = {
  headers: Type.Array(Type.String({ description: 'Names only.' })),
  publicKeys: Type.Optional(
    Type.Array(Type.String(), {
      description: 'whpk_…, of signatures v1a: the one in use, and those being rotated out.',
    }),
  ),
};
const webhookView = (more: Record<string, TSchema> = {}) =>
  viewOf(webhookEntity, { without: ['secrets', 'headers', 'page'], more: { ...webhookShown, ...more } });
const webhook = webhookView();
const webhookSecret = Type.Optional(Type.String({ description: 'whsec_…, of signatures v1. Shown this once.' }));
const hook = viewOf(hookEntity, { without: ['secret'], asStored: ['variables'] });
const inward = ['order', 'lane', 'handed_to'] as const;
const delivery = viewOf(deliveryEntity, { without: ['body', ...inward] });
const deliveryWithBody = viewOf(deliveryEntity, { without: inward });
const user = viewOf(userEntity, { asStored: ['settings'] });
const apiKeyShown = viewOf(apiKeyEntity, { without: ['key_id'] });

const diagnostics = Type.Array(diagnostic.schema);

/** What the routes answer with when all is well, by name. */
export const answers = {
  alive: body(Type.Object({ status: Type.Literal('ok'), version: Type.String(), environment: Type.String() }, strict)),
  readiness: body(
    Type.Object(
      {
        status: Type.Enum(['ok', 'degraded']),
        version: Type.String(),
        dependencies: Type.Record(
          Type.String(),
          Type.Object({ ok: Type.Boolean(), latencyMs: Type.Number(), error: Type.Optional(Type.String()) }, strict),
        ),
      },
      strict,
    ),
  ),
  openapi: { contentTypes: ['application/json'] },
  page: { contentTypes: ['text/html; charset=utf-8'] },
  command: body(
    Type.Object(
      {
        name: Type.String(),
        summary: Type.String(),
        kind: Type.String(),
        schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of the whole step.' }),
        examples: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
          description: 'Steps that are valid as they stand.',
        }),
      },
      strict,
    ),
  ),
  commands: body(Type.Object({ items: Type.Array(Type.Record(Type.String(), Type.Unknown())) }, strict)),
  'validated-steps': body(
    Type.Object(
      {
        valid: Type.Boolean(),
        problems: Type.Array(
          Type.Object({ pointer: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) }, strict),
        ),
      },
      strict,
    ),
  ),
  token: body(
    Type.Object(
      {
        accessToken: Type.String(),
        tokenType: Type.Literal('Bearer'),
        expiresIn: Type.Integer({ description: 'Seconds.' }),
        scope: Type.String(),
      },
      strict,
    ),
  ),
  jwks: body(Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.String())) }, strict)),
  self: body(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      role: Type.String(),
      settings: Type.Record(Type.String(), Type.Unknown()),
      quotas: quotasShown,
      scopes: Type.Array(Type.String()),
    }),
  ),
  user: body(user),
  users: listOf(user),
  erasure: body(erasureAnswer),
  'api-key-made': body(withField(apiKeyShown, 'key', Type.String({ description: 'Shown this once.' }))),
  'api-keys': listOf(apiKeyShown),
  test: body(test),
  'test-or-suite': body(
    Type.Union([
      test,
      Type.Object(
        {
          id: Type.String(),
          name: Type.String(),
          status: Type.String(),
          tests: Type.Array(Type.Object({ id: Type.String(), name: Type.String() }, strict)),
          diagnostics,
        },
        strict,
      ),
    ]),
  ),
  tests: listOf(test),
  importing: body(Type.Object({ id: Type.String(), status: Type.Literal('importing'), diagnostics }, strict)),
  plan: body(
    Type.Object(
      {
        form: Type.Union([Type.String(), Type.Null()]),
        definition: Type.Optional(testDefinition.schema),
        suite: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
        diagnostics,
        contentHash: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  'test-file': { contentTypes: ['application/yaml; charset=utf-8', 'application/json; charset=utf-8'] },
  suite: body(suite),
  suites: listOf(suite),
  checkpoint: body(checkpoint),
  checkpoints: listOf(checkpoint),
  environment: body(environment),
  environments: listOf(environment),
  run: body(run),
  'run-started': body(
    Type.Union([
      run,
      Type.Object({ id: Type.String(), status: Type.Literal('queued'), totals: Type.Unknown() }, strict),
    ]),
  ),
  runs: listOf(run),
  'run-sessions': body(Type.Object({ items: Type.Array(session) }, strict)),
  events: { contentTypes: ['text/event-stream'] },
  report: { contentTypes: ['text/html; charset=utf-8', 'application/json', 'application/xml'] },
  ...analyticsAnswers,
  ...liveAnswers,
  ...scheduleAnswers,
  ...triggerAnswers,
  ...suggestionAnswers,
  ...storedFileAnswers,
  webhook: body(webhook),
  'webhook-made': body(webhookView({ secret: webhookSecret })),
  'secret-rotated': body(withField(webhookView({ secret: webhookSecret }), 'previousValidUntil', time)),
  webhooks: listOf(webhook),
  pinged: body(Type.Object({ eventId: Type.String(), deliveryId: Type.String() }, strict)),
  'event-types': body(
    Type.Object(
      {
        items: Type.Array(
          Type.Object(
            {
              type: Type.String(),
              summary: Type.String({ description: 'What it tells.' }),
              schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of a full body.' }),
              example: Type.Record(Type.String(), Type.Unknown(), { description: 'A full body.' }),
            },
            strict,
          ),
        ),
      },
      strict,
    ),
  ),
  'webhook-preview': body(
    Type.Object(
      {
        method: Type.Literal('POST'),
        url,
        headers: Type.Record(Type.String(), Type.String()),
        body: Type.String({ description: 'Byte for byte what would be sent.' }),
      },
      strict,
    ),
  ),
  hook: body(hook),
  'hook-made': body(
    withField(hook, 'secret', Type.String({ description: "The sender's secret or token. Shown this once." })),
  ),
  hooks: listOf(hook),
  'hook-taken': body(
    Type.Object(
      {
        started: Type.Boolean({ description: 'false for what starts no run, or has started it before.' }),
        runId: Type.Optional(Type.String()),
      },
      strict,
    ),
  ),
  deliveries: listOf(delivery),
  delivery: body(deliveryWithBody),
  recovering: body(
    Type.Object(
      {
        deliveries: Type.Integer({ description: 'How many are sent again.' }),
        continueUntil: Type.Optional(
          Type.String({ format: 'date-time', description: 'There may be more: ask again with this as until.' }),
        ),
      },
      strict,
    ),
  ),
} as const satisfies Record<string, AnswerBody>;

export type AnswerName = keyof typeof answers;

/** The body of every refusal: RFC 9457. */
export const problemSchema = Type.Object(
  {
    type: url,
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.Optional(Type.String()),
          message: Type.String(),
          hint: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        }),
      ),
    ),
  },
  strict,
);
