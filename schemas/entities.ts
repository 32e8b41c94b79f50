import type { Static, TProperties } from 'typebox';
import { commit } from './commit.ts';
import { contract } from './contract.ts';
import { priorities } from './priorities.ts';
import { ownQuotas } from './quotas.ts';
import { step, stepResult } from './step.ts';
import { fileSource } from './stored-files.ts';
import { diagnostic, testConfig, testDefinition } from './test-definition.ts';
import { Type } from './type.ts';

/** Stored timestamps are Dates in code and native timestamps in Firestore. */
const time = Type.Unsafe<Date>(Type.Object({}));
const nullable = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);
const entity = <P extends TProperties>(fields: P) =>
  Type.Object({ id: Type.String(), created_at: time, updated_at: time, ...fields });
const variables = Type.Record(Type.String(), Type.Unknown());
const count = Type.Integer({ minimum: 0 });

export const sessionStatuses = [
  'queued',
  'running',
  'idle',
  'waiting',
  'passed',
  'failed',
  'error',
  'cancelled',
  'expired',
  'closed',
] as const;
export const runStatuses = ['queued', 'running', 'passed', 'failed', 'error', 'cancelled'] as const;
export const checkpointStatuses = ['pending', 'running', 'passed', 'failed', 'error', 'skipped'] as const;

/** What the last run of a test that came to a verdict made of it. */
const testOutcome = Type.Object({
  verdict: Type.Enum(['passed', 'flaky', 'failed']),
  content_hash: Type.String(),
  run_id: Type.String(),
  ended_at: time,
  /** What had changed by it. */
  changes: Type.Array(Type.Enum(['became_failing', 'recovered', 'flaky'])),
  /** The test was another one when it was judged before. */
  content_changed: Type.Boolean(),
  /** End of the first run of an unbroken line of failures; of the one that is over when it has recovered. */
  failing_since: Type.Optional(time),
});
export type TestOutcome = Static<typeof testOutcome>;

export const testEntity = contract(
  'test',
  entity({
    user_id: Type.String(),
    name: Type.String(),
    object: Type.Object({ bucket: Type.String(), name: Type.String(), generation: Type.String() }),
    form: nullable(Type.String()),
    definition: Type.Union([testDefinition.schema, Type.Null()]),
    content_hash: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    status: Type.Enum(['ready', 'invalid']),
    diagnostics: Type.Array(diagnostic.schema),
    tags: Type.Array(Type.String()),
    /** The suite whose file holds the test. */
    suite_id: Type.Optional(Type.String()),
    /** Not of one that is invalid, of a suite, or made of several files. */
    source: Type.Optional(fileSource.schema),
    last_outcome: Type.Optional(testOutcome),
  }),
);
export type TestEntity = Static<typeof testEntity.schema>;

export const suiteEntity = contract(
  'suite',
  entity({
    user_id: Type.String(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    /** The file that holds it and its tests; none of a suite that names tests of others. */
    object: Type.Optional(Type.Object({ bucket: Type.String(), name: Type.String(), generation: Type.String() })),
    /** Of its file, when it takes in no others. */
    source: Type.Optional(fileSource.schema),
    /** Ids of its tests, in their order; none of a suite with a selector. */
    tests: Type.Array(Type.String()),
    /** Its tests are those that fit when it is run. */
    selector: Type.Optional(
      Type.Object({ tags: Type.Optional(Type.Array(Type.String())), path: Type.Optional(Type.String()) }),
    ),
    version: Type.Integer({ minimum: 1 }),
  }),
);
export type SuiteEntity = Static<typeof suiteEntity.schema>;

/** One version of a checkpoint that tests use by its name. */
export const libraryEntity = contract(
  'library-checkpoint',
  entity({
    user_id: Type.String(),
    name: Type.String(),
    description: Type.Optional(Type.String()),
    version: Type.Integer({ minimum: 1 }),
    steps: Type.Array(step.schema),
    /** What `with` may give; without a default it must. */
    parameters: Type.Array(Type.Object({ name: Type.String(), default: Type.Optional(Type.Unknown()) })),
    content_hash: Type.String(),
  }),
);
export type LibraryEntity = Static<typeof libraryEntity.schema>;

export const runEntity = contract(
  'run',
  entity({
    user_id: Type.String(),
    /** What the run was asked to execute. */
    selection: Type.Object({
      tests: Type.Array(Type.String()),
      /** The suite that the tests are of, when it was asked for. */
      suite: Type.Optional(Type.String()),
      /** The tags that the tests have, when it was asked for them. */
      tags: Type.Optional(Type.Array(Type.String())),
      definitions: Type.Array(testDefinition.schema),
      baseUrl: Type.Optional(Type.String()),
      variables,
      retries: Type.Optional(Type.Integer()),
      timeout: Type.Optional(Type.Integer()),
      environment: Type.Optional(Type.String()),
      updateSnapshots: Type.Optional(Type.Enum(['missing', 'changed', 'none'])),
      failFast: Type.Optional(Type.Boolean()),
      /** Its sessions at once, at most. */
      parallel: Type.Optional(Type.Integer()),
      /** Which of a user's runs are given slots first. */
      priority: Type.Optional(Type.Enum([...priorities])),
      /** Ms after which it is ended. */
      runTimeout: Type.Optional(Type.Integer()),
    }),
    status: Type.Enum([...runStatuses]),
    trigger: Type.Enum(['api', 'upload', 'rerun', 'schedule', 'event']),
    /** The schedule or the trigger that started it. */
    started_by: Type.Optional(Type.String()),
    commit: Type.Optional(commit.schema),
    /** The run whose tests it runs again. */
    rerun_of: Type.Optional(Type.String()),
    /** Only what did not pass of that one. */
    failed_only: Type.Optional(Type.Boolean()),
    totals: Type.Object({
      sessions: count,
      passed: count,
      failed: count,
      error: count,
      checkpoints: count,
      steps: count,
    }),
    report: Type.Optional(Type.Record(Type.String(), Type.String())),
    error: Type.Optional(Type.String()),
    /** Somebody wants the run to end. */
    cancel_requested_at: Type.Optional(time),
    /** The session whose failure ended a run that fails fast: it is no cancelled run then. */
    failed_fast_by: Type.Optional(Type.String()),
    /** Its time was over before its sessions were. */
    timed_out: Type.Optional(Type.Boolean()),
    /** Another run of the user's had to hold sessions back while this one was planned. */
    contended: Type.Optional(Type.Boolean()),
    /** The session whose end settled the run. */
    settled_by: Type.Optional(Type.String()),
    started_at: Type.Optional(time),
    ended_at: Type.Optional(time),
    trace: Type.Optional(Type.String()),
  }),
);
export type RunEntity = Static<typeof runEntity.schema>;

const failure = Type.Object({ type: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) });

const waitsFor = Type.Union([Type.Enum(['slot', 'turn']), Type.Null()]);

export const sessionEntity = contract(
  'session',
  entity({
    user_id: Type.String(),
    run_id: Type.String(),
    test_id: Type.String(),
    test_name: Type.String(),
    content_hash: Type.String(),
    file: Type.Optional(Type.String()),
    tags: Type.Array(Type.String()),
    kind: Type.Enum(['run', 'live']),
    status: Type.Enum([...sessionStatuses]),
    trigger: Type.String(),
    base_url: Type.Optional(Type.String()),
    /** Name of the environment that its steps see. */
    environment: Type.Optional(Type.String()),
    update_snapshots: Type.Optional(Type.Enum(['missing', 'changed', 'none'])),
    config: testConfig.schema,
    variables,
    row: Type.Optional(variables),
    row_index: Type.Optional(Type.Integer()),
    /** Order in the run, from 0; attempts of one test and row share it. */
    position: count,
    attempt: Type.Integer({ minimum: 1 }),
    /** How many attempts there may be. */
    attempts: Type.Integer({ minimum: 1 }),
    /** Set when a later attempt has replaced this one's verdict. */
    superseded: Type.Boolean(),
    /** The run cannot end yet: the session has not ended, or it has and another attempt is still to be made of it. */
    awaited: Type.Boolean(),
    /** What it waits for before it is put on the queue: its run's turn, then a slot of its user's. */
    held: Type.Optional(waitsFor),
    /** What its end gives to a session that is held back: its slot, or also its run's turn. */
    hands_on: Type.Optional(waitsFor),
    /** The session that was given its slot. */
    passed_to: Type.Optional(Type.String()),
    /** Place among those of its user's that are held back: the least is first. */
    rank: Type.Optional(Type.String()),
    lease: Type.Optional(Type.Object({ owner: Type.String(), expires_at: time })),
    /** How often another instance had to take over. */
    resumed: count,
    checkpoint_count: count,
    step_count: count,
    passed_steps: count,
    failed_steps: count,
    error: Type.Optional(failure),
    trace_object: Type.Optional(Type.String()),
    browser: Type.Optional(Type.String()),
    cold_start: Type.Optional(Type.Boolean()),
    gb_seconds: Type.Optional(Type.Number()),
    /** How long it has had a browser, as far as that has ended. */
    browser_ms: Type.Optional(count),
    /** What was stored of it: pictures, traces, states. */
    stored_bytes: Type.Optional(count),
    billable_operations: Type.Optional(count),
    started_at: Type.Optional(time),
    ended_at: Type.Optional(time),
    expires_at: time,
    trace: Type.Optional(Type.String()),
  }),
);
export type SessionEntity = Static<typeof sessionEntity.schema>;
export type SessionStatus = SessionEntity['status'];

export const checkpointEntity = contract(
  'checkpoint',
  entity({
    session_id: Type.String(),
    run_id: Type.String(),
    test_id: Type.String(),
    user_id: Type.String(),
    position: count,
    name: Type.String(),
    /** A teardown runs even when the session has stopped. */
    phase: Type.Enum(['setup', 'main', 'teardown']),
    steps: Type.Array(step.schema),
    results: Type.Array(stepResult.schema),
    status: Type.Enum([...checkpointStatuses]),
    /** The session ended in this checkpoint: the ones after it are not run. */
    stopped: Type.Optional(Type.Boolean()),
    /** Object with the results' values, when they are too large for the document. */
    results_object: Type.Optional(Type.String()),
    /** Object with the browser's state after this checkpoint, encrypted. */
    state_object: Type.Optional(Type.String()),
    attempt: Type.Integer({ minimum: 1 }),
    browser: Type.Optional(Type.String()),
    started_at: Type.Optional(time),
    ended_at: Type.Optional(time),
    trace: Type.Optional(Type.String()),
  }),
);
export type CheckpointEntity = Static<typeof checkpointEntity.schema>;

export const userRoles = ['viewer', 'developer', 'admin', 'service'] as const;

export const userEntity = contract(
  'user',
  entity({
    email: Type.String(),
    name: Type.String(),
    role: Type.Enum([...userRoles]),
    settings: Type.Record(Type.String(), Type.Unknown()),
    /** In place of what all have. */
    quotas: Type.Optional(ownQuotas),
    disabled: Type.Boolean(),
  }),
);
export type UserEntity = Static<typeof userEntity.schema>;

export const apiKeyEntity = contract(
  'api-key',
  entity({
    /** What people call the key by; the document's id is the SHA-256 of the key itself, in hexadecimal. */
    key_id: Type.String(),
    user_id: Type.String(),
    name: Type.String(),
    /** The key's first characters, for people to know it by. */
    prefix: Type.String(),
    scopes: Type.Array(Type.String()),
    expires_at: Type.Optional(time),
    revoked_at: Type.Optional(time),
    last_used_at: Type.Optional(time),
  }),
);
export type ApiKeyEntity = Static<typeof apiKeyEntity.schema>;

const texts = Type.Record(Type.String(), Type.String());

export const environmentEntity = contract(
  'environment',
  entity({
    user_id: Type.String(),
    /** Unique among the user's; the id follows from it. */
    name: Type.String(),
    /** Name of the environment that it adds to. */
    parent: Type.Optional(Type.String()),
    variables: texts,
    /** Encrypted, by name. */
    secrets: texts,
    /** Names of the user's objects, by the name that steps know them by. */
    files: texts,
  }),
);
export type EnvironmentEntity = Static<typeof environmentEntity.schema>;

export const webhookSignatures = ['v1', 'v1a'] as const;
export const webhookPayloads = ['full', 'thin'] as const;
export const webhookFormats = ['json', 'slack', 'teams', 'github-check'] as const;

export const webhookEntity = contract(
  'webhook',
  entity({
    user_id: Type.String(),
    url: Type.String(),
    /** Types of events, or `run.*`, or `*`. */
    events: Type.Array(Type.String()),
    /** False while it is paused, or when it was disabled. */
    active: Type.Boolean(),
    description: Type.Optional(Type.String()),
    /** Sent along with every delivery: encrypted, by name in lower case. */
    headers: texts,
    /** Which events of the types are sent; all when it is empty. */
    filters: Type.Object({
      /** Only of tests with one of these tags, and of runs with such a test. */
      tags: Type.Optional(Type.Array(Type.String())),
      /** Of runs and sessions only that they ended with another verdict than the time before. */
      only_changes: Type.Optional(Type.Boolean()),
    }),
    payload: Type.Enum([...webhookPayloads]),
    format: Type.Enum([...webhookFormats]),
    /** `v1` HMAC-SHA256, `v1a` Ed25519. */
    signature: Type.Enum([...webhookSignatures]),
    /** The first signs; the others sign too until they expire. */
    secrets: Type.Array(
      Type.Object({
        /** Encrypted. */
        sealed: Type.String(),
        public_key: Type.Optional(Type.String()),
        expires_at: Type.Optional(time),
      }),
    ),
    /** Attempts a second, at most. */
    rate_limit: Type.Optional(Type.Number()),
    /** Attempts at a time, at most, over all instances. */
    concurrency: Type.Optional(Type.Integer()),
    /** What tells of one run is sent in the order in which it happened, one after the other. */
    ordered: Type.Optional(Type.Boolean()),
    /** The page of the user's subscribers that it is on; on none while nothing is sent. */
    page: Type.Optional(Type.String()),
    failing_since: Type.Optional(time),
    disabled_reason: Type.Optional(Type.String()),
  }),
);
export type WebhookEntity = Static<typeof webhookEntity.schema>;

export const hookSenders = ['github', 'gitlab', 'generic'] as const;

/** A way for a sender outside to start a run. */
export const hookEntity = contract(
  'hook',
  entity({
    user_id: Type.String(),
    name: Type.String(),
    sender: Type.Enum([...hookSenders]),
    /** The sender's events that start a run; all when there are none named. */
    events: Type.Array(Type.String()),
    active: Type.Boolean(),
    /** Encrypted. */
    secret: Type.String(),
    /** What is run: tests, or the tests that a suite has then. */
    tests: Type.Array(Type.String()),
    suite: Type.Optional(Type.String()),
    environment: Type.Optional(Type.String()),
    base_url: Type.Optional(Type.String()),
    variables,
  }),
);
export type HookEntity = Static<typeof hookEntity.schema>;

/** `prompt` is for what is new; what failed, or is much at once, waits in the `backlog`. */
export const deliveryLanes = ['prompt', 'backlog'] as const;
export type DeliveryLane = (typeof deliveryLanes)[number];
export const deliveryStatuses = ['pending', 'delivered', 'failed', 'discarded'] as const;

export const deliveryEntity = contract(
  'delivery',
  entity({
    webhook_id: Type.String(),
    user_id: Type.String(),
    event_id: Type.String(),
    type: Type.String(),
    /** The body that is sent, byte for byte. */
    body: Type.String(),
    status: Type.Enum([...deliveryStatuses]),
    attempts: Type.Array(
      Type.Object({
        at: time,
        status: Type.Union([Type.Integer(), Type.Null()]),
        duration_ms: count,
        error: Type.Union([Type.String(), Type.Null()]),
        /** The first kilobyte of what the endpoint answered, secrets masked. */
        answer: Type.Optional(Type.String()),
      }),
    ),
    /** Attempts before somebody had it sent again: the schedule starts anew with the next. */
    sent_again_after: Type.Optional(count),
    next_attempt_at: Type.Union([time, Type.Null()]),
    /** Of endpoints that want order: what it is one of, and its place among those. */
    order: Type.Optional(Type.Object({ key: Type.String(), place: Type.String() })),
    /** The queue of the first attempt. */
    lane: Type.Optional(Type.Enum([...deliveryLanes])),
    /** The task that alone makes the next attempt, where another one had been made for it before. */
    handed_to: Type.Optional(Type.String()),
    expires_at: time,
    trace: Type.Optional(Type.String()),
  }),
);
export type DeliveryEntity = Static<typeof deliveryEntity.schema>;
