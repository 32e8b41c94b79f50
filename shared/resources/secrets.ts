import { defineSecret } from '../define/resources.ts';

export const apiKeySecret = defineSecret({
  name: 'virtuoso-api-key',
  description: 'Main API key.',
  generate: 'api-key',
});
export const apiKeysSecret = defineSecret({ name: 'api-keys', description: 'Additional API keys.', generate: 'none' });
export const databaseUrlSecret = defineSecret({
  name: 'database-url',
  description: 'Database connection string (imports from the previous platform).',
  generate: 'none',
});
export const encryptionKeySecret = defineSecret({
  name: 'encryption-key',
  description: 'Data encryption key: 32 bytes, base64.',
  generate: 'key-256',
});
export const addressHashKeySecret = defineSecret({
  name: 'address-hash-key',
  description: 'Key that addresses of clients are hashed with in records: 32 bytes, base64.',
  generate: 'key-256',
});
export const tokenKeySecret = defineSecret({
  name: 'token-signing-key',
  description: 'Key that access tokens are signed with: a private JWK of Ed25519.',
  generate: 'ed25519',
});
export const webhookSigningKeySecret = defineSecret({
  name: 'webhook-signing-key',
  description: 'Webhook signature key.',
  generate: 'webhook-secret',
});
