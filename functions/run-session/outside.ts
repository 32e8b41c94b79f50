import type { SessionEntity } from '../../schemas/entities.ts';
import { LARGEST_FILE } from '../../shared/engine/files.ts';
import type { Baselines, Outside } from '../../shared/engine/outside.ts';
import { AppError } from '../../shared/platform/errors.ts';
import type { ObjectStore } from '../../shared/platform/object-store.ts';
import { countStored } from './keep-object.ts';
import type { Work } from './work.ts';

/**
 * What the session reaches beside its browser: the network behind the guard, and what belongs to its user.
 * @param files names of objects by the names that the environment gives them.
 */
export function outsideOf(work: Work, files: Readonly<Record<string, string>> = {}): Outside {
  const { services, session } = work;
  const own = `tests/${session.user_id}/`;
  return {
    send: (request) => services.egress.send(request),
    async readFile(given) {
      const name = (Object.hasOwn(files, given) ? files[given] : undefined) ?? given;
      const whole = name.startsWith('tests/') ? name : `${own}${name}`;
      if (!whole.startsWith(own))
        throw new AppError('permission-denied', `'${name}' is not yours: your files lie below ${own}.`);
      work.operations++;
      return await services.files.get(whole, { most: LARGEST_FILE });
    },
    baselines: baselinesOf(work),
  };
}

/**
 * Baselines lie beside the tests that they belong to, and not among the artifacts: those are kept per session, and only
 * their newest versions. No lifecycle rule deletes below `baselines/`.
 */
function baselinesOf(work: Work): Baselines {
  const { services, session } = work;
  const object = (name: string) => `baselines/${session.user_id}/${session.test_id}/${name}.png`;
  return {
    update: session.update_snapshots ?? 'missing',
    read: (name) => {
      work.operations++;
      return found(services.files, object(name));
    },
    async write(name, png) {
      countStored(work, png);
      await services.files.put(object(name), png, { contentType: 'image/png', metadata: ownerOf(session) });
    },
  };
}

const ownerOf = ({ user_id, test_id }: SessionEntity) => ({ owner: user_id, test: test_id });

async function found(files: ObjectStore, name: string): Promise<Uint8Array | undefined> {
  try {
    return await files.get(name);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not-found') return undefined;
    throw error;
  }
}
