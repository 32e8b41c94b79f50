import type { CheckpointEntity } from '../../schemas/entities.ts';
import type { LiveCommandEntity } from '../../schemas/live.ts';
import type { DocumentInput } from '../../shared/define/trigger.ts';
import { isCommitted } from '../../shared/domain/checkpoints.ts';
import { commandEvents } from '../../shared/domain/command-events.ts';
import { liveCommandNews } from '../../shared/domain/live-command-news.ts';
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
  if (after && 'kind' in after) return await tellOfLiveCommand({ before, after }, events, config.region);
  const checkpoint = after as unknown as CheckpointEntity | undefined;
  const previous = before as unknown as CheckpointEntity | undefined;
  if (!checkpoint || !isCommitted(checkpoint) || (previous && isCommitted(previous))) return;
  annotate({ run_id: checkpoint.run_id, session_id: checkpoint.session_id, user_id: checkpoint.user_id });
  const commands = checkpoint.results.flatMap((result) => commandEvents(checkpoint, result, config.region));
  await events.publish([...commands, completedEvent(checkpoint)]);
}

async function tellOfLiveCommand(
  { before, after }: Pick<DocumentInput, 'before' | 'after'>,
  events: Events,
  region: string,
): Promise<void> {
  const command = after as unknown as LiveCommandEntity;
  annotate({ session_id: command.session_id, user_id: command.user_id });
  const news = liveCommandNews(before as unknown as LiveCommandEntity | undefined, command, region);
  if (news.length > 0) await events.publish(news);
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
