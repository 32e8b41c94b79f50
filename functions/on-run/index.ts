import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { runsCollection } from '../../shared/resources/collections.ts';
import { onRun as handle } from './handler.ts';

export const onRun = defineFunction({
  name: 'on-run',
  summary: 'Ends the sessions of a run that is cancelled.',
  trigger: onDocument(runsCollection, 'updated'),
  services: { runs, sessions, events: runPublisher('run.cancelled', 'run.completed') },
  handle,
});
