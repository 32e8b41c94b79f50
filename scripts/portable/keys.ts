import { randomBytes } from 'node:crypto';
import { createCipher } from '../../shared/platform/cipher.ts';
import { encryptionKeySecret } from '../../shared/resources/secrets.ts';
import type { PortableCloud } from './cloud.ts';

/** The enabled versions of the key that sealed fields are encrypted with, by their numbers. */
export async function readKeys({ secrets, project }: PortableCloud): Promise<Record<string, string>> {
  const parent = `projects/${project}/secrets/${encryptionKeySecret.name}`;
  const [versions] = await secrets.listSecretVersions({ parent, filter: 'state:ENABLED' });
  const read = versions.map(async ({ name }) => {
    const [{ payload }] = await secrets.accessSecretVersion({ name: name ?? '' });
    return [name?.split('/').at(-1) ?? '', Buffer.from(payload?.data ?? '').toString('utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

/** What a sealed value looks like: see the suite's cipher. */
const SEALED = /^v(\d+)\.[\w-]+\.[\w-]+\.[\w-]*$/;

/** Seals what is sealed with exported keys anew, with the key of the cloud that it goes to. */
export function reseal(exported: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>) {
  const newest = String(Math.max(...Object.keys(own).map(Number)));
  const cipher = (keys: Readonly<Record<string, string>>) =>
    createCipher(
      { read: async (_secret, version = newest) => ({ value: keys[version] ?? '', version }) },
      { randomBytes: (length) => randomBytes(length) },
    );
  const [before, after] = [cipher(exported), cipher(own)];
  let count = 0;

  async function text(given: string): Promise<string> {
    const version = SEALED.exec(given)?.[1];
    if (version === undefined || exported[version] === undefined || exported[version] === own[version]) return given;
    // A text that only looks like one does not open.
    const plain = await before.decrypt(given).catch(() => undefined);
    if (plain === undefined) return given;
    count++;
    return await after.encrypt(plain);
  }

  /** Every text inside a JSON value. */
  async function value(given: unknown): Promise<unknown> {
    if (typeof given === 'string') return await text(given);
    if (Array.isArray(given)) return await Promise.all(given.map(value));
    if (typeof given !== 'object' || given === null) return given;
    const entries = Object.entries(given).map(async ([key, inner]) => [key, await value(inner)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  return { text, value, count: () => count };
}
