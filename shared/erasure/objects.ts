import type { Bucket } from '../define/resources.ts';
import { inParallel } from '../platform/in-parallel.ts';
import { bucketName } from '../platform/object-store.ts';
import type { Platform } from '../platform/platform.ts';
import { resources } from '../resources/index.ts';

const declared: readonly Bucket[] = resources.buckets;

/** The buckets with objects of users. */
export const bucketsOfUsers = declared.filter(({ theirs = [] }) => theirs.length > 0);

/** What names objects: a user, or a run or a session of theirs. */
export type Whose = 'user' | 'run' | 'session';

const PAGE = 500;
const PARALLEL = 16;

/** The prefixes in a bucket of what belongs to an id. */
export const prefixesOf = ({ theirs = [] }: Bucket, whose: Whose, id: string): string[] =>
  theirs.flatMap((template) => (template.includes(`{${whose}}`) ? [template.replace(`{${whose}}`, id)] : []));

/** Deletes the objects of an id in all buckets, every generation of them. */
export async function deleteObjects(
  whose: Whose,
  id: string,
  platform: Pick<Platform, 'clients' | 'config'>,
  onDeleted: (bucket: string, count: number) => Promise<void>,
): Promise<void> {
  for (const bucket of bucketsOfUsers) {
    for (const prefix of prefixesOf(bucket, whose, id)) {
      await deleteBelow(bucket, prefix, platform, (count) => onDeleted(bucket.name, count));
    }
  }
}

/** Deletes one object that somebody's document names; none is no error. @returns how many there were */
export async function deleteObject(
  { bucket, name }: { readonly bucket: string; readonly name: string },
  { clients }: Pick<Platform, 'clients'>,
): Promise<number> {
  const storage = await clients.storage();
  return Number(await goneNow(storage.bucket(bucket).file(name).delete()));
}

async function deleteBelow(
  bucket: Bucket,
  prefix: string,
  { clients, config }: Pick<Platform, 'clients' | 'config'>,
  onDeleted: (count: number) => Promise<void>,
): Promise<void> {
  const place = (await clients.storage()).bucket(bucketName(config, bucket));
  const query = { prefix, versions: bucket.versioning === true, maxResults: PAGE, autoPaginate: false };
  for (;;) {
    const [files] = await place.getFiles(query);
    if (files.length === 0) return;
    const deleted = await inParallel(PARALLEL, files, async (file) => {
      const { generation } = file.metadata;
      const exact = place.file(file.name, generation === undefined ? {} : { generation });
      return await goneNow(exact.delete());
    });
    await onDeleted(deleted.filter(Boolean).length);
  }
}

/** False when it was gone before: somebody else has counted it. */
export async function goneNow(deleting: Promise<unknown>): Promise<boolean> {
  try {
    await deleting;
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === 404) return false;
    throw error;
  }
}
