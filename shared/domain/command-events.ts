import type { CheckpointEntity } from '../../schemas/entities.ts';
import type { StepResult } from '../../schemas/step.ts';
import type { NewEvent } from '../events/publish.ts';

/** Whose step it was; a live session has no run and no test. */
type Place = Pick<CheckpointEntity, 'id' | 'session_id' | 'user_id' | 'attempt' | 'browser'> &
  Partial<Pick<CheckpointEntity, 'run_id' | 'test_id' | 'name'>>;

/** What an executed step did, and one more event for what was healed. */
export const commandEvents = (place: Place, result: StepResult, region: string): NewEvent[] => [
  commandEvent(place, result, region),
  ...healedEvent(place, result),
];

const runOf = ({ run_id, test_id }: Place) => ({
  ...(run_id === undefined ? {} : { run_id }),
  ...(test_id === undefined ? {} : { test_id }),
});

function commandEvent(checkpoint: Place, result: StepResult, region: string): NewEvent {
  const bad = result.status === 'failed' || result.status === 'error';
  return {
    type: bad ? 'command.failed' : 'command.executed',
    key: [checkpoint.session_id, checkpoint.id, result.index, checkpoint.attempt],
    subject: `sessions/${checkpoint.session_id}`,
    time: new Date(result.started_at),
    data: {
      user_id: checkpoint.user_id,
      session_id: checkpoint.session_id,
      ...runOf(checkpoint),
      checkpoint_id: checkpoint.id,
      ...(checkpoint.name === undefined ? {} : { checkpoint: checkpoint.name }),
      position: result.index,
      command: result.command,
      ...(result.target ? { target: result.target.given } : {}),
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
function healedEvent(checkpoint: Place, { healed, ...result }: StepResult): NewEvent[] {
  if (!healed) return [];
  const { user_id, session_id, attempt } = checkpoint;
  return [
    {
      type: 'command.healed',
      key: [session_id, checkpoint.id, result.index, attempt],
      subject: `sessions/${session_id}`,
      time: new Date(result.started_at),
      data: {
        user_id,
        session_id,
        ...runOf(checkpoint),
        checkpoint_id: checkpoint.id,
        position: result.index,
        command: result.command,
        ...healed,
        attempt,
      },
    },
  ];
}
