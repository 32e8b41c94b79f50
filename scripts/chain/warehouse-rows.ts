import { isDeepStrictEqual } from 'node:util';
import type { CheckpointEntity, SessionEntity } from '../../schemas/entities.ts';
import type { StepResult } from '../../schemas/step.ts';
import { millisecondsBetween } from '../../shared/domain/durations.ts';
import { commandExecutions, testRuns } from '../../shared/resources/tables.ts';
import { onceOf } from '../../shared/resources/views.ts';
import { plain } from '../local/bigquery/plain.ts';
import type { SuiteCloud } from './suite-cloud.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * What the warehouse says of a run otherwise than the run's documents do, a sentence for each row: every column is
 * compared, but for the event's id, which no document has.
 */
export async function rowDifferences(suite: SuiteCloud, runId: string): Promise<string[]> {
  const sessions = await suite.sessionsOf(runId);
  const checkpoints = (await Promise.all(sessions.map(({ id }) => suite.checkpointsOf(id)))).flat();
  const steps = checkpoints.flatMap((checkpoint) => checkpoint.results.map((result) => stepRow(checkpoint, result)));
  const told = async (table: typeof testRuns) => {
    const rows = await suite.rows(
      `SELECT * EXCEPT (event_id) FROM analytics.${onceOf(table)} WHERE run_id = '${runId}'`,
    );
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  };
  const columns = ({ columns }: typeof testRuns) => Object.keys(columns).filter((name) => name !== 'event_id');
  return [
    ...differences('command_executions', await told(commandExecutions), steps, {
      columns: columns(commandExecutions),
      key: ({ checkpoint_id, position }) => `${checkpoint_id} ${position}`,
    }),
    ...differences('test_runs', await told(testRuns), sessions.map(sessionRow), {
      columns: columns(testRuns),
      key: ({ session_id }) => String(session_id),
    }),
  ];
}

function differences(
  table: string,
  told: readonly Values[],
  documents: readonly Values[],
  { columns, key }: { columns: readonly string[]; key: (row: Values) => string },
): string[] {
  const rows = new Map(told.map((row) => [key(row), row]));
  const found = documents.flatMap((document) => {
    const row = rows.get(key(document));
    rows.delete(key(document));
    if (!row) return [`${table} has no row of ${key(document)}`];
    const wrong = columns.filter((name) => !isDeepStrictEqual(row[name] ?? null, document[name] ?? null));
    return wrong.map((name) => `${table}, ${key(document)}: ${name} is ${row[name]}, not ${document[name]}`);
  });
  const twice = told.length - new Set(told.map(key)).size;
  return [
    ...found,
    ...[...rows.keys()].map((id) => `${table} has a row of ${id}, of which there is no document`),
    ...(twice > 0 ? [`${table} has ${twice} rows twice`] : []),
  ];
}

function stepRow(checkpoint: CheckpointEntity, result: StepResult): Values {
  const { session_id, run_id, test_id, user_id, attempt, browser } = checkpoint;
  return {
    ...{ session_id, run_id, test_id, user_id, attempt, browser, region: 'us-central1' },
    ...{ checkpoint_id: checkpoint.id, checkpoint: checkpoint.name, position: result.index },
    ...{ command: result.command, command_group: result.command.split('.')[0], status: result.status },
    ...{ executed_at: result.started_at, duration_ms: result.duration_ms, healed: result.healed !== undefined },
    ...{ target: result.target?.given, target_strategy: result.target?.strategy, error_type: result.error?.type },
  };
}

function sessionRow(session: SessionEntity): Values {
  const { ended_at: endedAt, started_at: startedAt, created_at: createdAt } = session;
  if (!endedAt) throw new Error(`${session.id} has not ended`);
  const begun = startedAt ?? endedAt;
  const { id, run_id, test_id, test_name, content_hash, user_id, status, trigger, attempt } = session;
  return {
    ...{ session_id: id, run_id, test_id, test_name, content_hash, user_id, status, trigger, attempt },
    ...{ ended_at: dateOf(endedAt).toISOString(), row: session.row_index },
    ...{ checkpoints: session.checkpoint_count, steps: session.step_count },
    ...{ passed: session.passed_steps, failed: session.failed_steps },
    duration_ms: millisecondsBetween(dateOf(begun), dateOf(endedAt)),
    queued_ms: millisecondsBetween(dateOf(createdAt), dateOf(begun)),
    ...{ cold_start: session.cold_start ?? false, gb_seconds: session.gb_seconds ?? 0 },
    billable_operations: session.billable_operations ?? 0,
  };
}

/** Documents that were read past the suite's own code have Firestore's timestamps. */
const dateOf = (time: Date): Date => ('toDate' in time ? (time as { toDate(): Date }).toDate() : time);
