import { defineFunction } from '../../shared/define/function.ts';
import { defineService } from '../../shared/define/service.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { triggers as triggersService } from '../../shared/domain/triggers.ts';
import { createTrigger, deleteTrigger, listTriggers, patchTrigger, readTrigger } from './handler.ts';

export const triggers = defineFunction({
  name: 'triggers',
  summary: 'Keeps what starts runs when something happens.',
  trigger: http([createTrigger, listTriggers, readTrigger, patchTrigger, deleteTrigger]),
  services: {
    triggers: triggersService,
    tests,
    suites,
    environments,
    randomBytes: defineService([], ({ randomBytes }) => randomBytes),
  },
});
