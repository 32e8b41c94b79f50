import { defineFunction } from '../../shared/define/function.ts';
import { onMessages } from '../../shared/define/trigger.ts';
import { publisher } from '../../shared/events/publish.ts';
import { deadLetters } from '../../shared/resources/topics.ts';
import { onDeadLetter as handle } from './handler.ts';

export const onDeadLetter = defineFunction({
  name: 'on-dead-letter',
  summary: 'Alerts when a message or a task could not be handled.',
  trigger: onMessages(deadLetters),
  memory: '256Mi',
  services: { events: publisher('dead_letter.received') },
  handle,
});
