import type { Secret } from '../define/resources.ts';
import { AppError } from './errors.ts';
import type { Platform } from './platform.ts';

export interface SecretValue {
  readonly value: string;
  readonly version: string;
}

/** Secrets from Secret Manager, kept in memory for a while. */
export interface Secrets {
  /**
   * @param version a number; the latest when absent.
   * @throws AppError internal when there is no such version (any more); unavailable when it cannot be read just now.
   */
  read(secret: Secret, version?: string): Promise<SecretValue>;
  /** The versions that can be read, newest first. */
  versions(secret: Secret): Promise<string[]>;
  /** Adds a version, which is the latest from now on. @returns its number */
  add(secret: Secret, value: string): Promise<string>;
  /** Makes a version unreadable; it can be enabled again. */
  disable(secret: Secret, version: string): Promise<void>;
}

/** How long a latest version is believed to be the latest. */
const FRESH_MS = 5 * 60_000;
/** gRPC's NOT_FOUND, and FAILED_PRECONDITION: the version is disabled or destroyed. */
const GONE = new Set<unknown>([5, 9]);

export function createSecrets(platform: Pick<Platform, 'clients' | 'config' | 'clock'>): Secrets {
  const known = new Map<string, { readonly until: number; readonly value: Promise<SecretValue> }>();
  const access = async (secret: Secret, version: string): Promise<SecretValue> => {
    const client = await platform.clients.secretManager();
    const name = `projects/${platform.config.project}/secrets/${secret.name}/versions/${version}`;
    try {
      const [answer] = await client.accessSecretVersion({ name });
      const value = Buffer.from((answer.payload?.data as Uint8Array | undefined) ?? '').toString('utf8');
      return { value, version: answer.name?.split('/').at(-1) ?? version };
    } catch (cause) {
      if (GONE.has((cause as { code?: unknown }).code)) {
        throw new AppError('internal', `The secret '${secret.name}' has no version '${version}'.`, { cause });
      }
      throw new AppError('unavailable', `The secret '${secret.name}' could not be read.`, { cause });
    }
  };
  const nameOf = (secret: Secret) => `projects/${platform.config.project}/secrets/${secret.name}`;
  return {
    async versions(secret) {
      const client = await platform.clients.secretManager();
      const [all] = await client.listSecretVersions({ parent: nameOf(secret), filter: 'state:ENABLED' });
      const numbers = all.flatMap(({ name }) => name?.split('/').at(-1) ?? []);
      return numbers.sort((a, b) => Number(b) - Number(a));
    },
    async add(secret, value) {
      const client = await platform.clients.secretManager();
      const payload = { data: Buffer.from(value) };
      const [{ name }] = await client.addSecretVersion({ parent: nameOf(secret), payload });
      known.delete(`${secret.name}@latest`);
      return name?.split('/').at(-1) ?? '';
    },
    async disable(secret, version) {
      const client = await platform.clients.secretManager();
      await client.disableSecretVersion({ name: `${nameOf(secret)}/versions/${version}` });
      known.delete(`${secret.name}@${version}`);
    },
    read(secret, version = 'latest') {
      const key = `${secret.name}@${version}`;
      const found = known.get(key);
      if (found && found.until > platform.clock.now()) return found.value;
      const value = access(secret, version);
      known.set(key, { value, until: platform.clock.now() + FRESH_MS });
      value.catch(() => known.delete(key));
      return value;
    },
  };
}
