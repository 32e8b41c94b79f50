import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { liveSettings, replayChoice, replays, sessionDescription, sessionEnd, sessionName } from './live-changes.ts';
import { step, stepResult } from './step.ts';
import { testConfig } from './test-definition.ts';
import { Type } from './type.ts';

const strict = { additionalProperties: false } as const;
const time = Type.Unsafe<Date>(Type.Object({}));
const stored = { id: Type.String(), created_at: time, updated_at: time };
const count = Type.Integer({ minimum: 0 });
const variables = Type.Record(Type.String(), Type.Unknown());
const environment = Type.String({ minLength: 1, description: 'Name of the environment that its steps see.' });

const { timeout, viewport, locale, timezone, userAgent, device, browser, screenshots, healing, onFailure } =
  testConfig.schema.properties;

/** Body of `POST /v1/sessions`. */
export const liveSessionRequest = contract(
  'live-session-request',
  Type.Object(
    {
      name: Type.Optional(sessionName),
      description: Type.Optional(sessionDescription),
      expiresAt: Type.Optional(sessionEnd),
      baseUrl: Type.Optional(Type.String({ format: 'uri', description: 'What relative addresses are read against.' })),
      config: Type.Optional(
        Type.Object(
          { timeout, viewport, locale, timezone, userAgent, device, browser, screenshots, healing, onFailure },
          { ...strict, description: 'As a test has it, but for screenshots: of failures, where nothing else is said.' },
        ),
      ),
      variables: Type.Optional(variables),
      environment: Type.Optional(environment),
      replay: Type.Optional(replayChoice),
    },
    strict,
  ),
);
export type LiveSessionRequest = Static<typeof liveSessionRequest.schema>;

export const inclusions = ['snapshot', 'suggestions', 'candidates'] as const;
export type Inclusion = (typeof inclusions)[number];

/** What is wanted of the page after a command, beside the command's result. */
export const lookOptions = Type.Object({
  include: Type.Optional(
    Type.Array(Type.Enum([...inclusions]), {
      description:
        'snapshot: the accessibility tree after the command; suggestions: steps that could come next, the likeliest first by the page and by what mostly came next before; candidates: what can be acted upon.',
    }),
  ),
  snapshot: Type.Optional(
    Type.Enum(['diff', 'full'], {
      description: 'The snapshot as its difference from the last one (default), or whole.',
    }),
  ),
  snapshotMaxBytes: Type.Optional(
    Type.Integer({ minimum: 256, maximum: 131_072, description: 'Longest snapshot, in bytes; default 16384.' }),
  ),
});
export type LookOptions = Static<typeof lookOptions>;

/** Body of `POST /v1/sessions/{id}/commands`. The fields of a step that stands in the body itself are checked as a step's. */
export const liveCommandsRequest = contract(
  'live-commands-request',
  Type.Intersect([
    Type.Object({
      command: Type.Optional(Type.String({ description: 'One step in canonical form: its fields stand beside it.' })),
      step: Type.Optional(Type.Unknown({ description: 'One step: canonical, or a sentence such as "click Log in".' })),
      steps: Type.Optional(
        Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100, description: 'Several steps, run in order.' }),
      ),
      stopOnError: Type.Optional(
        Type.Boolean({ description: 'Skips the steps after one that did not pass; default true.' }),
      ),
    }),
    lookOptions,
  ]),
);
export type LiveCommandsRequest = Static<typeof liveCommandsRequest.schema> & Record<string, unknown>;

/** Query of `GET /v1/sessions/{id}/page`. */
export const pageQuery = contract(
  'page-query',
  Type.Object(
    {
      screenshot: Type.Optional(Type.Enum(['true', 'false'], { description: 'A JPEG of what is visible, in Base64.' })),
      snapshotMaxBytes: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{2,4}$' })),
    },
    strict,
  ),
);

/** Body of `POST /v1/sessions/{id}/save`. */
export const saveRequest = contract(
  'save-request',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 200, description: "The test's name." }),
      form: Type.Optional(
        Type.Enum(['canonical', 'compact', 'simplified', 'extended', 'journey'], {
          description: 'Default: canonical.',
        }),
      ),
      format: Type.Optional(Type.Enum(['yaml', 'json'], { description: 'Default: yaml.' })),
      store: Type.Optional(Type.Boolean({ description: 'Keeps it among your tests; default false.' })),
    },
    strict,
  ),
);
export type SaveRequest = Static<typeof saveRequest.schema>;

/** A group of commands that has a name: from a command on, up to the next one. */
const liveCheckpoint = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  /** Number of its first command. */
  from: Type.Integer({ minimum: 1 }),
  created_at: time,
});
export type LiveCheckpoint = Static<typeof liveCheckpoint>;

/** idle: no browser, and nothing to do; waiting: commands are there, and a browser has been asked for. */
export const liveStatuses = ['idle', 'waiting', 'running', 'closed', 'expired'] as const;

/** A session that takes commands one by one. It lies among the runs' sessions. */
export const liveSessionEntity = contract(
  'live-session',
  Type.Object({
    ...stored,
    user_id: Type.String(),
    kind: Type.Literal('live'),
    status: Type.Enum([...liveStatuses]),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    base_url: Type.Optional(Type.String()),
    environment: Type.Optional(Type.String()),
    config: testConfig.schema,
    variables,
    replay: Type.Enum([...replays]),
    /** What was changed since it was opened. */
    settings: Type.Optional(liveSettings),
    /** The checkpoints that were begun; the commands before the first have none. */
    checkpoints: Type.Optional(Type.Array(liveCheckpoint)),
    /** Number of the last command that was sent; they count from 1. */
    commands: count,
    /** Number of the last command whose result is there. */
    done: count,
    passed: count,
    failed: count,
    /** The last command during which a new document was loaded. */
    last_navigation: count,
    /** First command of a batch whose further steps are skipped. */
    stopped_batch: Type.Optional(count),
    lease: Type.Optional(Type.Object({ owner: Type.String(), expires_at: time })),
    /** When a task was made that wakes it. */
    woken_at: Type.Optional(time),
    /** How often another browser went on with it. */
    resumed: count,
    /** Object with the browser's state, encrypted. */
    state_object: Type.Optional(Type.String()),
    state_generation: Type.Optional(Type.String()),
    browser: Type.Optional(Type.String()),
    cold_start: Type.Optional(Type.Boolean()),
    /** How long it has had a browser, up to its last command. */
    browser_ms: Type.Optional(count),
    /** What was stored of it: pictures, traces, states. */
    stored_bytes: Type.Optional(count),
    started_at: Type.Optional(time),
    ended_at: Type.Optional(time),
    /** When it ends in any case, where somebody has said so. */
    ends_at: Type.Optional(time),
    /** When it ends by itself; null once it has ended. */
    closes_at: Type.Union([time, Type.Null()]),
    /** When its document is deleted. */
    expires_at: time,
    trace: Type.Optional(Type.String()),
  }),
);
export type LiveSessionEntity = Static<typeof liveSessionEntity.schema>;

const snapshot = Type.Object(
  {
    kind: Type.Enum(['full', 'diff', 'same'], {
      description: 'diff: lines that came (+) and went (-) since the last snapshot; same: none did.',
    }),
    text: Type.String(),
    note: Type.Optional(Type.String({ description: 'What was left out.' })),
  },
  strict,
);
export type Snapshot = Static<typeof snapshot>;

const candidate = Type.Object(
  { role: Type.String(), name: Type.String(), target: Type.String({ description: 'Names it in a step.' }) },
  strict,
);
export type Candidate = Static<typeof candidate>;

export const suggestion = Type.Object(
  {
    step: Type.Unsafe<{ command: string; [field: string]: unknown }>({
      ...Type.Object({ command: Type.String() }, { additionalProperties: true }),
      description: 'It can be sent as it is.',
    }),
    score: Type.Number({ minimum: 0, maximum: 1 }),
    reason: Type.String(),
  },
  strict,
);
export type Suggestion = Static<typeof suggestion>;

/** What a page looks like. */
export const pageView = Type.Object(
  {
    url: Type.String(),
    title: Type.String(),
    snapshot,
    dialog: Type.Optional(
      Type.Object(
        { kind: Type.String(), message: Type.String(), proposed: Type.Optional(Type.String()) },
        {
          ...strict,
          description: 'It is open, and hides the page: a dialog step answers it, any other finds it dismissed.',
        },
      ),
    ),
    tabs: Type.Array(Type.Object({ url: Type.String(), active: Type.Boolean() }, strict)),
    /** Dialogs that were answered, tabs that opened: what no command's record has yet. */
    notes: Type.Array(Type.String()),
    /** Console and network problems since the page was last read. */
    problems: Type.Array(Type.String()),
    /** Object with a picture of it. */
    screenshot_object: Type.Optional(Type.String()),
  },
  strict,
);
export type PageView = Static<typeof pageView>;

/** What was done so that another browser could go on. */
export const resumption = Type.Object(
  {
    url: Type.String({ description: 'Where the new browser went on.' }),
    replayed: Type.Array(count, { description: 'Numbers of the commands that were done again.' }),
    notReplayed: Type.Array(count, { description: 'Of those since the last navigation that were not.' }),
    notes: Type.Array(Type.String()),
  },
  strict,
);
export type Resumption = Static<typeof resumption>;

export const liveCommandStatuses = ['pending', 'running', 'passed', 'failed', 'error', 'skipped'] as const;

/** One command of a live session. It lies among the checkpoints. */
export const liveCommandEntity = contract(
  'live-command',
  Type.Object({
    ...stored,
    kind: Type.Enum(['step', 'page']),
    session_id: Type.String(),
    user_id: Type.String(),
    /** Its number in the session, from 1. */
    position: Type.Integer({ minimum: 1 }),
    step: Type.Optional(step.schema),
    look: lookOptions,
    /** What its session had been changed to when it was sent. */
    settings: Type.Optional(liveSettings),
    screenshot: Type.Optional(Type.Boolean()),
    /** Number of the first step that was sent with it. */
    batch: count,
    stop_on_error: Type.Boolean(),
    status: Type.Enum([...liveCommandStatuses]),
    /** How often an instance was about to run it; more than once when instances died. */
    tries: Type.Optional(count),
    result: Type.Optional(stepResult.schema),
    /** Results of the steps inside it. */
    inner: Type.Optional(Type.Array(stepResult.schema)),
    snapshot: Type.Optional(snapshot),
    suggestions: Type.Optional(Type.Array(suggestion)),
    candidates: Type.Optional(Type.Array(candidate)),
    page: Type.Optional(pageView),
    resumed: Type.Optional(resumption),
    browser: Type.Optional(Type.String()),
    started_at: Type.Optional(time),
    ended_at: Type.Optional(time),
    trace: Type.Optional(Type.String()),
  }),
);
export type LiveCommandEntity = Static<typeof liveCommandEntity.schema>;
