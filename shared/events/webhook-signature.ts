import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { WebhookEntity } from '../../schemas/entities.ts';

const SECRET = 'whsec_';
const PRIVATE_KEY = 'whsk_';
const PUBLIC_KEY = 'whpk_';
const SECRET_BYTES = 32;
const SEED_BYTES = 32;

/** What deliveries are signed with: a secret that both sides have, or a pair of which the other side has the public half. */
export interface SigningKey {
  /** `whsec_…`, or `whsk_…` of a pair. */
  readonly secret: string;
  /** `whpk_…` */
  readonly publicKey?: string;
}

/** A new key for a kind of signature (Standard Webhooks 1.0, "Secret serialization"). */
export function newSigningKey(signature: WebhookEntity['signature']): SigningKey {
  return signature === 'v1a' ? newKeyPair() : { secret: newWebhookSecret() };
}

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${SECRET}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** Ed25519: `whsk_` and the seed with the public key, `whpk_` and the public key, 64 and 32 bytes in base64. */
function newKeyPair(): SigningKey {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, publicKey] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  return {
    secret: `${PRIVATE_KEY}${Buffer.concat([seed, publicKey]).toString('base64')}`,
    publicKey: `${PUBLIC_KEY}${publicKey.toString('base64')}`,
  };
}

/** The headers of a delivery (Standard Webhooks 1.0): one signature a secret, so that a rotation overlaps. */
export function signatureHeaders(options: {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
  /** `whsec_…` makes a signature `v1`, `whsk_…` one `v1a`. */
  readonly secrets: readonly string[];
}): Record<string, string> {
  const signed = `${options.id}.${options.timestamp}.${options.body}`;
  const signatures = options.secrets.map((secret) =>
    secret.startsWith(PRIVATE_KEY) ? asymmetric(secret, signed) : symmetric(secret, signed),
  );
  return {
    'webhook-id': options.id,
    'webhook-timestamp': String(options.timestamp),
    'webhook-signature': signatures.join(' '),
  };
}

function symmetric(secret: string, signed: string): string {
  const key = Buffer.from(secret.startsWith(SECRET) ? secret.slice(SECRET.length) : secret, 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

function asymmetric(secret: string, signed: string): string {
  const bytes = Buffer.from(secret.slice(PRIVATE_KEY.length), 'base64');
  const d = bytes.subarray(0, SEED_BYTES).toString('base64url');
  const x = bytes.subarray(SEED_BYTES).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  return `v1a,${sign(null, Buffer.from(signed), key).toString('base64')}`;
}
