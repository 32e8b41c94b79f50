import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { checkpointsCollection } from '../../shared/resources/collections.ts';
import { onCheckpoint as handle } from './handler.ts';

export const onCheckpoint = defineFunction({
  name: 'on-checkpoint',
  summary: 'Publishes the events of a checkpoint that was committed.',
  trigger: onDocument(checkpointsCollection, 'updated'),
  services: { events: runPublisher('command.executed', 'command.failed', 'command.healed', 'checkpoint.completed') },
  handle,
});
