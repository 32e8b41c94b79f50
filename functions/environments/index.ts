import { defineFunction } from '../../shared/define/function.ts';
import { http } from '../../shared/define/trigger.ts';
import { environments as environmentsService } from '../../shared/domain/environments.ts';
import { cipher } from '../../shared/platform/services.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import {
  createEnvironment,
  deleteEnvironment,
  listEnvironments,
  patchEnvironment,
  readEnvironment,
} from './handler.ts';

export const environments = defineFunction({
  name: 'environments',
  summary: 'Keeps what tests need to know of where they run: variables, secrets and files.',
  trigger: http([createEnvironment, listEnvironments, readEnvironment, patchEnvironment, deleteEnvironment]),
  secrets: [encryptionKeySecret],
  services: { environments: environmentsService, cipher },
});
