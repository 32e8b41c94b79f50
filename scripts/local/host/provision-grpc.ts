import { status } from '@grpc/grpc-js';
import type { Queue } from '../../../shared/define/resources.ts';
import type { Trigger } from '../../../shared/define/trigger.ts';
import { firstSecret } from '../../deploy/first-secret.ts';
import { toWireTime } from '../plumbing/wire-time.ts';
import { type CallMethod, unless } from './in-process.ts';
import type { Provisioning } from './provision.ts';

/**
 * Queues with their declared rates. A queue sends no more tasks at a time than its function has places here, so that
 * on a small machine tasks wait in the queue instead of failing at the function's door.
 */
export async function provisionQueues({ project, region, resources, functions, capacityOf, call }: Provisioning) {
  for (const queue of resources.queues) {
    const places = functions.flatMap((fn) => placesFor(queue, fn.trigger, capacityOf(fn)));
    await call('tasks', 'UpdateQueue', {
      queue: {
        name: `projects/${project}/locations/${region}/queues/${queue.name}`,
        rateLimits: {
          maxDispatchesPerSecond: queue.maxDispatchesPerSecond,
          maxConcurrentDispatches: Math.min(queue.maxConcurrentDispatches, ...places),
        },
        retryConfig: {
          maxAttempts: queue.maxAttempts,
          minBackoff: toWireTime(queue.minBackoffSeconds * 1000),
          maxBackoff: toWireTime(queue.maxBackoffSeconds * 1000),
        },
      },
      updateMask: {
        paths: ['rate_limits', 'retry_config.max_attempts', 'retry_config.min_backoff', 'retry_config.max_backoff'],
      },
    });
  }
}

/** Places of a function that a queue of its tasks has: all, or its part where there are fewer than all its queues ask for. */
function placesFor(queue: Queue, trigger: Trigger, capacity: number): number[] {
  if (trigger.kind !== 'task') return [];
  const queues = [trigger.queue, ...trigger.also];
  if (!queues.some(({ name }) => name === queue.name)) return [];
  const asked = queues.reduce((sum, { maxConcurrentDispatches }) => sum + maxConcurrentDispatches, 0);
  if (queues.length === 1 || asked <= capacity) return [capacity];
  return [Math.max(1, Math.floor((capacity * queue.maxConcurrentDispatches) / asked))];
}

/** Secrets, and a first version of those that can be generated and have none. */
export async function provisionSecrets({ project, resources, call }: Provisioning): Promise<void> {
  const parent = `projects/${project}`;
  for (const secret of resources.secrets) {
    const request = { parent, secretId: secret.name, secret: { replication: { automatic: {} } } };
    await unless([status.ALREADY_EXISTS], call('secret-manager', 'CreateSecret', request));
    const name = `${parent}/secrets/${secret.name}`;
    const { versions } = await call('secret-manager', 'ListSecretVersions', { parent: name });
    const value = firstSecret(secret);
    if (value === undefined || (versions as unknown[]).length > 0) continue;
    await call('secret-manager', 'AddSecretVersion', { parent: name, payload: { data: Buffer.from(value) } });
  }
}

/** The latest version of a secret, as text. @throws ServiceError NOT_FOUND when it has none. */
export async function readSecret(call: CallMethod, project: string, secret: string): Promise<string> {
  const name = `projects/${project}/secrets/${secret}/versions/latest`;
  const { payload } = await call('secret-manager', 'AccessSecretVersion', { name });
  return Buffer.from((payload as { data: Uint8Array }).data).toString('utf8');
}
