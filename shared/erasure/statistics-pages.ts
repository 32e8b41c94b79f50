import { bucketName } from '../platform/object-store.ts';
import type { Platform } from '../platform/platform.ts';
import { dueObject, shows, statisticsOf } from '../reports/statistics-object.ts';
import { reportsBucket } from '../resources/buckets.ts';
import { goneNow } from './objects.ts';

/**
 * Deletes the reports of statistics that show data of a user, and asks for them to be written anew, without it.
 * @returns how many there were
 */
export async function deleteStatistics(
  userId: string,
  { clients, config }: Pick<Platform, 'clients' | 'config'>,
): Promise<number> {
  const bucket = (await clients.storage()).bucket(bucketName(config, reportsBucket));
  const [files] = await bucket.getFiles({ prefix: 'statistics/' });
  let count = 0;
  for (const file of files) {
    const page = statisticsOf(file.name);
    if (!page || !shows(file.metadata.metadata ?? {}, userId)) continue;
    // Asked for first: what dies in between deletes it the next time.
    await bucket.file(dueObject(page.report, page.period)).save('', { resumable: false });
    count += Number(await goneNow(file.delete()));
  }
  return count;
}
