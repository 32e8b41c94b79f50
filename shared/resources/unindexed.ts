import type { Collection } from '../define/resources.ts';
import {
  apiKeysCollection,
  checkpointsCollection,
  deliveriesCollection,
  environmentsCollection,
  libraryCollection,
  rememberedCollection,
  runLogCollection,
  runsCollection,
  schedulesCollection,
  sessionsCollection,
  subscribersCollection,
  testsCollection,
  triggersCollection,
} from './collections.ts';

/**
 * Fields that Firestore is not to index. Every field has an index of its own unless it is exempt; of large values that
 * nobody filters by they are written and paid for in vain, and an indexed value has 1500 bytes at most.
 */
export interface Unindexed {
  readonly collection: Collection;
  readonly fields: readonly string[];
}

export const unindexed: readonly Unindexed[] = [
  { collection: testsCollection, fields: ['definition', 'diagnostics'] },
  { collection: libraryCollection, fields: ['steps', 'parameters'] },
  { collection: runsCollection, fields: ['definitions', 'report'] },
  { collection: schedulesCollection, fields: ['run'] },
  { collection: triggersCollection, fields: ['run', 'match'] },
  { collection: runLogCollection, fields: ['events'] },
  { collection: sessionsCollection, fields: ['row', 'variables'] },
  { collection: checkpointsCollection, fields: ['steps', 'results'] },
  { collection: environmentsCollection, fields: ['variables', 'secrets', 'files'] },
  { collection: rememberedCollection, fields: ['fingerprints'] },
  { collection: deliveriesCollection, fields: ['body', 'attempts'] },
  { collection: subscribersCollection, fields: ['subscribers'] },
  { collection: apiKeysCollection, fields: ['scopes'] },
];
