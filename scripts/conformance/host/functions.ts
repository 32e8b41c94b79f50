import { contract } from '../../../schemas/contract.ts';
import { Type } from '../../../schemas/type.ts';
import { defineFunction } from '../../../shared/define/function.ts';
import { defineBucket, defineCollection, defineQueue, defineTopic } from '../../../shared/define/resources.ts';
import { http, onDocument, onObject, onSchedule, onTopic, task } from '../../../shared/define/trigger.ts';
import { route } from '../../../shared/http/route.ts';

const description = 'For the behaviours of the host.';
const things = defineCollection({ name: 'things', description });
const files = defineBucket({ name: 'files', description, lifecycle: [] });
const versions = defineBucket({ name: 'versions', description, lifecycle: [], versioning: true });
const events = defineTopic({ name: 'events', description });
const deadLetters = defineTopic({ name: 'dead-letters', description });
const work = defineQueue({ name: 'work', description, minBackoffSeconds: 1, maxBackoffSeconds: 1 });

const retry = { count: 2, minBackoffSeconds: 30, maxBackoffSeconds: 60, maxDoublings: 1 } as const;

const declare = (name: string, trigger: Parameters<typeof defineFunction>[0]['trigger'], limits = {}) =>
  defineFunction({ name, summary: description, services: {}, trigger, ...limits });
const at = (path: string) =>
  route({ method: 'GET', path, summary: '', access: 'public', answers: {}, handle: async () => ({ status: 200 }) });

/** Functions of every trigger, and of limits that can be reached. */
export const functions = [
  declare('web', http([at('/v1/things'), at('/v1/things/:id')])),
  declare('special', http([at('/v1/things/special')])),
  declare('narrow', http([]), { concurrency: 2, maxInstances: 2 }),
  declare('single', http([]), { concurrency: 1, maxInstances: 1 }),
  declare('hasty', http([]), { timeoutSeconds: 1, minInstances: 1, maxInstances: 1 }),
  declare('warm', http([]), { minInstances: 1 }),
  declare('worker', task(work, contract('anything', Type.Unknown())), { concurrency: 1, maxInstances: 1 }),
  declare('on-message', onTopic(events, ['thing.made', 'thing.lost'])),
  ...(['created', 'updated', 'deleted', 'written'] as const).map((change) =>
    declare(`on-${change}`, onDocument(things, change)),
  ),
  ...(['finalized', 'deleted', 'metadataUpdated'] as const).map((event) =>
    declare(`on-object-${event.toLowerCase()}`, onObject(files, event)),
  ),
  declare('on-object-archived', onObject(versions, 'archived')),
  declare('on-version-deleted', onObject(versions, 'deleted')),
  declare('hourly', onSchedule('0 * * * *', 'Etc/UTC', retry)),
  declare('at-noon', onSchedule('0 12 * * *', 'Asia/Kolkata')),
];

/** What the functions are triggered by. */
export const resources = {
  ...{ topics: [events, deadLetters], pullSubscriptions: [], queues: [work], buckets: [files, versions] },
  ...{ collections: [things], indexes: [], dataset: 'none', tables: [], views: [], scheduledQueries: [] },
};
