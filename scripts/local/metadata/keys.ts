import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Store } from '../plumbing/store.ts';
import { selfSignedCertificate } from './certificate.ts';

/** The key that the local cloud signs with, for every service account. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** X.509, PEM. */
  readonly certificate: string;
}

interface KeyRow {
  readonly kid: string;
  readonly private_key: string;
  readonly public_key: string;
  readonly certificate: string;
}

const YEARS_VALID = 20;

/**
 * The signing key, made when the store has none yet.
 *
 * Table `metadata_keys (kid, public_key, private_key, certificate)`, all PEM, is where other services find the public
 * key: a signature that verifies against `public_key` was made by this local cloud.
 */
export async function loadSigningKey(store: Store, now: number): Promise<SigningKey> {
  store.exec(`CREATE TABLE IF NOT EXISTS metadata_keys (
    kid TEXT PRIMARY KEY, public_key TEXT NOT NULL, private_key TEXT NOT NULL, certificate TEXT NOT NULL
  ) STRICT`);
  const row = store.get<KeyRow>('SELECT * FROM metadata_keys ORDER BY kid LIMIT 1') ?? (await insertKey(store, now));
  return {
    kid: row.kid,
    privateKey: createPrivateKey(row.private_key),
    publicKey: createPublicKey(row.public_key),
    certificate: row.certificate,
  };
}

/** Another core looks for the primes, which takes a tenth of a second, while the cloud's start goes on. */
async function insertKey(store: Store, now: number): Promise<KeyRow> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const row: KeyRow = {
    kid: createHash('sha256').update(spki).digest('hex').slice(0, 40),
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    certificate: selfSignedCertificate({
      name: 'local-cloud-signer',
      privateKey,
      publicKey,
      from: new Date(now),
      to: new Date(now + YEARS_VALID * 365 * 24 * 3600 * 1000),
    }),
  };
  store.run(
    'INSERT INTO metadata_keys (kid, public_key, private_key, certificate) VALUES (?, ?, ?, ?)',
    row.kid,
    row.public_key,
    row.private_key,
    row.certificate,
  );
  return row;
}
