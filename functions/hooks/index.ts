import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments } from '../../shared/domain/environments.ts';
import { hooks as hooksService } from '../../shared/domain/hooks.ts';
import { runs } from '../../shared/domain/runs.ts';
import { suites } from '../../shared/domain/suites.ts';
import { tests } from '../../shared/domain/tests.ts';
import { tokenBuckets } from '../../shared/domain/token-buckets.ts';
import { users } from '../../shared/domain/users.ts';
import { cipher } from '../../shared/platform/services.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import { createHook, deleteHook, listHooks, readHook } from './handler.ts';
import { patchHook } from './patch.ts';
import { takeHook } from './take-hook.ts';

export const hooks = defineFunction({
  name: 'hooks',
  summary: 'Lets senders outside start runs.',
  trigger: http([createHook, listHooks, readHook, patchHook, deleteHook, takeHook]),
  secrets: [encryptionKeySecret],
  services: { hooks: hooksService, runs, tests, suites, environments, users, buckets: tokenBuckets, cipher },
});
