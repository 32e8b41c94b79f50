import type { CheckpointEntity, RunEntity, SessionEntity } from '../../schemas/entities.ts';
import type { ReportedCheckpoint, ReportedResult, ReportedSession, RunReport } from '../../schemas/report.ts';
import type { Step, StepResult } from '../../schemas/step.ts';
import { camelize } from '../http/camelize.ts';

/** What a report is made of. */
export interface ReportSource {
  readonly run: RunEntity;
  readonly sessions: readonly { readonly session: SessionEntity; readonly checkpoints: readonly CheckpointEntity[] }[];
  readonly version: string;
  /** Where an artifact is found. */
  href(objectName: string): string;
}

/** A run's documents as a report. It is the same however often it is built. */
export function reportFrom({ run, sessions, version, href }: ReportSource): RunReport {
  const operations = sessions.reduce((sum, { session }) => sum + (session.billable_operations ?? 0), 0);
  return {
    run: {
      id: run.id,
      status: run.status,
      trigger: run.trigger,
      ...times(run),
      totals: run.totals,
    },
    sessions: sessions.map(({ session, checkpoints }) => reportSession(session, checkpoints, href)),
    generatedAt: (run.ended_at ?? run.updated_at).toISOString(),
    billableOperations: operations,
    version,
  };
}

function times({ started_at: start, ended_at: end }: { started_at?: Date; ended_at?: Date }) {
  return {
    ...(start ? { startedAt: start.toISOString() } : {}),
    ...(end ? { endedAt: end.toISOString() } : {}),
    durationMs: start && end ? Math.max(0, end.getTime() - start.getTime()) : 0,
  };
}

function reportSession(
  session: SessionEntity,
  checkpoints: readonly CheckpointEntity[],
  href: ReportSource['href'],
): ReportedSession {
  return {
    id: session.id,
    testId: session.test_id,
    testName: session.test_name,
    ...(session.file === undefined ? {} : { file: session.file }),
    tags: session.tags,
    status: session.status,
    attempt: session.attempt,
    ...(session.row === undefined ? {} : { row: session.row }),
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
  const results = new Map(checkpoint.results.map((result) => [result.index, result]));
  return {
    id: checkpoint.id,
    position: checkpoint.position,
    name: checkpoint.name,
    status: checkpoint.status,
    ...times(checkpoint),
    steps: (checkpoint.steps as Step[]).map((step, index) => {
      const result = results.get(index);
      if (!result) return { step };
      const { screenshot, ...rest } = result;
      return {
        step,
        result: reportResult(rest),
        ...(screenshot === undefined ? {} : { screenshot: { name: screenshot, href: href(screenshot) } }),
      };
    }),
  };
}

const reportResult = (result: StepResult): ReportedResult => camelize(result) as ReportedResult;
