import type { CheckpointEntity } from '../../schemas/entities.ts';
import type { StepResult } from '../../schemas/step.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import { isCommitted } from '../../shared/domain/checkpoints.ts';
import { ownResults } from '../../shared/domain/verdict.ts';
import type { Events, NewEvent } from '../../shared/events/publish.ts';
import type { Base } from '../../shared/platform/platform.ts';
import { annotate } from '../../shared/platform/trace.ts';

export interface Services {
  readonly events: Events;
}

/** Publishes what a committed checkpoint did: an event a step, one more for what was healed, and one for itself. */
export async function onCheckpoint(
  { before, after }: DocumentInput,
  { events, config }: Services & Base,
): Promise<void> {
  const checkpoint = after as unknown as CheckpointEntity | undefined;
  const previous = before as unknown as CheckpointEntity | undefined;
  if (!checkpoint || !isCommitted(checkpoint) || (previous && isCommitted(previous))) return;
  annotate({ run_id: checkpoint.run_id, session_id: checkpoint.session_id, user_id: checkpoint.user_id });
  const commands = checkpoint.results.flatMap((result) => [
    commandEvent(checkpoint, result, config.region),
    ...healedEvent(checkpoint, result),
  ]);
  await events.publish([...commands, completedEvent(checkpoint)]);
}

function commandEvent(checkpoint: CheckpointEntity, result: StepResult, region: string): NewEvent {
  const bad = result.status === 'failed' || result.status === 'error';
  return {
    type: bad ? 'command.failed' : 'command.executed',
    key: [checkpoint.session_id, checkpoint.id, result.index, checkpoint.attempt],
    subject: `sessions/${checkpoint.session_id}`,
    time: new Date(result.started_at),
    data: {
      user_id: checkpoint.user_id,
      session_id: checkpoint.session_id,
      run_id: checkpoint.run_id,
      test_id: checkpoint.test_id,
      checkpoint_id: checkpoint.id,
      position: result.index,
      command: result.command,
      ...(result.target?.strategy ? { target_strategy: result.target.strategy } : {}),
      status: result.status,
      executed_at: result.started_at,
      duration_ms: result.duration_ms,
      ...(result.error ? { error_type: result.error.type } : {}),
      healed: result.healed !== undefined,
      attempt: checkpoint.attempt,
      ...(checkpoint.browser ? { browser: checkpoint.browser } : {}),
      region,
    },
  };
}

/** Healing is never silent: it is an event of its own. */
function healedEvent(checkpoint: CheckpointEntity, { healed, ...result }: StepResult): NewEvent[] {
  if (!healed) return [];
  const { user_id, session_id, run_id, test_id, attempt } = checkpoint;
  return [
    {
      type: 'command.healed',
      key: [session_id, checkpoint.id, result.index, attempt],
      subject: `sessions/${session_id}`,
      time: new Date(result.started_at),
      data: {
        user_id,
        session_id,
        run_id,
        test_id,
        checkpoint_id: checkpoint.id,
        position: result.index,
        command: result.command,
        ...healed,
        attempt,
      },
    },
  ];
}

function completedEvent(checkpoint: CheckpointEntity): NewEvent {
  return {
    type: 'checkpoint.completed',
    key: [checkpoint.session_id, checkpoint.id, checkpoint.attempt],
    subject: `sessions/${checkpoint.session_id}`,
    time: checkpoint.ended_at ?? checkpoint.updated_at,
    data: {
      user_id: checkpoint.user_id,
      session_id: checkpoint.session_id,
      run_id: checkpoint.run_id,
      checkpoint_id: checkpoint.id,
      name: checkpoint.name,
      position: checkpoint.position,
      status: checkpoint.status as 'passed' | 'failed' | 'error' | 'skipped',
      steps: ownResults(checkpoint.results).length,
    },
  };
}
