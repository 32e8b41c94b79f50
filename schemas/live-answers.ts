import { liveCommandStatuses, liveStatuses, pageView, resumption, suggestion } from './live.ts';
import { replays } from './live-changes.ts';
import { stepResult } from './step.ts';
import { testConfig } from './test-definition.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const time = Type.String({ format: 'date-time' });
const count = Type.Integer({ minimum: 0 });

const session = Type.Object(
  {
    id: Type.String(),
    userId: Type.String(),
    kind: Type.Literal('live'),
    status: Type.Enum([...liveStatuses], {
      description: 'waiting: its commands wait for a browser; idle: it has none, and nothing to do.',
    }),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    baseUrl: Type.Optional(Type.String()),
    environment: Type.Optional(Type.String()),
    config: testConfig.schema,
    replay: Type.Enum([...replays]),
    commands: Type.Integer({ minimum: 0, description: 'Number of the last command that was sent.' }),
    done: Type.Integer({ minimum: 0, description: 'Number of the last command whose result is there.' }),
    passed: count,
    failed: count,
    resumed: Type.Integer({ minimum: 0, description: 'How often another browser went on with it.' }),
    browser: Type.Optional(Type.String()),
    createdAt: time,
    startedAt: Type.Optional(time),
    endedAt: Type.Optional(time),
    expiresAt: Type.Optional(Type.Unsafe<string>({ ...time, description: 'When it ends by itself.' })),
  },
  strict,
);

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A step's result as HTTP bodies carry it. */
const result = Type.Unsafe<Record<string, unknown>>({
  ...stepResult.schema,
  properties: Object.fromEntries(
    Object.entries(stepResult.schema.properties).map(([name, field]) => [camel(name), field]),
  ),
  required: stepResult.schema.required.map(camel),
});

const { snapshot, dialog, tabs, notes, problems, url, title } = pageView.properties;
const candidates = Type.Array(Type.Object({ role: Type.String(), name: Type.String(), target: Type.String() }, strict));

const command = Type.Object(
  {
    n: Type.Integer({ minimum: 1, description: 'Its number in the session.' }),
    kind: Type.Enum(['step', 'page']),
    status: Type.Enum([...liveCommandStatuses]),
    result: Type.Optional(result),
    inner: Type.Optional(Type.Array(result, { description: 'Results of the steps inside it.' })),
    snapshot: Type.Optional(snapshot),
    suggestions: Type.Optional(Type.Array(suggestion)),
    candidates: Type.Optional(candidates),
    resumed: Type.Optional(resumption),
    createdAt: time,
    startedAt: Type.Optional(time),
    endedAt: Type.Optional(time),
  },
  strict,
);

const checkpoint = Type.Object(
  {
    position: Type.Integer({ minimum: 0, description: 'Its place among the checkpoints.' }),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    from: Type.Integer({ minimum: 1, description: 'Number of its first command.' }),
    commands: count,
    passed: count,
    failed: count,
    status: Type.Enum(['pending', 'running', 'passed', 'failed']),
    createdAt: time,
  },
  strict,
);

/** What the routes of live sessions answer with. */
export const liveAnswers = {
  'live-session': { schema: session },
  'live-sessions': {
    schema: Type.Object({ items: Type.Array(session), nextPageToken: Type.Optional(Type.String()) }, strict),
  },
  'live-checkpoint': { schema: checkpoint },
  'live-checkpoints': { schema: Type.Object({ items: Type.Array(checkpoint) }, strict) },
  'live-command': { schema: command },
  'live-commands': { schema: Type.Union([command, Type.Object({ items: Type.Array(command) }, strict)]) },
  'live-page': {
    schema: Type.Object(
      {
        n: count,
        ...{ url, title, snapshot, dialog, tabs, notes, problems },
        resumed: Type.Optional(resumption),
        screenshot: Type.Optional(
          Type.Object({ contentType: Type.String(), data: Type.String({ description: 'Base64.' }) }, strict),
        ),
      },
      strict,
    ),
  },
  'saved-test': {
    schema: Type.Object(
      {
        form: Type.String(),
        text: Type.String({ description: 'The test file.' }),
        test: Type.Optional(Type.Object({ id: Type.String(), status: Type.Literal('importing') }, strict)),
      },
      strict,
    ),
  },
} as const;
