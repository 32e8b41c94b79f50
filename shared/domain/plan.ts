import type { CheckpointEntity, RunEntity } from '../../schemas/entities.ts';
import { configDefaults, type TestDefinition } from '../../schemas/test-definition.ts';
import { derivedId } from '../platform/ids.ts';
import type { PlannedSession } from './sessions.ts';

/** A test that a run executes. */
export interface SelectedTest {
  readonly testId: string;
  readonly contentHash: string;
  readonly file?: string;
  readonly definition: TestDefinition;
}

/** How long an ended session is kept. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/**
 * Expands a run into its sessions: one a test and data row, each with its checkpoints. The ids follow from the run, so
 * that planning again gives the same ones.
 */
export function planRun(run: RunEntity, selected: readonly SelectedTest[], now: number): PlannedSession[] {
  const planned: PlannedSession[] = [];
  for (const test of selected) {
    const rows = test.definition.data.length > 0 ? test.definition.data : [undefined];
    for (const [index, row] of rows.entries()) {
      planned.push(planSession(run, test, row === undefined ? undefined : { index, row }, planned.length, now));
    }
  }
  return planned;
}

function planSession(
  run: RunEntity,
  { testId, contentHash, file, definition }: SelectedTest,
  data: { index: number; row: Record<string, unknown> } | undefined,
  position: number,
  now: number,
): PlannedSession {
  const { selection } = run;
  const config = { ...definition.config, ...(selection.timeout === undefined ? {} : { timeout: selection.timeout }) };
  const retries = selection.retries ?? config.retries ?? configDefaults.retries;
  const baseUrl = selection.baseUrl ?? definition.baseUrl;
  const environment = selection.environment ?? definition.environment;
  const groups = checkpointsOf(definition);
  const session: PlannedSession['session'] = {
    id: derivedId('ses', run.id, position, 1),
    user_id: run.user_id,
    run_id: run.id,
    test_id: testId,
    test_name: definition.name,
    content_hash: contentHash,
    ...(file === undefined ? {} : { file }),
    tags: definition.tags,
    kind: 'run',
    status: 'queued',
    trigger: run.trigger,
    ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
    ...(environment === undefined ? {} : { environment }),
    ...(selection.updateSnapshots === undefined ? {} : { update_snapshots: selection.updateSnapshots }),
    config,
    variables: { ...definition.variables, ...(data && { ...data.row, row: data.row }), ...selection.variables },
    ...(data && { row: data.row, row_index: data.index }),
    position,
    attempt: 1,
    attempts: retries + 1,
    superseded: false,
    awaited: true,
    resumed: 0,
    checkpoint_count: groups.length,
    step_count: groups.reduce((sum, group) => sum + group.steps.length, 0),
    passed_steps: 0,
    failed_steps: 0,
    expires_at: new Date(now + KEPT_MS),
    ...(run.trace === undefined ? {} : { trace: run.trace }),
  };
  return { session, checkpoints: groups.map((group, index) => planCheckpoint(session, group, index)) };
}

type Group = Pick<CheckpointEntity, 'name' | 'phase' | 'steps'>;

function checkpointsOf({ setup, checkpoints, teardown }: TestDefinition): Group[] {
  const groups: Group[] = checkpoints.map(({ name, steps }) => ({ name, phase: 'main', steps }));
  if (setup.length > 0) groups.unshift({ name: 'Setup', phase: 'setup', steps: setup });
  if (teardown.length > 0) groups.push({ name: 'Teardown', phase: 'teardown', steps: teardown });
  return groups;
}

function planCheckpoint(
  session: PlannedSession['session'],
  group: Group,
  position: number,
): PlannedSession['checkpoints'][number] {
  return {
    id: derivedId('chk', session.id, position),
    session_id: session.id,
    run_id: session.run_id,
    test_id: session.test_id,
    user_id: session.user_id,
    position,
    ...group,
    results: [],
    status: 'pending',
    attempt: session.attempt,
    ...(session.trace === undefined ? {} : { trace: session.trace }),
  };
}

/** The session that tries again what another one of the same test and row did not pass. */
export function planNextAttempt(
  {
    lease: _lease,
    started_at: _started,
    ended_at: _ended,
    error: _error,
    trace_object: _trace,
    browser: _browser,
    cold_start: _cold,
    gb_seconds: _cost,
    browser_ms: _time,
    stored_bytes: _bytes,
    passed_to: _heir,
    rank: _rank,
    billable_operations: _operations,
    ...previous
  }: PlannedSession['session'],
  checkpoints: readonly CheckpointEntity[],
): PlannedSession {
  const session: PlannedSession['session'] = {
    ...previous,
    id: derivedId('ses', previous.run_id, previous.position, previous.attempt + 1),
    status: 'queued',
    attempt: previous.attempt + 1,
    superseded: false,
    awaited: true,
    resumed: 0,
    passed_steps: 0,
    failed_steps: 0,
  };
  return {
    session,
    checkpoints: checkpoints.map(({ name, phase, steps, position }) =>
      planCheckpoint(session, { name, phase, steps }, position),
    ),
  };
}
