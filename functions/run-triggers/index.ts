import { defineFunction } from '../../shared/define/function.ts';
import { onMessages } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { runs } from '../../shared/domain/runs.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { tokenBuckets } from '../../shared/domain/token-buckets.ts';
import { triggers } from '../../shared/domain/triggers.ts';
import { users } from '../../shared/domain/users.ts';
import { runRequests } from '../../shared/resources/topics.ts';
import { runTriggers as handle } from './handler.ts';

export const runTriggers = defineFunction({
  name: 'run-triggers',
  summary: 'Starts the run of the trigger that a message is for.',
  trigger: onMessages(runRequests),
  memory: '256Mi',
  services: { triggers, runs, users, tests, suites, environments, buckets: tokenBuckets },
  handle,
});
