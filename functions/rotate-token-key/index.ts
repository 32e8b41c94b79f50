import { generateKeyPairSync } from 'node:crypto';
import { defineFunction } from '../../shared/define/function.ts';
import { defineService, writes } from '../../shared/define/service.ts';
import { onSchedule } from '../../shared/define/trigger.ts';
import { createSecrets } from '../../shared/platform/secrets.ts';
import { tokenKeySecret } from '../../shared/resources/secrets.ts';
import { rotateTokenKey } from './handler.ts';

export const rotateTokenKeyFunction = defineFunction({
  name: 'rotate-token-key',
  summary: 'Replaces the key that access tokens are signed with.',
  trigger: onSchedule('0 3 1 * *'),
  memory: '256Mi',
  services: {
    secrets: defineService([writes(tokenKeySecret)], (platform) => createSecrets(platform)),
    newKey: defineService(
      [],
      () => () => JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
    ),
  },
  handle: rotateTokenKey,
});
