import { defineFunction } from '../../shared/define/function.ts';
import { onObject } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { runs } from '../../shared/domain/runs.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { tokenBuckets } from '../../shared/domain/token-buckets.ts';
import { triggers } from '../../shared/domain/triggers.ts';
import { users } from '../../shared/domain/users.ts';
import { testsBucket } from '../../shared/resources/buckets.ts';
import { runObjectTriggers as handle } from './handler.ts';

export const runObjectTriggers = defineFunction({
  name: 'run-object-triggers',
  summary: 'Starts the runs of the triggers that an object is for that has landed.',
  trigger: onObject(testsBucket, 'finalized'),
  memory: '256Mi',
  services: { triggers, runs, users, tests, suites, environments, buckets: tokenBuckets },
  handle,
});
