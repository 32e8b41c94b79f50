import assert from 'node:assert/strict';
import { FieldValue, type Query, type VectorQueryOptions } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, FAILED_PRECONDITION, fill, INVALID_ARGUMENT, messagesOf, refused } from './clients.ts';
import { VECTORS } from './indexes.ts';

type Options = Partial<VectorQueryOptions>;
const vector = FieldValue.vector;

/** Searches for the nearest vectors. They need the indexes of `indexes.ts`. */
export function nearest({ gapic, collection, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const some = async () => {
    const parent = collection().doc('one').collection(VECTORS);
    await fill(parent, {
      a: { kind: 'x', v: vector([1, 1]) },
      b: { kind: 'x', v: vector([10, 0]) },
      c: { kind: 'y', v: vector([9, 10]) },
      d: { kind: 'x', v: vector([100, 100]) },
    });
    return parent;
  };
  const search = (query: Query, options: Options = {}) =>
    query.findNearest({
      ...{ vectorField: 'v', queryVector: [10, 10], limit: 10, distanceMeasure: 'EUCLIDEAN' },
      ...options,
    });
  const found = async (query: Query, options: Options = {}) =>
    (await search(query, options).get()).docs.map((document) => document.id);
  const distances = async (query: Query, options: Options) =>
    (await search(query, { ...options, distanceResultField: 'distance' }).get()).docs.map((document) => [
      document.id,
      document.get('distance'),
    ]);

  method('RunQuery', {
    'finds the nearest vectors by Euclidean distance, the nearest first': async () => {
      assert.deepEqual(await found(await some(), { limit: 3 }), ['c', 'b', 'a']);
    },
    'finds the nearest vectors by the cosine of their angle': async () => {
      const ids = await found(await some(), { distanceMeasure: 'COSINE', queryVector: [2, 0] });
      assert.equal(ids[0], 'b');
      assert.deepEqual(ids.slice(1).sort(), ['a', 'c', 'd']);
    },
    'finds the vectors of the largest dot product first': async () => {
      assert.deepEqual(await found(await some(), { distanceMeasure: 'DOT_PRODUCT' }), ['d', 'c', 'b', 'a']);
    },
    'passes over what is no vector, and vectors of other dimensions': async () => {
      const parent = await some();
      await fill(parent, { e: { v: [10, 10] }, f: { v: null }, g: { n: 1 }, h: { v: vector([10, 10, 10]) } });
      assert.deepEqual(await found(parent), ['c', 'b', 'a', 'd']);
    },
    'searches only what a filter leaves': async () => {
      assert.deepEqual(await found((await some()).where('kind', '==', 'x')), ['b', 'a', 'd']);
    },
    'adds the distance to what it answers, over a field of that name': async () => {
      const parent = await some();
      await fill(parent, { c: { v: vector([7, 6]), distance: 'far' } });
      const [first] = await distances(parent, { limit: 1 });
      assert.deepEqual(first, ['c', 5]);
      assert.equal((await parent.doc('c').get()).get('distance'), 'far');
    },
    'gives the distance by each measure': async () => {
      const parent = collection().doc('one').collection(VECTORS);
      await fill(parent, { a: { v: vector([1, 0]) }, b: { v: vector([0, -3]) }, c: { v: vector([-1, 0]) } });
      const of = (distanceMeasure: VectorQueryOptions['distanceMeasure']) =>
        distances(parent, { distanceMeasure, queryVector: [1, 0] });
      assert.deepEqual((await of('COSINE')).map(String), ['a,0', 'b,1', 'c,2']);
      assert.deepEqual((await of('DOT_PRODUCT')).map(String), ['a,1', 'b,0', 'c,-1']);
      assert.deepEqual((await of('EUCLIDEAN')).map(String), ['a,0', 'c,2', `b,${Math.sqrt(10)}`]);
    },
    'answers only the fields that are selected, the distance among them': async () => {
      const parent = await some();
      const [one] = (await search(parent.select('kind'), { limit: 1, distanceResultField: 'distance' }).get()).docs;
      assert.deepEqual(one?.data(), { kind: 'y' });
      const both = search(parent.select('kind', 'distance'), { limit: 1, distanceResultField: 'distance' });
      assert.deepEqual((await both.get()).docs[0]?.data(), { kind: 'y', distance: 1 });
    },
    'leaves out what is farther than a threshold': async () => {
      const parent = await some();
      assert.deepEqual(await found(parent, { distanceThreshold: 10 }), ['c', 'b']);
      const dot: Options = { distanceMeasure: 'DOT_PRODUCT', distanceThreshold: 190 };
      assert.deepEqual(await found(parent, dot), ['d', 'c']);
    },
    'plans a search for vectors with their index': async () => {
      // The types of the client leave out that it has the method.
      const query = search((await some()).where('kind', '==', 'x')) as unknown as Pick<Query, 'explain'>;
      const { metrics } = await query.explain();
      const [index] = metrics.planSummary.indexesUsed;
      assert.match(String(index?.properties), /kind ASC.*v VECTOR<2>/);
    },
    'refuses a search for vectors without an index of as many dimensions': async () => {
      const parent = await some();
      const refusedFor = (query: Query, options: Options) =>
        refused(search(query, options).get(), FAILED_PRECONDITION, /Missing vector index configuration/);
      await refusedFor(parent, { queryVector: [1, 2, 3] });
      await refusedFor(parent, { vectorField: 'other' });
      await refusedFor(parent.where('tag', '==', 'x'), {});
    },
    'refuses a search without a measure, a vector, or a limit of 1 to 1000': async () => {
      const values = [10, 10].map((doubleValue) => ({ doubleValue }));
      const queryVector = {
        mapValue: { fields: { __type__: { stringValue: '__vector__' }, value: { arrayValue: { values } } } },
      };
      const right = { vectorField: { fieldPath: 'v' }, queryVector, distanceMeasure: 'COSINE', limit: { value: 3 } };
      const run = (wrong: object) =>
        messagesOf(
          gapic.runQuery({
            parent: nameOf('c/one'),
            structuredQuery: { from: [{ collectionId: VECTORS }], findNearest: { ...right, ...wrong } as never },
          }),
        );
      await run({});
      await refused(run({ distanceMeasure: 0 }), INVALID_ARGUMENT, /measure/i);
      await refused(run({ queryVector: { arrayValue: { values } } }), INVALID_ARGUMENT, /vector/i);
      await refused(run({ limit: { value: 1001 } }), INVALID_ARGUMENT, /limit|1000/i);
      await refused(run({ limit: null }), INVALID_ARGUMENT, /limit/i);
    },
  });
  return all;
}
