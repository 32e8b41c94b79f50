import assert from 'node:assert/strict';
import { FieldPath, Filter } from '@google-cloud/firestore';
import { type Behaviour, collector } from '../behaviour.ts';
import { type Clients, fill, INVALID_ARGUMENT, ids, messagesOf, refused } from './clients.ts';

/** What filters find. Nothing here needs a composite index. */
export function filters({ db, gapic, collection, root, nameOf }: Clients): readonly Behaviour[] {
  const { method, all } = collector();
  const of = async (documents: Record<string, Record<string, unknown>>) => {
    const parent = collection();
    await fill(parent, documents);
    return parent;
  };
  const numbers = () =>
    of({ a: { n: 1 }, b: { n: 2 }, c: { n: 3 }, d: { n: null }, e: { n: Number.NaN }, f: { n: 'x' }, g: {} });
  const run = (structuredQuery: object) => messagesOf(gapic.runQuery({ parent: root, structuredQuery }));
  const fieldFilter = (op: string, value: object, fieldPath = 'n') => ({
    fieldFilter: { field: { fieldPath }, op, value },
  });
  const where = (filter: object) => run({ from: [{ collectionId: 'c' }], where: filter });

  method('RunQuery', {
    'compares within the type of the operand': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.where('n', '>', 1)), ['b', 'c']);
      assert.deepEqual(await ids(parent.where('n', '>=', 2)), ['b', 'c']);
      assert.deepEqual(await ids(parent.where('n', '<', 3)), ['a', 'b']);
      assert.deepEqual(await ids(parent.where('n', '<=', 1)), ['a']);
      assert.deepEqual(await ids(parent.where('n', '>', 'a')), ['f']);
    },
    'finds equal values across integers and doubles': async () => {
      const parent = await of({ a: { n: 1 }, b: { n: -0 }, c: { n: 0 } });
      assert.deepEqual(await ids(parent.where('n', '==', 1.0)), ['a']);
      assert.deepEqual(await ids(parent.where('n', '==', 0)), ['b', 'c']);
    },
    'finds null and NaN': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.where('n', '==', null)), ['d']);
      assert.deepEqual(await ids(parent.where('n', '==', Number.NaN)), ['e']);
    },
    'finds what is not null, or not NaN': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.where('n', '!=', null)), ['e', 'a', 'b', 'c', 'f']);
      assert.deepEqual(await ids(parent.where('n', '!=', Number.NaN)), ['a', 'b', 'c', 'f']);
    },
    'finds what differs, but no null and no missing field': async () => {
      assert.deepEqual(await ids((await numbers()).where('n', '!=', 2)), ['e', 'a', 'c', 'f']);
    },
    'finds one of several values': async () => {
      assert.deepEqual(await ids((await numbers()).where('n', 'in', [3, 1, 9, 'x'])), ['a', 'c', 'f']);
    },
    'finds none of several values': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.where('n', 'not-in', [1, 'x'])), ['e', 'b', 'c']);
      assert.deepEqual(await ids(parent.where('n', 'not-in', [1, null])), []);
    },
    'finds an element of an array, and one of several': async () => {
      const parent = await of({ a: { l: [1, 2] }, b: { l: [2, { x: 1 }] }, c: { l: 2 }, d: { l: [] } });
      assert.deepEqual(await ids(parent.where('l', 'array-contains', 2)), ['a', 'b']);
      assert.deepEqual(await ids(parent.where('l', 'array-contains', { x: 1 })), ['b']);
      assert.deepEqual(await ids(parent.where('l', 'array-contains-any', [1, { x: 1 }])), ['a', 'b']);
    },
    'finds no null and no NaN among several values, nor as an element of an array': async () => {
      const parent = await numbers();
      assert.deepEqual(await ids(parent.where('n', 'in', [null, Number.NaN])), []);
      assert.deepEqual(await ids(parent.where('n', 'in', [2, null, Number.NaN])), ['b']);
      const lists = await of({ a: { l: [null] }, b: { l: [Number.NaN, 1] } });
      assert.deepEqual(await ids(lists.where('l', 'array-contains-any', [null, Number.NaN])), []);
      assert.deepEqual(await ids(lists.where('l', 'array-contains-any', [null, 1])), ['b']);
      // The client itself makes an IS_NOT_NULL of this one.
      const containsNull = fieldFilter('ARRAY_CONTAINS', { nullValue: 'NULL_VALUE' }, 'l');
      const found = (await run({ from: [{ collectionId: lists.id }], where: containsNull })) as { document?: object }[];
      assert.ok(found.length === 1 && !found[0]?.document);
    },
    'compares whole arrays and maps': async () => {
      const parent = await of({ a: { v: [1, 2] }, b: { v: [1] }, c: { v: { x: 1 } }, d: { v: { x: 1, y: 1 } } });
      assert.deepEqual(await ids(parent.where('v', '==', [1, 2])), ['a']);
      assert.deepEqual(await ids(parent.where('v', '>', [1])), ['a']);
      assert.deepEqual(await ids(parent.where('v', '==', { x: 1 })), ['c']);
    },
    'filters by fields of maps and by quoted names': async () => {
      const parent = await of({ a: { m: { 'x.y': 1 } }, b: { m: { x: { y: 1 } } } });
      assert.deepEqual(await ids(parent.where(new FieldPath('m', 'x.y'), '==', 1)), ['a']);
      assert.deepEqual(await ids(parent.where('m.x.y', '==', 1)), ['b']);
    },
    'filters by the name of documents': async () => {
      const parent = await numbers();
      const id = FieldPath.documentId();
      assert.deepEqual(await ids(parent.where(id, '>', 'c').where(id, '<=', 'e')), ['d', 'e']);
      assert.deepEqual(await ids(parent.where(id, 'in', ['g', 'a', 'none'])), ['a', 'g']);
      assert.deepEqual(await ids(parent.where(id, '==', 'b')), ['b']);
    },
    'merges filters by equality of several fields': async () => {
      const parent = await of({ a: { x: 1, y: 1, l: [1] }, b: { x: 1, y: 2, l: [1] }, c: { x: 1, y: 1, l: [2] } });
      assert.deepEqual(await ids(parent.where('x', '==', 1).where('y', '==', 1)), ['a', 'c']);
      assert.deepEqual(await ids(parent.where('x', '==', 1).where('y', '==', 1).where('l', 'array-contains', 1)), [
        'a',
      ]);
    },
    'takes a range of one field': async () => {
      assert.deepEqual(await ids((await numbers()).where('n', '>', 1).where('n', '<', 3)), ['b']);
    },
    'finds what one filter or another finds, once': async () => {
      const parent = await of({ a: { x: 1 }, b: { y: 1 }, c: { x: 1, y: 1 }, d: {} });
      assert.deepEqual(await ids(parent.where(Filter.or(Filter.where('x', '==', 1), Filter.where('y', '==', 1)))), [
        'a',
        'b',
        'c',
      ]);
    },
    'nests or in and': async () => {
      const parent = await of({ a: { x: 1, k: 1 }, b: { y: 1, k: 1 }, c: { x: 1, k: 2 } });
      const either = Filter.or(Filter.where('x', '==', 1), Filter.where('y', '==', 1));
      assert.deepEqual(await ids(parent.where(Filter.and(Filter.where('k', '==', 1), either))), ['a', 'b']);
    },
    'looks into one collection, not into those below or beside it': async () => {
      const parent = await of({ a: { n: 1 } });
      await parent.doc('a').collection(parent.id).doc('deep').set({ n: 1 });
      assert.deepEqual(await ids(parent.where('n', '==', 1)), ['a']);
      assert.deepEqual(await ids(parent.doc('a').collection(parent.id)), ['deep']);
    },
    'looks into all collections of a group, and into those below a document': async () => {
      const parent = await of({ a: {} });
      const group = `${parent.id}-group`;
      await parent.doc('a').collection(group).doc('x').set({});
      await parent.doc('b/deeper/c').collection(group).doc('y').set({});
      assert.deepEqual(await ids(db.collectionGroup(group)), ['x', 'y']);
      const from = [{ collectionId: group, allDescendants: true }];
      const below = await messagesOf<{ document?: object | null }>(
        gapic.runQuery({ parent: nameOf(parent.doc('b').path), structuredQuery: { from } }),
      );
      assert.equal(below.filter((message) => message.document).length, 1);
    },
    'answers with a read time when it finds nothing': async () => {
      const snapshot = await collection().where('n', '==', 1).get();
      assert.ok(snapshot.empty && snapshot.readTime.toMillis() > 0);
    },
    'refuses no collection, and more than one': async () => {
      await refused(run({ from: [] }), INVALID_ARGUMENT, /collection/);
      await refused(run({ from: [{ collectionId: 'a' }, { collectionId: 'b' }] }), INVALID_ARGUMENT, /collection/);
    },
    'refuses a request without a query': async () => {
      await refused(messagesOf(gapic.runQuery({ parent: root })), INVALID_ARGUMENT, /query/);
    },
    'refuses a collection as parent': async () => {
      const structuredQuery = { from: [{ collectionId: 'a' }] };
      await refused(
        messagesOf(gapic.runQuery({ parent: nameOf('c'), structuredQuery })),
        INVALID_ARGUMENT,
        /collection|parent/i,
      );
    },
    'refuses a filter without an operator, a field or a value': async () => {
      const value = { integerValue: 1 };
      await refused(where(fieldFilter('OPERATOR_UNSPECIFIED', value)), INVALID_ARGUMENT, /operator/);
      await refused(where(fieldFilter('EQUAL', value, '')), INVALID_ARGUMENT, /path/i);
      await refused(where({ fieldFilter: { field: { fieldPath: 'n' }, op: 'EQUAL' } }), INVALID_ARGUMENT, /value/);
      await refused(where({ compositeFilter: { op: 'AND', filters: [] } }), INVALID_ARGUMENT, /filter/);
    },
    'refuses lists that are empty, too long or no lists': async () => {
      const list = (n: number) => ({
        arrayValue: { values: Array.from({ length: n }, (_, i) => ({ integerValue: i })) },
      });
      await refused(where(fieldFilter('IN', list(0))), INVALID_ARGUMENT, /non-empty/);
      await refused(where(fieldFilter('IN', { integerValue: 1 })), INVALID_ARGUMENT, /ArrayValue/);
      await refused(where(fieldFilter('IN', list(31))), INVALID_ARGUMENT, /30/);
      await refused(where(fieldFilter('ARRAY_CONTAINS_ANY', list(31))), INVALID_ARGUMENT, /30/);
      await refused(where(fieldFilter('NOT_IN', list(11))), INVALID_ARGUMENT, /10/);
    },
    'refuses more than 30 alternatives': async () => {
      const list = (n: number) => Array.from({ length: n }, (_, i) => i);
      const query = collection().where('x', 'in', list(6)).where('y', 'in', list(6));
      await refused(query.get(), INVALID_ARGUMENT, /30 disjunctions/);
    },
    'refuses two filters for elements of arrays together': async () => {
      const query = collection().where('l', 'array-contains', 1).where('m', 'array-contains', 2);
      await refused(query.get(), INVALID_ARGUMENT, /ARRAY_CONTAINS/);
    },
    'refuses not-in together with in, != or another not-in': async () => {
      const query = collection().where('n', 'not-in', [1]);
      await refused(query.where('m', 'in', [1]).get(), INVALID_ARGUMENT, /NOT_IN/);
      await refused(query.where('m', '!=', 1).get(), INVALID_ARGUMENT, /NOT_IN|NOT_EQUAL/);
      await refused(query.where('m', 'not-in', [1]).get(), INVALID_ARGUMENT, /NOT_IN/);
    },
    'refuses inequalities of more than 10 fields': async () => {
      let query = collection().where('f0', '>', 0);
      for (let i = 1; i <= 10; i += 1) query = query.where(`f${i}`, '>', 0);
      await refused(query.get(), INVALID_ARGUMENT, /10/);
    },
    'refuses more than 100 filters and orders': async () => {
      let query = collection().where('f', '==', 0);
      for (let i = 0; i < 100; i += 1) query = query.where(`f${i}`, '==', 0);
      await refused(query.get(), INVALID_ARGUMENT, /100/);
    },
    'refuses to compare the name with anything but a document of the database': async () => {
      await refused(
        where(fieldFilter('EQUAL', { stringValue: 'a' }, '__name__')),
        INVALID_ARGUMENT,
        /__name__|reference/i,
      );
      const elsewhere = { referenceValue: `${root.replace('(default)', 'other')}/c/d` };
      await refused(where(fieldFilter('EQUAL', elsewhere, '__name__')), INVALID_ARGUMENT, /database/);
    },
  });
  return all;
}
