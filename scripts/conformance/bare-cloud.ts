import { apiKeySecret } from '../../shared/resources/secrets.ts';
import { type CloudOptions, type LocalCloud, startCloud } from '../local/cloud.ts';

/** Starts a local cloud without functions and resources: the services alone, as official clients find them. */
export function startBareCloud(options: Omit<CloudOptions, 'functions' | 'resources'> = {}): Promise<LocalCloud> {
  return startCloud({
    ...options,
    functions: [],
    resources: {
      ...{ topics: [], pullSubscriptions: [], queues: [], buckets: [], collections: [], indexes: [], tables: [] },
      ...{ views: [], scheduledQueries: [] },
      secrets: [apiKeySecret],
      dataset: 'none',
    },
  });
}
