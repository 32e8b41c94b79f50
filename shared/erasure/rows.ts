import type { Table } from '../define/resources.ts';
import type { Platform } from '../platform/platform.ts';
import { resources } from '../resources/index.ts';

const declared: readonly Table[] = resources.tables;

/** The tables whose rows name a user. */
export const tablesOfUsers = declared.filter(({ columns }) => Object.hasOwn(columns, 'user_id'));

/** BigQuery changes no row that was streamed in within the last half hour or so. */
const TOO_FRESH = /streaming buffer/i;

/**
 * Deletes a user's rows of a table.
 * @returns how many there were; undefined when some are so new that BigQuery does not delete any yet
 */
export async function deleteRows(
  userId: string,
  { name }: Table,
  { clients }: Pick<Platform, 'clients'>,
): Promise<number | undefined> {
  const bigquery = await clients.bigquery();
  try {
    const query = `DELETE FROM \`${resources.dataset}.${name}\` WHERE user_id = @user`;
    const [job] = await bigquery.createQueryJob({ query, params: { user: userId } });
    await job.getQueryResults();
    const [{ statistics }] = (await job.getMetadata()) as unknown as [JobMetadata];
    return Number(statistics?.query?.numDmlAffectedRows ?? 0);
  } catch (error) {
    if (error instanceof Error && TOO_FRESH.test(error.message)) return undefined;
    throw error;
  }
}

interface JobMetadata {
  readonly statistics?: { readonly query?: { readonly numDmlAffectedRows?: string } };
}
