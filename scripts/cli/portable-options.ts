import { existsSync } from 'node:fs';
import type { PortableCloud } from '../portable/cloud.ts';
import { type Option, UsageError, type Values } from './command.ts';
import { localCloudAt, needCredentials } from './project-clouds.ts';

/** How a project is named whose stores are read or written. */
export const projectOptions = {
  cloud: {
    type: 'string',
    value: 'URL',
    description: 'A local cloud. Default: Google Cloud, by GCP_PROJECT_ID and the credentials of this machine.',
  },
  data: { type: 'string', value: 'DIR', description: 'The data folder of a local cloud that does not run.' },
} as const satisfies Record<string, Option>;

/**
 * Opens the project's stores; nothing reacts to what is written to a data folder.
 * @param options.read it is only read: a data folder that is not there is not made
 * @throws UsageError
 */
export async function openProject(values: Values, { read = false }: { read?: boolean } = {}): Promise<PortableCloud> {
  const { cloud, data } = values as { cloud?: string; data?: string };
  if (cloud !== undefined && data !== undefined) throw new UsageError('Give --cloud or --data, not both.');
  if (read && data !== undefined && !existsSync(data))
    throw new UsageError(`There is no data folder '${data}': a local cloud makes it, '.virtuoso' unless it is told.`);
  const address = cloud === undefined ? undefined : await localCloudAt(cloud);
  if (!address && data === undefined) await needCredentials();
  const { openGoogleCloud, openLocalCloud } = await import('../portable/cloud.ts');
  if (address) return openLocalCloud(address.origin);
  if (data === undefined) return openGoogleCloud();
  const { CloudError, startCloud } = await import('../local/cloud.ts');
  try {
    const started = await startCloud({ data, functions: [] });
    const opened = openLocalCloud(started.origin);
    return {
      ...opened,
      async close() {
        await opened.close();
        await started.close();
      },
    };
  } catch (error) {
    throw error instanceof CloudError ? new UsageError(error.message) : error;
  }
}
