import { defineFunction } from '../../shared/define/function.ts';
import { onDocument } from '../../shared/define/trigger.ts';
import { runPublisher } from '../../shared/domain/run-log.ts';
import { runs } from '../../shared/domain/runs.ts';
import { sessions } from '../../shared/domain/sessions.ts';
import { slots } from '../../shared/domain/slots.ts';
import { tests } from '../../shared/domain/tests.ts';
import { runsCollection } from '../../shared/resources/collections.ts';
import { onRun as handle } from './handler.ts';

export const onRun = defineFunction({
  name: 'on-run',
  summary: 'Ends the sessions of a run that is cancelled, and tells what a run that has ended changed for its tests.',
  trigger: onDocument(runsCollection, 'updated'),
  services: {
    runs,
    sessions,
    slots,
    tests,
    events: runPublisher('run.cancelled', 'run.completed', 'test.became_failing', 'test.recovered', 'test.flaky'),
  },
  handle,
});
