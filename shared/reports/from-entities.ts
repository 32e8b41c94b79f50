import type { CheckpointEntity, RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type {
  ReportedCheckpoint,
  ReportedResult,
  ReportedSession,
  ReportedStep,
  RunReport,
} from '../../schemas/report.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { priceList } from '../cost/prices.ts';
import { sessionCost } from '../cost/session-cost.ts';
import { millisecondsBetween } from '../domain/durations.ts';
import { stepAt, withoutInner } from '../domain/inner-steps.ts';
import { casesOf } from '../domain/not-passed.ts';
import { veil } from '../engine/mask.ts';
import { camelize } from '../http/camelize.ts';

/** What a report is made of. */
export interface ReportSource {
  readonly run: RunEntity;
  /** Of the run in their order; before them those of earlier runs, of which it ran again only what did not pass. */
  readonly sessions: readonly { readonly session: SessionEntity; readonly checkpoints: readonly CheckpointEntity[] }[];
  readonly version: string;
  /** Where an artifact is found. */
  href(objectName: string): string;
}

/** A run's documents as a report. It is the same however often it is built. */
export function reportFrom({ run, sessions, version, href }: ReportSource): RunReport {
  const all = inOneCount(run, sessions);
  const own = sessions.filter(({ session }) => session.run_id === run.id);
  const operations = own.reduce((sum, { session }) => sum + (session.billable_operations ?? 0), 0);
  return {
    run: {
      id: run.id,
      status: run.status,
      trigger: run.trigger,
      ...times(run),
      totals: totalsOf(run, all),
      ...(run.selection.environment === undefined ? {} : { environment: run.selection.environment }),
      ...(run.commit === undefined ? {} : { commit: run.commit }),
      ...(run.rerun_of === undefined ? {} : { rerunOf: run.rerun_of }),
      ...stoppedBy(run, all),
      ...(run.error === undefined ? {} : { error: run.error }),
    },
    sessions: all.map((one) => reportSession(run, one, href)),
    generatedAt: (run.ended_at ?? run.updated_at).toISOString(),
    billableOperations: operations,
    cost: costOf(own, operations),
    version,
  };
}

function costOf(own: readonly Source[], operations: number): NonNullable<RunReport['cost']> {
  const gbSeconds = own.reduce((sum, { session }) => sum + (session.gb_seconds ?? 0), 0);
  const { total: usd } = sessionCost({ gibSeconds: gbSeconds, operations });
  return { usd, gbSeconds, region: priceList.region, pricesOf: priceList.date };
}

function stoppedBy(run: RunEntity, sessions: readonly Source[]): Pick<RunReport['run'], 'stoppedBy'> {
  const by = sessions.find(({ session }) => session.id === run.failed_fast_by);
  return by ? { stoppedBy: by.session.test_name } : {};
}

type Source = ReportSource['sessions'][number];

/** The attempts of each test and row counted on over the runs, beside one another. */
function inOneCount(run: RunEntity, sessions: ReportSource['sessions']): Source[] {
  if (sessions.every(({ session }) => session.run_id === run.id)) return [...sessions];
  const caseOf = casesOf(sessions.map(({ session }) => session));
  const counted = [...Map.groupBy(sessions, ({ session }) => caseOf(session)).values()].flatMap((attempts) => {
    const { row_index } = attempts.at(-1)?.session ?? {};
    return attempts.map(({ session, checkpoints }, before) => ({
      session: {
        ...session,
        ...(row_index === undefined ? {} : { row_index }),
        attempt: before + 1,
        superseded: before + 1 < attempts.length,
      },
      checkpoints,
    }));
  });
  return counted.sort((a, b) => a.session.position - b.session.position);
}

/** A run's own totals; with what was run before it, those of all last attempts. */
function totalsOf(run: RunEntity, sessions: readonly Source[]): RunReport['run']['totals'] {
  if (sessions.every(({ session }) => session.run_id === run.id)) return run.totals;
  const last = sessions.filter(({ session }) => !session.superseded).map(({ session }) => session);
  const having = (status: string) => last.filter((session) => session.status === status).length;
  const sum = (count: (session: SessionEntity) => number) => last.reduce((total, one) => total + count(one), 0);
  return {
    sessions: last.length,
    ...{ passed: having('passed'), failed: having('failed'), error: having('error') },
    checkpoints: sum(({ checkpoint_count }) => checkpoint_count),
    steps: sum(({ step_count }) => step_count),
  };
}

function times({ started_at: start, ended_at: end }: { started_at?: Date; ended_at?: Date }) {
  return {
    ...(start ? { startedAt: start.toISOString() } : {}),
    ...(end ? { endedAt: end.toISOString() } : {}),
    durationMs: start && end ? millisecondsBetween(start, end) : 0,
  };
}

function reportSession(run: RunEntity, { session, checkpoints }: Source, href: ReportSource['href']): ReportedSession {
  return {
    id: session.id,
    ...(session.run_id === run.id ? {} : { runId: session.run_id }),
    testId: session.test_id,
    testName: session.test_name,
    ...(session.file === undefined ? {} : { file: session.file }),
    tags: session.tags,
    status: session.status,
    attempt: session.attempt,
    ...(session.row === undefined ? {} : { row: session.row }),
    ...(session.row_index === undefined ? {} : { rowIndex: session.row_index }),
    ...times(session),
    ...(session.base_url === undefined ? {} : { baseUrl: session.base_url }),
    browser: session.browser ?? 'chromium',
    resumed: session.resumed,
    ...(session.error === undefined ? {} : { error: session.error }),
    ...(session.trace_object === undefined ? {} : { trace: href(session.trace_object) }),
    checkpoints: checkpoints.map((checkpoint) => reportCheckpoint(checkpoint, href)),
  };
}

function reportCheckpoint(checkpoint: CheckpointEntity, href: ReportSource['href']): ReportedCheckpoint {
  return {
    id: checkpoint.id,
    position: checkpoint.position,
    name: checkpoint.name,
    status: checkpoint.status,
    ...times(checkpoint),
    steps: reportSteps(checkpoint, href),
  };
}

/** The steps that were reached, each before those inside it, then the others. */
function reportSteps(checkpoint: CheckpointEntity, href: ReportSource['href']): ReportedStep[] {
  const steps = checkpoint.steps as Step[];
  let own = 0;
  const reached = checkpoint.results.flatMap((result): ReportedStep[] => {
    const step = stepAt(steps, result.path ?? [own++]);
    return step ? [{ ...reportStep(step, result, href), ...insideOf(steps, result) }] : [];
  });
  return [...reached, ...steps.slice(own).map((step) => ({ step: withoutSecrets(step) }))];
}

function insideOf(steps: readonly Step[], { path, iterations = [] }: StepResult): Pick<ReportedStep, 'inside'> {
  if (path === undefined) return {};
  const around = stepAt(steps, path.slice(0, -2));
  const field = String(path.at(-2));
  const part = field === 'steps' ? partOf(around, iterations.at(-1)) : field;
  return { inside: { depth: (path.length - 1) / 2, part } };
}

function partOf(around: Step | undefined, iteration: number | undefined): string {
  if (around?.command !== 'control.loop') return around?.command === 'control.try' ? 'try' : 'steps';
  return iteration === undefined ? 'no iteration' : `iteration ${iteration}`;
}

function reportStep(
  step: Step,
  { screenshot, artifacts, ...result }: StepResult,
  href: ReportSource['href'],
): ReportedStep {
  return {
    step: withoutSecrets(withoutInner(step)),
    result: reportResult(result),
    ...(screenshot === undefined ? {} : { screenshot: { name: screenshot, href: href(screenshot) } }),
    ...(artifacts === undefined ? {} : { artifacts: artifacts.map((one) => ({ ...one, href: href(one.name) })) }),
  };
}

/** A step as it was written, but for what it marks as secret, in itself and in the steps inside it. */
function withoutSecrets<T>(given: T): T {
  if (Array.isArray(given)) return given.map(withoutSecrets) as T;
  if (typeof given !== 'object' || given === null) return given;
  const hidden = 'secret' in given && given.secret === true && 'text' in given ? { text: veil } : {};
  return {
    ...Object.fromEntries(Object.entries(given).map(([key, value]) => [key, withoutSecrets(value)])),
    ...hidden,
  } as T;
}

const reportResult = (result: StepResult): ReportedResult => camelize(result) as ReportedResult;
