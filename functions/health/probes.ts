import { defineService, reads } from '../../shared/define/service.ts';
import { bucketName } from '../../shared/platform/object-store.ts';
import type { Platform } from '../../shared/platform/platform.ts';
import { artifactsBucket } from '../../shared/resources/buckets.ts';
import { cacheCollection } from '../../shared/resources/collections.ts';
import { testSuite } from '../../shared/resources/queues.ts';
import { apiKeySecret } from '../../shared/resources/secrets.ts';
import { testEvents } from '../../shared/resources/topics.ts';
import type { Probes } from './handler.ts';

const TIMEOUT_MS = 5000;

/** Asks each dependency something that it answers without side effects. */
export const probes = defineService(
  [reads(cacheCollection), reads(artifactsBucket), reads(testSuite), reads(testEvents), reads(apiKeySecret)],
  (platform): Probes => ({
    async check() {
      const entries = Object.entries(questions(platform)).map(
        async ([name, ask]) => [name, await timed(platform, ask)] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    },
  }),
);

function questions({ clients, config }: Platform): Record<string, () => Promise<unknown>> {
  return {
    firestore: async () => (await clients.firestore()).collection(cacheCollection.name).doc('health').get(),
    // Not by looking at the bucket itself, which those who read and write its objects may not do.
    storage: async () =>
      (await clients.storage())
        .bucket(bucketName(config, artifactsBucket))
        .getFiles({ maxResults: 1, autoPaginate: false }),
    tasks: async () => {
      const client = await clients.tasks();
      return await client.getQueue({ name: client.queuePath(config.project, config.region, testSuite.name) });
    },
    pubsub: async () => there(await (await clients.pubsub()).topic(testEvents.name).exists()),
    secretManager: async () =>
      (await clients.secretManager()).getSecret({ name: `projects/${config.project}/secrets/${apiKeySecret.name}` }),
  };
}

function there([exists]: readonly unknown[]): void {
  if (!exists) throw new Error('it does not exist');
}

async function timed({ clock }: Platform, ask: () => Promise<unknown>) {
  const startedAt = clock.now();
  const late = clock.sleep(TIMEOUT_MS).then(() => Promise.reject(new Error('no answer in time')));
  try {
    await Promise.race([ask(), late]);
    return { ok: true, latencyMs: clock.now() - startedAt };
  } catch (error) {
    return { ok: false, latencyMs: clock.now() - startedAt, error: error instanceof Error ? error.name : 'error' };
  } finally {
    late.catch(() => undefined);
  }
}
