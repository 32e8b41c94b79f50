import { defineFunction } from '../../shared/define/function.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { reencryptor } from '../../shared/reencryption/reencryptor.ts';
import { reencrypt as handle } from './handler.ts';

export const reencrypt = defineFunction({
  name: 'reencrypt',
  summary: 'Seals what is encrypted under the newest version of the encryption key.',
  trigger: onSchedule('37 * * * *'),
  maxInstances: 1,
  timeoutSeconds: 540,
  services: { reencryptor },
  handle,
});
