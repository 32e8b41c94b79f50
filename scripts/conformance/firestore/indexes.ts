import type { CompositeIndex } from '../../local/firestore/indexes.ts';

/** The collections that are searched for vectors, below a document of each behaviour's own. */
export const VECTORS = 'conformance-vectors';

/** The indexes that the behaviours need: the local cloud has them, Google Cloud must be given them first. */
export const conformanceIndexes: readonly CompositeIndex[] = [
  { collection: VECTORS, fields: [{ field: 'v', dimension: 2 }] },
  {
    collection: VECTORS,
    fields: [
      { field: 'kind', order: 'asc' },
      { field: 'v', dimension: 2 },
    ],
  },
];
