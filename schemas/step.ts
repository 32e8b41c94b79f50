import type { Static } from 'typebox';
import type { Condition } from './condition.ts';
import { contract } from './contract.ts';
import { Type } from './type.ts';

/** Longest time a step may be given, in milliseconds. */
export const LONGEST_STEP_MS = 600_000;

/** The fields that every step takes beside those of its command. */
export const stepOptions = Type.Object({
  label: Type.Optional(Type.String({ description: 'What the step is for, in the words of its author.' })),
  timeoutMs: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LONGEST_STEP_MS,
      description: "Milliseconds; default: the test's config.timeout.",
    }),
  ),
  onFailure: Type.Optional(
    Type.Enum(['stop', 'continue'], { description: 'Whether the session goes on when the step fails or errs.' }),
  ),
  optional: Type.Optional(Type.Boolean({ description: 'A failure is recorded as skipped.' })),
  retry: Type.Optional(
    Type.Object(
      {
        count: Type.Integer({ minimum: 1, maximum: 10 }),
        delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
      },
      { additionalProperties: false, description: 'Tries again when the step fails or errs.' },
    ),
  ),
  if: Type.Optional(
    Type.Unsafe<Condition>({
      type: 'object',
      holds: 'condition',
      description: 'Runs the step only when this holds; one look, without waiting.',
    }),
  ),
  screenshot: Type.Optional(Type.Boolean({ description: 'Overrides config.screenshots for this step.' })),
});

/** The fields of the `control` commands that hold steps, in the order in which they run. */
export const innerFields = ['then', 'else', 'steps', 'catch', 'finally'] as const;

/** One command with its fields, in canonical form. The command's own contract checks the fields that are not listed here. */
export const step = contract(
  'step',
  Type.Intersect([Type.Object({ command: Type.String({ pattern: '^[a-z]+\\.[a-z-]+$' }) }), stepOptions]),
);
export type StepOptions = Static<typeof stepOptions>;
export type Step = { command: string } & StepOptions & { [field: string]: unknown };

const status = Type.Enum(['passed', 'failed', 'error', 'skipped']);

/** What a step may keep beside its screenshot: a picture that was asked for, a file that came, or a comparison's three. */
export const artifactKinds = ['picture', 'download', 'expected', 'actual', 'diff'] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

const replacement = Type.Object({
  from: Type.String(),
  to: Type.String(),
  confidence: Type.Number(),
  evidence: Type.Array(Type.String()),
});

/** What one executed step did. `failed`: an assertion did not hold. `error`: it could not be executed. */
export const stepResult = contract(
  'step-result',
  Type.Object({
    command: Type.String(),
    /** Number of the executed step in its checkpoint, from 0. Steps whose results are not kept leave gaps. */
    index: Type.Integer({ minimum: 0 }),
    /** Of a step inside another: where it stands in the checkpoint's steps, `[2, 'then', 0]`. */
    path: Type.Optional(Type.Array(Type.Union([Type.Integer({ minimum: 0 }), Type.String()]))),
    /** Of a step inside loops: the iterations that it ran in, from 1, the outermost loop's first. */
    iterations: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }))),
    status,
    /** Why its failure does not count: a try caught it, the step around it was tried again, or is optional. */
    spared: Type.Optional(Type.Enum(['try', 'retry', 'optional'])),
    /** The status is that of a step inside, whose own result tells why. */
    inherited: Type.Optional(Type.Boolean()),
    label: Type.Optional(Type.String()),
    started_at: Type.String({ format: 'date-time' }),
    duration_ms: Type.Integer({ minimum: 0 }),
    target: Type.Optional(
      Type.Object({
        given: Type.String(),
        resolved: Type.Optional(Type.String()),
        strategy: Type.Optional(Type.String()),
        candidates: Type.Optional(Type.Array(Type.String())),
      }),
    ),
    /** What was used in place of an element that was no longer found; `confidence` from 0 to 1. */
    healed: Type.Optional(replacement),
    /** What might have been used, had the test allowed it or had it been surer. */
    proposed: Type.Optional(replacement),
    value: Type.Optional(Type.Unknown()),
    expected: Type.Optional(Type.Unknown()),
    actual: Type.Optional(Type.Unknown()),
    error: Type.Optional(
      Type.Object({ type: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) }),
    ),
    /** What happened that nobody asked for: a dialog that was dismissed, a retry, a reason for skipping. */
    notes: Type.Optional(Type.Array(Type.String())),
    /** Name of the object in the artifacts bucket. */
    screenshot: Type.Optional(Type.String()),
    /** What else the step kept: names of objects in the artifacts bucket. */
    artifacts: Type.Optional(Type.Array(Type.Object({ kind: Type.Enum([...artifactKinds]), name: Type.String() }))),
    /** Console errors and warnings during the step. */
    console: Type.Integer({ minimum: 0 }),
    network: Type.Object({ requests: Type.Integer({ minimum: 0 }), failed: Type.Integer({ minimum: 0 }) }),
    /** The console and network problems themselves, bounded. */
    problems: Type.Optional(Type.Array(Type.String())),
  }),
);
export type StepResult = Static<typeof stepResult.schema>;
export type StepStatus = StepResult['status'];
