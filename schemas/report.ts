import type { Static } from 'typebox';
import { commit } from './commit.ts';
import { contract } from './contract.ts';
import { sessionStatuses } from './entities.ts';
import { artifactKinds, type Step } from './step.ts';
import { Type } from './type.ts';

const time = Type.String({ format: 'date-time' });
const milliseconds = Type.Integer({ minimum: 0 });
const count = Type.Integer({ minimum: 0 });
const strings = Type.Array(Type.String());

const stepError = Type.Object({ type: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) });

const replacement = Type.Object({
  from: Type.String(),
  to: Type.String(),
  confidence: Type.Number(),
  evidence: strings,
});

/** A step's result as reports and HTTP bodies carry it: the stored one in camelCase, its screenshot as a link. */
const reportedResult = Type.Object({
  command: Type.String(),
  index: count,
  path: Type.Optional(Type.Array(Type.Union([count, Type.String()]))),
  iterations: Type.Optional(Type.Array(count)),
  status: Type.Enum(['passed', 'failed', 'error', 'skipped']),
  spared: Type.Optional(Type.Enum(['try', 'retry', 'optional'])),
  inherited: Type.Optional(Type.Boolean()),
  label: Type.Optional(Type.String()),
  startedAt: time,
  durationMs: milliseconds,
  target: Type.Optional(
    Type.Object({
      given: Type.String(),
      resolved: Type.Optional(Type.String()),
      strategy: Type.Optional(Type.String()),
      candidates: Type.Optional(strings),
    }),
  ),
  healed: Type.Optional(replacement),
  proposed: Type.Optional(replacement),
  value: Type.Optional(Type.Unknown()),
  expected: Type.Optional(Type.Unknown()),
  actual: Type.Optional(Type.Unknown()),
  error: Type.Optional(stepError),
  notes: Type.Optional(strings),
  console: count,
  network: Type.Object({ requests: count, failed: count }),
  problems: Type.Optional(strings),
});

/** `name` is the object's name, by which its bytes are found; `href` is where a browser finds it. */
const screenshot = Type.Object({ name: Type.String(), href: Type.String() });

const artifact = Type.Object({ kind: Type.Enum([...artifactKinds]), name: Type.String(), href: Type.String() });

const reportedStep = Type.Object({
  /** The step as it was written; the steps inside it follow it, when it was reached. */
  step: Type.Intersect([Type.Object({ command: Type.String() }), Type.Record(Type.String(), Type.Unknown())]),
  /** Absent when the step was never reached. */
  result: Type.Optional(reportedResult),
  /** Of a step inside another: how deep, and in which part of the step around: `then`, `iteration 2`, `catch`. */
  inside: Type.Optional(Type.Object({ depth: count, part: Type.String() })),
  screenshot: Type.Optional(screenshot),
  /** What else the step kept. */
  artifacts: Type.Optional(Type.Array(artifact)),
});

const reportedCheckpoint = Type.Object({
  id: Type.String(),
  position: count,
  name: Type.String(),
  status: Type.Enum(['pending', 'running', 'passed', 'failed', 'error', 'skipped']),
  startedAt: Type.Optional(time),
  endedAt: Type.Optional(time),
  durationMs: milliseconds,
  steps: Type.Array(reportedStep),
});

const reportedSession = Type.Object({
  id: Type.String(),
  /** The run that it was of, when that was an earlier one: what passed there was not run again. */
  runId: Type.Optional(Type.String()),
  testId: Type.String(),
  testName: Type.String(),
  /** Where the test was written. */
  file: Type.Optional(Type.String()),
  tags: strings,
  status: Type.Enum([...sessionStatuses]),
  /** Counts from 1, on from what earlier runs attempted. */
  attempt: Type.Integer({ minimum: 1 }),
  /** The data row that this session ran with. */
  row: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** Its place among the test's rows, from 0: rows may hold the same. */
  rowIndex: Type.Optional(count),
  startedAt: Type.Optional(time),
  endedAt: Type.Optional(time),
  durationMs: milliseconds,
  baseUrl: Type.Optional(Type.String()),
  browser: Type.String(),
  /** How often another instance had to take the session over. */
  resumed: count,
  error: Type.Optional(stepError),
  /** Link to the trace archive. */
  trace: Type.Optional(Type.String()),
  checkpoints: Type.Array(reportedCheckpoint),
});

/** Everything that is told of a run: the body of `results.json`, and what the HTML and JUnit reports are made of. */
export const runReport = contract(
  'run-report',
  Type.Object({
    run: Type.Object({
      id: Type.String(),
      status: Type.Enum(['queued', 'running', 'passed', 'failed', 'error', 'cancelled']),
      trigger: Type.String(),
      startedAt: Type.Optional(time),
      endedAt: Type.Optional(time),
      durationMs: milliseconds,
      /** `passed`, `failed` and `error` count sessions. */
      totals: Type.Object({
        sessions: count,
        passed: count,
        failed: count,
        error: count,
        checkpoints: count,
        steps: count,
      }),
      environment: Type.Optional(Type.String()),
      /** The commit that a sender outside started it for. */
      commit: Type.Optional(commit.schema),
      /** The run whose tests it ran again. */
      rerunOf: Type.Optional(Type.String()),
      /** Name of the test whose failure ended the run before its end: it was to fail fast. */
      stoppedBy: Type.Optional(Type.String()),
      /** Why it ended before its end, in words: its time was over. */
      error: Type.Optional(Type.String()),
    }),
    sessions: Type.Array(reportedSession),
    generatedAt: time,
    billableOperations: Type.Optional(count),
    /** What its own sessions cost at list prices, as if nothing were free: US dollars, and where and when those held. */
    cost: Type.Optional(
      Type.Object({
        usd: Type.Number({ minimum: 0 }),
        gbSeconds: Type.Number({ minimum: 0 }),
        region: Type.String(),
        pricesOf: Type.String(),
      }),
    ),
    /** The product's version. */
    version: Type.String(),
  }),
);

export type ReportedResult = Static<typeof reportedResult>;
export type ReportedArtifact = Static<typeof artifact>;
export interface ReportedStep {
  step: Pick<Step, 'command'> & { [field: string]: unknown };
  result?: ReportedResult;
  inside?: { depth: number; part: string };
  screenshot?: Static<typeof screenshot>;
  artifacts?: ReportedArtifact[];
}
export type ReportedCheckpoint = Omit<Static<typeof reportedCheckpoint>, 'steps'> & { steps: ReportedStep[] };
export type ReportedSession = Omit<Static<typeof reportedSession>, 'checkpoints'> & {
  checkpoints: ReportedCheckpoint[];
};
export type RunReport = Omit<Static<typeof runReport.schema>, 'sessions'> & { sessions: ReportedSession[] };
