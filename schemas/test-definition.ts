import type { Static } from 'typebox';
import { contract } from './contract.ts';
import { type Step, step } from './step.ts';
import { Type } from './type.ts';

/** How a test is run, when its file says nothing. */
export const configDefaults = {
  timeout: 30_000,
  testTimeout: 300_000,
  retries: 0,
  onFailure: 'stop',
  viewport: { width: 1280, height: 720 },
  browser: 'chromium',
  screenshots: 'every-step',
  trace: 'failures',
  healing: 'propose',
} as const;

/** A test's configuration; what is left out takes `configDefaults`. Durations are milliseconds. */
export const testConfig = contract(
  'test-config',
  Type.Object(
    {
      timeout: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000, description: 'A step, in ms.' })),
      testTimeout: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 3_300_000, description: 'The whole test, in ms.' }),
      ),
      retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 5, description: 'Of the whole test.' })),
      onFailure: Type.Optional(Type.Enum(['stop', 'continue'])),
      viewport: Type.Optional(
        Type.Object(
          {
            width: Type.Integer({ minimum: 100, maximum: 7680 }),
            height: Type.Integer({ minimum: 100, maximum: 4320 }),
          },
          { additionalProperties: false },
        ),
      ),
      locale: Type.Optional(Type.String()),
      timezone: Type.Optional(Type.String()),
      userAgent: Type.Optional(Type.String()),
      device: Type.Optional(Type.String({ description: "One of Playwright's device names: iPhone 15, Pixel 7, …" })),
      browser: Type.Optional(Type.Enum(['chromium'])),
      screenshots: Type.Optional(Type.Enum(['failures', 'every-step', 'none'])),
      trace: Type.Optional(Type.Enum(['failures', 'always', 'none'])),
      healing: Type.Optional(Type.Enum(['off', 'propose', 'apply'])),
    },
    { additionalProperties: false },
  ),
);
export type TestConfig = Static<typeof testConfig.schema>;

const variables = Type.Record(Type.String(), Type.Unknown());
const row = Type.Record(Type.String(), Type.Unknown());

/** The one form that every test file becomes. */
export const testDefinition = contract(
  'test-definition',
  Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 500 }),
      description: Type.Optional(Type.String()),
      tags: Type.Array(Type.String()),
      baseUrl: Type.Optional(Type.String()),
      config: testConfig.schema,
      variables,
      environment: Type.Optional(Type.String()),
      /** One session a row; no row means one session. */
      data: Type.Array(row),
      setup: Type.Array(step.schema),
      checkpoints: Type.Array(
        Type.Object(
          { name: Type.String({ minLength: 1 }), steps: Type.Array(step.schema) },
          { additionalProperties: false },
        ),
        { minItems: 1 },
      ),
      teardown: Type.Array(step.schema),
    },
    { additionalProperties: false },
  ),
);

/** A test in canonical form; its steps are checked by the contracts of their commands. */
export interface TestDefinition {
  name: string;
  description?: string;
  tags: string[];
  baseUrl?: string;
  config: TestConfig;
  variables: Record<string, unknown>;
  environment?: string;
  data: Record<string, unknown>[];
  setup: Step[];
  checkpoints: { name: string; steps: Step[] }[];
  teardown: Step[];
}

/** One thing that is wrong, or suspicious, in a test file. Lines and columns count from 1. */
export const diagnostic = contract(
  'diagnostic',
  Type.Object({
    severity: Type.Enum(['error', 'warning']),
    /** Stable kebab-case name of the kind of problem: `unknown-key`, `yaml-syntax`, `two-forms`. */
    code: Type.String(),
    message: Type.String(),
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1 }),
    /** The offending text, at most a line. */
    text: Type.Optional(Type.String()),
    /** How to mend it. */
    hint: Type.Optional(Type.String()),
    file: Type.Optional(Type.String()),
  }),
);
export type Diagnostic = Static<typeof diagnostic.schema>;
